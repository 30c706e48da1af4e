"""What the recipes of the packages, the desktop's files and the program say of one another: it is one and the same."""

from __future__ import annotations

import ast
import configparser
import plistlib
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

from whimbrel import __version__
from whimbrel.platform.secrets import SERVICE

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SPEC = PACKAGING / "pyinstaller" / "whimbrel.spec"
INSTALLER = PACKAGING / "windows" / "whimbrel.iss"


def _literal(file: Path, name: str) -> Any:
    """The value that is given to a name at the top of a Python file, read without running it."""
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise AssertionError(f"{file.name} has no {name}")


ID = str(_literal(ROOT / "desktop" / "whimbrel" / "app.py", "APPLICATION_ID"))
MANIFEST = PACKAGING / "flatpak" / f"{ID}.yaml"


@cache
def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@cache
def _desktop_file() -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # its keys have capitals
    parser.read(PACKAGING / "linux" / f"{ID}.desktop", "utf-8")
    return parser["Desktop Entry"]


@cache
def _metainfo() -> ET.Element:
    return ET.parse(PACKAGING / "linux" / f"{ID}.metainfo.xml").getroot()


@cache
def _yaml(file: Path) -> Any:
    return YAML(typ="safe", pure=True).load(file.read_text("utf-8"))


