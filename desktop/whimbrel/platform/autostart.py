"""Starting with the session: what the desktop is told, in its own way on each system.

On Linux that is a desktop file (XDG autostart), inside Flatpak the Background portal's business; on Windows a value
under ``Run``; on macOS a property list among the LaunchAgents.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import plistlib
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Protocol

import platformdirs

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.platform.command import start_command
from whimbrel.platform.sandbox import in_flatpak

log = logging.getLogger(__name__)

_ID = "im.whimbrel.Whimbrel"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Background")
_ANSWER_WITHIN = 60.0  # seconds: the desktop may ask the person
_RESERVED = set(" \t\n\"'\\><~|&;$*?#()`")


class AutostartSettings(Protocol):
    """What is kept of the choice, in ``platform.settings.Settings``."""

    autostart: bool
    start_hidden: bool


class Autostart:
    """Whether Whimbrel starts when the person signs in to the computer.

    What the system has counts, since the person may change it there; the setting is for Flatpak, which does not tell.

    Args:
        profile: the folder given with ``--profile``; None: the usual one.
    """

    def __init__(self, settings: AutostartSettings, profile: Path | None = None) -> None:
        self._settings = settings
        self._command = start_command(profile)
        self._name = _ID if profile is None else f"{_ID}.{uuid.uuid5(uuid.NAMESPACE_URL, str(profile)).hex[:8]}"

    @property
    def is_on(self) -> bool:
        """Whether it starts with the session."""
        if in_flatpak():
            return self._settings.autostart
        if sys.platform == "win32":
            return self._read_run() is not None
        try:
            return _is_valid_entry(self._file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            return False

    async def switch(self, on: bool) -> None:
        """Start with the session from now on, or no longer; hidden where ``start_hidden`` says so.

        Raises:
            KnownError: the desktop (UNAVAILABLE, NOT_ALLOWED) or the disk (DISK_FULL, READ_ONLY, NOT_WRITABLE) refuses.
        """
        command = [*self._command, *(["--hidden"] if self._settings.start_hidden else [])]
        if in_flatpak():
            await _ask_portal(on, command)
        else:
            try:
                await asyncio.to_thread(self._write, on, command)
            except OSError as error:
                raise _refusal(error, self._file.parent) from error
        self._settings.autostart = on

    @property
    def _file(self) -> Path:
        if sys.platform == "darwin":
            return Path.home() / "Library" / "LaunchAgents" / f"{self._name}.plist"
        return platformdirs.user_config_path() / "autostart" / f"{self._name}.desktop"

    def _write(self, on: bool, command: list[str]) -> None:
        if sys.platform == "win32":
            self._write_run(subprocess.list2cmdline(command) if on else None)
        elif not on:
            self._file.unlink(missing_ok=True)
        else:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            text = self._property_list(command) if sys.platform == "darwin" else _desktop_entry(command).encode()
            beside = self._file.with_suffix(".new")
            beside.write_bytes(text)
            beside.replace(self._file)

    def _property_list(self, command: list[str]) -> bytes:
        return plistlib.dumps({"Label": self._name, "ProgramArguments": command, "RunAtLoad": True})

    def _read_run(self) -> str | None:
        if sys.platform != "win32":
            return None
        import winreg

        with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
            return str(winreg.QueryValueEx(key, self._name)[0])
        return None

    def _write_run(self, command: str | None) -> None:
        if sys.platform != "win32":
            return
        import winreg

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
            if command is not None:
                winreg.SetValueEx(key, self._name, 0, winreg.REG_SZ, command)
            else:
                with contextlib.suppress(FileNotFoundError):
                    winreg.DeleteValue(key, self._name)


def _refusal(error: OSError, folder: Path) -> KnownError:
    """What it was that refused."""
    kinds = {
        errno.ENOSPC: ErrorKind.DISK_FULL,
        errno.EDQUOT: ErrorKind.DISK_FULL,
        errno.EROFS: ErrorKind.READ_ONLY,
    }
    if error.errno is None or sys.platform == "win32":  # there it is no folder
        return KnownError(ErrorKind.NOT_ALLOWED, str(error))
    return KnownError(kinds.get(error.errno, ErrorKind.NOT_WRITABLE), str(error), subject=str(folder))


def quoted(arguments: list[str]) -> str:
    """A command line as the value of ``Exec`` (Desktop Entry Specification, *The Exec key* and *Values*)."""
    return " ".join(_quote(argument) for argument in arguments)


def _quote(argument: str) -> str:
    text = argument.replace("%", "%%")
    if text and not _RESERVED.intersection(text):
        return text
    inside = "".join(f"\\{char}" if char in '"`$\\' else char for char in text)
    return f'"{inside}"'.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def _desktop_entry(command: list[str]) -> str:
    return (
        "[Desktop Entry]\n"
        "Type=Application\n"
        "Name=Whimbrel\n"
        f"Exec={quoted(command)}\n"
        f"Icon={_ID}\n"
        "Terminal=false\n"
        "X-GNOME-Autostart-enabled=true\n"
    )


def _is_valid_entry(text: str) -> bool:
    """Whether what stands there starts something: desktops switch an entry off by a line in it."""
    lines = {line.replace(" ", "").lower() for line in text.splitlines()}
    return not lines & {"hidden=true", "x-gnome-autostart-enabled=false"}


async def _ask_portal(on: bool, command: list[str]) -> None:
    """Ask the Background portal, and wait for its response. Raises KnownError."""
    try:
        from jeepney import DBusAddress, HeaderFields, MatchRule, MessageType, message_bus, new_method_call
        from jeepney.io.asyncio import DBusRouter, Proxy, open_dbus_connection
        from jeepney.io.common import RouterClosed
        from jeepney.wrappers import DBusErrorResponse
    except ImportError as error:
        raise KnownError(ErrorKind.UNAVAILABLE, str(error)) from error
    name, path, interface = _PORTAL
    token = f"whimbrel{uuid.uuid4().hex}"
    options = {
        "handle_token": ("s", token),
        "autostart": ("b", on),
        "background": ("b", True),
        "commandline": ("as", command),
    }
    portal = DBusAddress(path, bus_name=name, interface=interface)
    call = new_method_call(portal, "RequestBackground", "sa{sv}", ("", options))
    told = MatchRule(type="signal", interface="org.freedesktop.portal.Request", member="Response")
    try:
        async with asyncio.timeout(_ANSWER_WITHIN):
            connection = await open_dbus_connection("SESSION")
            async with connection, DBusRouter(connection) as router:
                with router.filter(told, bufsize=16) as queue:
                    await Proxy(message_bus, router).AddMatch(told)
                    answer = await router.send_and_get_reply(call)
                    if answer.header.message_type is MessageType.error:
                        raise DBusErrorResponse(answer)
                    handle = str(answer.body[0])
                    while (response := await queue.get()).header.fields.get(HeaderFields.path) != handle:
                        pass  # an answer to another question
        status, results = response.body
        granted = dict(results).get("autostart", ("b", False))[1] is True
    except (DBusErrorResponse, RouterClosed, KeyError, OSError, ValueError, RuntimeError, TypeError) as error:
        raise KnownError(ErrorKind.UNAVAILABLE, repr(error)) from error
    if status != 0 or granted is not on:
        raise KnownError(ErrorKind.NOT_ALLOWED, f"the portal answers {status}")
