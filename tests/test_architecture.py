"""The rooms keep to their doors: imports point down, the core needs no desktop, nothing grows without a reason."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "desktop"
PACKAGE = SOURCE / "whimbrel"
FILES = sorted(PACKAGE.rglob("*.py"))
DOAP = SOURCE.parent / "resources" / "whimbrel.doap"
RELATIVE = [str(path.relative_to(PACKAGE)) for path in FILES]

# Which rooms a room may import, beside itself. app, composition and cli compose: app all, composition what is below ui.
MAY_IMPORT = {
    "model": set(),
    "storage": {"model"},
    "xmpp": {"model"},
    "platform": {"model"},
    "core": {"model", "storage"},
    "features": {"model", "storage", "xmpp", "core"},
    "ui": {"model", "storage", "core", "platform"},
    "composition": {"model", "storage", "xmpp", "platform", "core", "features"},
    "app": {"model", "storage", "xmpp", "platform", "core", "features", "ui", "composition", "cli"},
    "cli": {"app", "model"},
    "": set(),  # whimbrel/__init__.py
}
BELOW_UI = ("model", "storage", "xmpp", "core", "features", "composition")
QT = {"PySide6", "shiboken6", "qasync"}
MAY_QT = {"ui", "platform", "app", "cli"}

NOT_IMPLEMENTED = {"0442"}
"""Named where something is refused or an attack is met; not what the program offers."""

MOST_LINES = {"file": 500, "function": 60, "class": 300}
LARGER: dict[str, str] = {}
"""What is larger, as ``file`` or ``file:name``, and why. May only shrink."""


def _room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, wherever in it, with the line."""
    package = ["whimbrel", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module, node.lineno
            yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)


def _typing_only_lines(path: Path) -> set[int]:
    """Lines under ``if TYPE_CHECKING``: nothing is imported there when the program runs."""
    lines: set[int] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for statement in node.body:
                lines.update(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return lines


@pytest.mark.parametrize("path", FILES, ids=RELATIVE)
def test_imports_point_down(path: Path) -> None:
    room = _room(path)
    assert room in MAY_IMPORT, f"a new room {room}: say here what it may import"
    wrong = []
    for module, line in _imports(path):
        parts = module.split(".")
        if parts[0] != "whimbrel" or len(parts) < 2 or not _is_room(parts[1]):
            continue
        if parts[1] != room and parts[1] not in MAY_IMPORT[room]:
            wrong.append(f"line {line}: {room} imports {module}")
        own_feature = path.relative_to(PACKAGE).parts[1] if room == "features" else ""
        if room == "features" and parts[1] == "features" and len(parts) > 2 and parts[2] != own_feature:
            wrong.append(f"line {line}: a feature imports another, {module}")
        if room == "ui" and parts[-1] == "wire":
            wrong.append(f"line {line}: ui imports {module}")
    assert not wrong, "\n".join(wrong)


def _is_room(name: str) -> bool:
    return (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()


@pytest.mark.parametrize("path", FILES, ids=RELATIVE)
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    room, parts = _room(path), path.relative_to(PACKAGE).parts
    may_slixmpp = room == "xmpp" or (room == "features" and parts[-1] == "wire.py")
    typing_only = _typing_only_lines(path)
    wrong = []
    for module, line in _imports(path):
        library = module.split(".")[0]
        if library == "slixmpp" and not may_slixmpp:
            wrong.append(f"line {line}: slixmpp outside xmpp/ and features/*/wire.py")
        if library in QT and room not in MAY_QT:
            wrong.append(f"line {line}: {library} in {room}")
        if library in QT and room == "cli" and line not in typing_only and _is_top_level(path, line):
            wrong.append(f"line {line}: Qt loads before the arguments are checked")
        if library in {"sqlite3", "sqlcipher3"} and room != "storage":
            wrong.append(f"line {line}: SQL outside storage")
        if library == "asyncio" and room in {"model", "storage"}:
            wrong.append(f"line {line}: {room} is synchronous")
    assert not wrong, "\n".join(wrong)


def _is_top_level(path: Path, line: int) -> bool:
    return any(node.lineno == line for node in _tree(path).body)


def test_everything_below_the_interface_runs_without_qt() -> None:
    modules = [
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        for path in FILES
        if _room(path) in BELOW_UI
    ]
    code = (
        "import sys, importlib\n"
        f"for name in {sorted(QT)!r}: sys.modules[name] = None\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def test_nothing_slow_loads_before_the_first_paint() -> None:
    slow = ("asyncio", "slixmpp", "keyring", "sqlcipher3", "cryptography", "qasync", "jeepney", "PySide6.QtNetwork")
    code = f"import sys, whimbrel.app\nprint([name for name in {slow!r} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (result.stdout, result.stderr) == ("[]\n", "")


def _sizes() -> Iterator[tuple[str, str, int]]:
    for path, name in zip(FILES, RELATIVE, strict=True):
        yield "file", name, len(path.read_text("utf-8").splitlines())
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                kind = "class" if isinstance(node, ast.ClassDef) else "function"
                yield kind, f"{name}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_the_doap_file_lists_what_the_code_implements() -> None:
    listed = {
        element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource", "")[-9:-5]
        for element in ET.parse(DOAP).iter("{https://linkmauve.fr/ns/xmpp-doap#}xep")
    }
    named = {xep for path in FILES for xep in re.findall(r"XEP-(\d{4})", path.read_text("utf-8"))}
    assert listed == named - NOT_IMPLEMENTED


def test_nothing_is_too_large() -> None:
    too_large = {name: f"{kind} of {lines} lines" for kind, name, lines in _sizes() if lines > MOST_LINES[kind]}
    new = {name: size for name, size in too_large.items() if name not in LARGER}
    assert not new, "split these, or give a reason in LARGER"
    assert set(LARGER) == set(too_large), "these are small enough now; take them off the list"


def test_no_room_is_a_drawer_for_everything() -> None:
    assert not [name for name in RELATIVE if Path(name).stem in {"utils", "util", "helpers", "misc", "common"}]


def test_test_modules_have_names_of_their_own() -> None:
    """The same stem twice makes a report ambiguous."""
    stems = [path.stem for path in Path(__file__).parent.rglob("test_*.py") if "node_modules" not in path.parts]
    assert sorted(stems) == sorted(set(stems))
