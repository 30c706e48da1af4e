"""Starting with the session: told to each kind of system in its own way."""

from __future__ import annotations

import asyncio
import errno
import plistlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, message_bus, new_method_return, new_signal
from jeepney.io.threading import DBusRouter, Proxy, ReceiveStopped, open_dbus_connection
from tests.helpers.bus import bus_address, is_missing, start_bus

from whimbrel.model.errors import ErrorKind, KnownError
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
    with pytest.raises(KnownError) as raised:
        asyncio.run(switch.switch(True))
    assert (raised.value.kind, raised.value.subject) == (ErrorKind.NOT_WRITABLE, str(tmp_path / "config" / "autostart"))
    assert not switch.is_on
    assert not settings.autostart


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EROFS, ErrorKind.READ_ONLY),
        (errno.EACCES, ErrorKind.NOT_WRITABLE),
        (errno.ENOSPC, ErrorKind.DISK_FULL),
    ],
)
def test_it_is_said_what_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, number: int, kind: ErrorKind
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(KnownError) as raised:
        asyncio.run(Autostart(settings).switch(True))
    assert raised.value.kind is kind


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


class _Portal:
    """The Background portal on a bus: answers each request, after somebody else tried to."""

    def __init__(self, address: str, *, grants: bool) -> None:
        self.asked: list[dict[str, tuple[str, object]]] = []
        self._grants = grants
        self._connection = open_dbus_connection(address)
        with DBusRouter(self._connection) as router:
            Proxy(message_bus, router, timeout=20).RequestName("org.freedesktop.portal.Desktop")
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._connection.interrupt()
        self._thread.join(20)
        self._connection.close()

    def _serve(self) -> None:
        while True:
            try:
                message = self._connection.receive()
            except ReceiveStopped:
                return
            if message.header.fields.get(HeaderFields.member) != "RequestBackground":
                continue
            options = message.body[1]
            self.asked.append(options)
            handle = f"/org/freedesktop/portal/desktop/request/1_1/{options['handle_token'][1]}"
            self._connection.send(new_method_return(message, "o", (handle,)))
            for path, granted in ((handle + "x", not self._grants), (handle, self._grants)):
                request = DBusAddress(path, interface="org.freedesktop.portal.Request")
                wanted = options["autostart"][1] is True
                results = {"background": ("b", granted), "autostart": ("b", granted and wanted)}
                self._connection.send(new_signal(request, "Response", "ua{sv}", (0 if granted else 1, results)))


@pytest.mark.skipif(is_missing(), reason="needs dbus-daemon")
def test_in_flatpak_the_portal_is_asked(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLATPAK_ID", "im.whimbrel.Whimbrel")
    settings.start_hidden = True
    with tempfile.TemporaryDirectory() as folder:
        bus = start_bus(Path(folder))
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus_address(Path(folder)))
        try:
            portal = _Portal(bus_address(Path(folder)), grants=True)
            switch = Autostart(settings)
            asyncio.run(switch.switch(True))
            assert switch.is_on
            assert portal.asked[0]["autostart"] == ("b", True)
            command = portal.asked[0]["commandline"][1]
            assert isinstance(command, list)
            assert command[-1] == "--hidden"
            asyncio.run(switch.switch(False))
            assert not switch.is_on
            portal.close()
            portal = _Portal(bus_address(Path(folder)), grants=False)
            with pytest.raises(KnownError):
                asyncio.run(switch.switch(True))
            assert not switch.is_on
            portal.close()
        finally:
            bus.terminate()
            bus.wait(20)


@pytest.mark.parametrize(
    ("argument", "value"), [("plain", "plain"), ("50%", "50%%"), ("a b", '"a b"'), ("", '""'), ("$x", '"\\\\$x"')]
)
def test_arguments_are_quoted_as_desktop_files_want(argument: str, value: str) -> None:
    assert quoted([argument]) == value


def test_the_profile_is_known_by_its_settings(tmp_path: Path) -> None:
    assert Profile.folder_of(Profile.default().settings) is None
    assert Profile.folder_of(Profile.at(tmp_path).settings) == tmp_path