@cache
def _info_plist() -> dict[str, Any]:
    """What the bundle for macOS tells of itself; names of constants stand for their values."""
    for node in ast.walk(ast.parse(SPEC.read_text("utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "info_plist":
            return dict(ast.literal_eval(node.value))
    raise AssertionError("the spec has no info_plist")


def _installer_section(name: str) -> list[str]:
    """The lines of a section of the Inno Setup script, with its defined names put in."""
    text = INSTALLER.read_text("utf-8")
    for key, value in re.findall(r'^#define (\w+) "(.*)"$', text, re.MULTILINE):
        text = text.replace(f"{{#{key}}}", value)
    (section,) = re.findall(rf"^\[{name}\]\n(.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
    return [line for line in section.splitlines() if line and not line.startswith(";")]


def _installer_setup() -> dict[str, str]:
    return dict(line.split("=", 1) for line in _installer_section("Setup"))


def _translations() -> set[str]:
    """Languages of people: what is for testing only is not named after one."""
    names = {path.stem.removeprefix("whimbrel_") for path in (ROOT / "resources" / "translations").glob("*.ts")}
    return {name for name in names if re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", name)}


def test_one_id_everywhere() -> None:
    platform = ROOT / "desktop" / "whimbrel" / "platform"
    assert ID == SERVICE, "the keyring"
    assert _literal(platform / "autostart.py", "_ID") == ID
    assert _literal(platform / "notification_service.py", "_DESKTOP_ENTRY") == ID
    assert (_desktop_file()["Icon"], _desktop_file()["StartupWMClass"]) == (ID, ID)
    assert _metainfo().findtext("id") == ID
    assert _metainfo().findtext("launchable") == f"{ID}.desktop"
    assert _yaml(MANIFEST)["id"] == ID
    assert _literal(SPEC, "APPLICATION_ID") == ID
    assert _installer_setup()["AppId"] == ID
    assert all(f'AppUserModelID: "{ID}"' in line for line in _installer_section("Icons"))
    (autostart,) = (line for line in _installer_section("Registry") if "CurrentVersion\\Run" in line)
    assert f'ValueName: "{ID}"' in autostart, "as platform/autostart.py writes it"


def test_one_name_for_the_command() -> None:
    command = next(iter(_project()["project"]["gui-scripts"]))
    assert _desktop_file()["Exec"].split()[0] == command
    assert _metainfo().findtext("provides/binary") == command
    assert _yaml(MANIFEST)["command"] == command
    assert any(line.startswith(f'Filename: "{{app}}\\{command}.exe"') for line in _installer_section("Run"))


def test_every_package_opens_links() -> None:
    assert "x-scheme-handler/xmpp" in _desktop_file()["MimeType"].split(";")
    assert "%u" in _desktop_file()["Exec"].split()
    assert [kind["CFBundleURLSchemes"] for kind in _info_plist()["CFBundleURLTypes"]] == [["xmpp"]]
    registry = "\n".join(_installer_section("Registry"))
    assert f'URLAssociations"; ValueType: string; ValueName: "xmpp"; ValueData: "{ID}.xmpp"' in registry
    assert f'"Software\\Classes\\{ID}.xmpp\\shell\\open\\command"' in registry


def test_one_version_and_one_home() -> None:
    newest = _metainfo().find("releases/release")
    assert newest is not None
    assert newest.get("version") == __version__
    home = _metainfo().findtext("url[@type='homepage']")
    assert home
    assert _project()["project"]["urls"]["Homepage"] == home
    assert _installer_setup()["AppPublisherURL"] == home
    assert _metainfo().findtext("project_license") == _project()["project"]["license"]


def test_every_package_speaks_every_language() -> None:
    languages = _translations()
    assert "zh_CN" in languages
    everywhere = {"en", *languages}
    assert {re.findall(r'Name: "(\w+)"', line)[0] for line in _installer_section("Languages")} == everywhere
    assert set(_info_plist()["CFBundleLocalizations"]) == everywhere
    for language in languages:
        assert f"Comment[{language}]" in _desktop_file()
        assert _metainfo().find(f"summary[@{{http://www.w3.org/XML/1998/namespace}}lang='{language}']") is not None


def test_the_flatpak_sees_only_what_it_has_to() -> None:
    allowed = {argument.partition("=")[0] for argument in _yaml(MANIFEST)["finish-args"]}
    assert allowed == {"--share", "--socket", "--device", "--talk-name"}, "no files, no names of its own"
    assert "--socket=x11" not in _yaml(MANIFEST)["finish-args"]
    assert "--talk-name=org.freedesktop.secrets" in _yaml(MANIFEST)["finish-args"]
    for module in _yaml(MANIFEST)["modules"]:
        for source in module["sources"]:
            assert source["type"] == "dir", "nothing is fetched while it is built"


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-build.lock"])
def test_what_packages_are_built_of_is_pinned(name: str) -> None:
    text = (PACKAGING / name).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    pins = {}
    for entry in entries:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
        requirement = Requirement(entry.split(" \\")[0])
        pins[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    wanted = (
        _project()["project"]["dependencies"]
        if name == "requirements.lock"
        else _project()["dependency-groups"]["build"]
    )
    for requirement in map(Requirement, wanted):
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier, "run packaging/lock"


def test_the_installer_names_only_what_the_build_makes() -> None:
    build = (PACKAGING / "windows" / "build.ps1").read_text("utf-8")
    folder = re.findall(r"^\$built = '(.+)'$", build, re.MULTILINE)[0]
    made = {f"{folder}\\whimbrel\\*", f"{folder}\\whimbrel.ico"}
    assert "$built\\whimbrel.ico" in build
    assert "--distpath $built" in build
    sources = [re.findall(r'Source: "(.+?)"', line)[0] for line in _installer_section("Files")]
    for source in (*sources, _installer_setup()["SetupIconFile"], _installer_setup()["LicenseFile"]):
        place = source.removeprefix("..\\..\\")
        assert place in made or (ROOT / place.replace("\\", "/")).is_file(), source
    assert not re.search(r"^\[UninstallDelete\]", INSTALLER.read_text("utf-8"), re.MULTILINE), "history stays"


def test_property_lists_can_be_read() -> None:
    entitlements = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert all(value is True for value in entitlements.values())
    assert "entitlements.plist" in (PACKAGING / "macos" / "build-dmg").read_text("utf-8")
    assert plistlib.loads(plistlib.dumps(_info_plist())) == _info_plist()
    assert _info_plist()["NSHighResolutionCapable"] is True


def test_ci_is_well_formed_and_runs_what_there_is() -> None:
    lint = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    checked = subprocess.run([*lint, *WORKFLOWS], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    commands = "\n".join(file.read_text("utf-8") for file in WORKFLOWS)
    scripts = {name.replace("\\", "/") for name in re.findall(r"run: (?:sudo \S+ )?(packaging[/\\]\S+)", commands)}
    assert {"packaging/test", "packaging/linux/build-deb", "packaging/flatpak/fetch-sources"} <= scripts
    for script in scripts:
        file = ROOT / script
        assert file.is_file(), script
        assert file.suffix == ".ps1" or file.stat().st_mode & 0o111, f"{script} cannot be run"
    for job in (job for file in WORKFLOWS for job in _yaml(file)["jobs"].values()):
        assert job["timeout-minutes"] <= 60
    assert set(_yaml(ROOT / ".github" / "workflows" / "packages.yml")["jobs"]) == {
        "wheel", "deb", "flatpak", "windows", "macos",
    }  # fmt: skip
