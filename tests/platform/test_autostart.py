"""Starting with the session: told to each kind of system in its own way."""

from __future__ import annotations

import asyncio
import plistlib
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from whimbrel.model.errors import KnownError
from whimbrel.platform import autostart
from whimbrel.platform.autostart import Autostart, quoted
from whimbrel.platform.paths import Profile
from whimbrel.platform.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return Settings(tmp_path / "settings.ini")


def test_a_desktop_file_on_linux(settings: Settings, tmp_path: Path) -> None:
    profile = tmp_path / 'odd "name" $HOME 100%'
    switch = Autostart(settings, profile)
    assert not switch.is_on
    settings.start_hidden = True
    asyncio.run(switch.switch(True))
    (file,) = (tmp_path / "config" / "autostart").iterdir()
    text = file.read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("Exec="))
    # The escapes of the value come off first, then those of the quotes.
    inside = line[len("Exec=") :].replace("\\\\", "\\").replace("%%", "%").replace("\\$", "$")
    assert shlex.split(inside)[-3:] == ["--profile", str(profile), "--hidden"]
    if validator := shutil.which("desktop-file-validate"):
        checked = subprocess.run([validator, str(file)], capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stdout) == (0, "")
    assert switch.is_on
    assert not Autostart(settings).is_on, "another profile"
    file.write_text(text + "Hidden=true\n")
    assert not switch.is_on, "the desktop switched it off"
    asyncio.run(switch.switch(True))
    assert switch.is_on
    asyncio.run(switch.switch(False))
    assert not file.exists()
    assert not switch.is_on
    asyncio.run(switch.switch(False))


def test_a_disk_that_refuses_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where a folder should be")
    switch = Autostart(settings)
    with pytest.raises(KnownError):
        asyncio.run(switch.switch(True))
    assert not switch.is_on
    assert not settings.autostart


def test_a_launch_agent_on_macos(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autostart.sys, "platform", "darwin")
    switch = Autostart(settings)
    asyncio.run(switch.switch(True))
    file = tmp_path / "Library" / "LaunchAgents" / "im.whimbrel.Whimbrel.plist"
    read = plistlib.loads(file.read_bytes())
    assert read["RunAtLoad"] is True
    assert read["ProgramArguments"][0]
    assert switch.is_on
    asyncio.run(switch.switch(False))
    assert not switch.is_on


def test_a_value_under_run_on_windows(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values: dict[str, str] = {}

    class Key:
        def __enter__(self) -> Key:
            return self

        def __exit__(self, *_raised: object) -> None:
            pass

    def query(_key: Key, name: str) -> tuple[str, int]:
        if name not in values:
            raise FileNotFoundError(name)
        return values[name], 1

    def delete(_key: Key, name: str) -> None:
        query(_key, name)
        del values[name]

    winreg: Any = SimpleNamespace(
        HKEY_CURRENT_USER=1,
        REG_SZ=1,
        OpenKey=lambda *_: Key(),
        CreateKey=lambda *_: Key(),
        QueryValueEx=query,
        DeleteValue=delete,
        SetValueEx=lambda _key, name, _reserved, _kind, value: values.__setitem__(name, value),
    )
    monkeypatch.setitem(sys.modules, "winreg", winreg)
    monkeypatch.setattr(autostart.sys, "platform", "win32")
    switch = Autostart(settings, tmp_path / "a folder")
    assert not switch.is_on
    asyncio.run(switch.switch(True))
    assert f'"{tmp_path / "a folder"}"' in next(iter(values.values()))
    assert switch.is_on
    asyncio.run(switch.switch(False))
    asyncio.run(switch.switch(False))
    assert not values


def test_flatpak_without_its_portal_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLATPAK_ID", "im.whimbrel.Whimbrel")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    switch = Autostart(settings)
    with pytest.raises(KnownError):
        asyncio.run(switch.switch(True))
    assert not switch.is_on


@pytest.mark.parametrize(
    ("argument", "value"), [("plain", "plain"), ("50%", "50%%"), ("a b", '"a b"'), ("", '""'), ("$x", '"\\\\$x"')]
)
def test_arguments_are_quoted_as_desktop_files_want(argument: str, value: str) -> None:
    assert quoted([argument]) == value


def test_the_profile_is_known_by_its_settings(tmp_path: Path) -> None:
    assert Profile.folder_of(Profile.default().settings) is None
    assert Profile.folder_of(Profile.at(tmp_path).settings) == tmp_path
