"""The wheel and the sdist: what is in them, and that an empty environment far from this tree is enough to run."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import tarfile
import threading
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from whimbrel import __version__

pytestmark = pytest.mark.package

ROOT = Path(__file__).resolve().parents[2]

_SHOW_START_PAGE = """
import sys
from PySide6.QtWidgets import QAbstractButton, QApplication
from whimbrel import app, cli
load = app.Application.load

async def load_and_tell(self):
    await load(self)
    buttons = [b.text() for b in self.window.findChildren(QAbstractButton) if b.isVisible()]
    sys.stdout.write(app.__file__ + "\\n" + "|".join(buttons) + "\\n")
    sys.stdout.flush()

app.Application.load = load_and_tell
sys.exit(app.run(cli.parse(sys.argv[1:])))
"""


def _build(folder: Path, *what: str) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", *what, "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and with the wheel that was built from the sdist."""
    folder = tmp_path_factory.mktemp("built")
    _build(folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return built / f"whimbrel-{__version__}-py3-none-any.whl"


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and with what it requires, directly or not, and with nothing else."""
    folder = tmp_path_factory.mktemp("elsewhere") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=60)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True, timeout=60)
    (site,) = folder.glob("lib/python*/site-packages")
    _link_requirements(wheel, site)
    return folder


def _link_requirements(wheel: Path, site: Path) -> None:
    """What the wheel's own metadata asks for, linked from this environment instead of fetched."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"whimbrel-{__version__}.dist-info/METADATA").decode("utf-8")
    waiting = [Requirement(line) for line in Parser().parsestr(metadata).get_all("Requires-Dist", [])]
    done: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in done or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        done.add(name)
        distribution = importlib.metadata.distribution(requirement.name)
        assert distribution.version in requirement.specifier, requirement
        for top in {Path(file).parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(distribution.locate_file(top))))
        waiting.extend(Requirement(line) for line in distribution.requires or ())


def _environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.defpath, "LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}


def test_what_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    info = f"whimbrel-{__version__}.dist-info/"
    assert info + "licenses/LICENSE" in names
    assert {name.split("/")[0] for name in names} == {"whimbrel", info.rstrip("/")}, "no tests, nothing of packaging"
    assert not [name for name in names if name.endswith((".pyc", ".ts")) or "__pycache__" in name]

    in_tree = {path.relative_to(ROOT) for path in (ROOT / "resources").rglob("*") if path.is_file()}
    wanted = {path for path in in_tree if path.suffix != ".ts" and "screenshots" not in path.parts}
    assert {f"whimbrel/{path.as_posix()}" for path in wanted} <= names
    for folder in ("icons", "themes", "sounds", "emoji", "translations"):
        assert any(path.parts[1] == folder for path in wanted), folder
    scripts = (ROOT / "desktop" / "whimbrel" / "storage" / "migrations").glob("*.sql")
    assert {f"whimbrel/storage/migrations/{path.name}" for path in scripts} <= names


def test_the_sdist_makes_the_same_wheel_as_the_tree(built: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(built / f"whimbrel-{__version__}.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", "packaging/run", "tests/conftest.py"} <= names
    assert not [name for name in names if "node_modules" in name or name.endswith(".pyc")]

    _build(tmp_path, "--wheel")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(tmp_path / wheel.name) as other:
        assert {item.filename: item.CRC for item in one.infolist()} == {
            item.filename: item.CRC for item in other.infolist()
        }


def test_it_runs_far_from_the_tree_and_ends_properly(installed: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environment = _environment(home)
    told = subprocess.run(
        [installed / "bin" / "whimbrel", "--version"],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert told.stdout.strip() == f"Whimbrel {__version__}", told.stderr

    command = [installed / "bin" / "python", "-c", _SHOW_START_PAGE]
    with subprocess.Popen(command, cwd=home, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        too_long = threading.Timer(60, process.kill)
        too_long.start()
        module, buttons = process.stdout.readline().strip(), process.stdout.readline().strip().split("|")
        process.terminate()
        assert process.wait(20) == 0
        too_long.cancel()
    assert Path(module).is_relative_to(installed)
    assert {"Sign in", "Create an account"} <= set(buttons)
    assert list(home.rglob("history.db")), "the profile is made where the system keeps such things"
    (log,) = home.rglob("whimbrel.log")
    assert not [line for line in log.read_text("utf-8").splitlines() if " ERROR " in line or "Traceback" in line]
