"""What helps to understand a problem, as text that can be shared: versions, settings, faults, the end of the log."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import PySide6
from PySide6.QtCore import QLocale, qVersion
from PySide6.QtGui import QGuiApplication

from whimbrel import __version__
from whimbrel.platform.faults import Faults
from whimbrel.platform.last_run import LastRun
from whimbrel.platform.logs import LOG_FILE, Logs
from whimbrel.platform.settings import Settings
from whimbrel.platform.settings_kinds import Asked, Choice, Flag, Number, Setting
from whimbrel.platform.veil import Veil

_LIBRARIES = ("slixmpp", "qasync", "sqlcipher3", "cryptography", "keyring")
_TAIL_BYTES = 64_000
_MOST_LINES = 200
_LONGEST_LINE = 400
_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} (?:DEBUG|INFO|WARNING|ERROR|CRITICAL) ")
_PLAIN_KINDS = (Flag, Asked, Number, Choice)  # of settings: what has no words of the person's
_WORD = re.compile(r"[\w:;.+-]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What this start of the program knows of its own troubles."""

    logs: Logs
    settings: Settings
    last_run: LastRun

    @property
    def faults(self) -> Faults:
        """What went wrong inside the program."""
        return self.logs.faults


def versions() -> str:
    """The program, what it is made of, and what it runs on."""
    screens = ", ".join(
        f"{screen.size().width()}×{screen.size().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    )
    lines = [
        f"Whimbrel {__version__} ({_way()})",
        f"Python {platform.python_version()}, Qt {qVersion()}, PySide6 {PySide6.__version__}",
        ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES),
        f"{_system()}, {platform.machine()}",
        f"Desktop: {_variable('XDG_CURRENT_DESKTOP')}, {_variable('XDG_SESSION_TYPE')}, "
        f"Qt platform {QGuiApplication.platformName()}",
        f"Screens: {screens}",
        f"Language: {QLocale().name()}",
    ]
    return "\n".join(lines)


def changed_settings(settings: Settings) -> str:
    """Settings that are not as at first, of those that have no words of the person's."""
    lines = []
    for name, kind in sorted(vars(Settings).items()):
        if isinstance(kind, _PLAIN_KINDS) and isinstance(kind, Setting):
            value = getattr(settings, name)
            if value != kind.default:
                lines.append(f"{name}: {value}")
    return "\n".join(lines) or "all as at first"


def listed_faults(diagnosis: Diagnosis) -> str:
    """The faults since the start, the latest last, and where the program was when it died the last time."""
    parts = [fault.shown() for fault in diagnosis.faults.list()]
    if diagnosis.faults.beyond:
        parts.append(f"and {diagnosis.faults.beyond} others")
    if diagnosis.logs.last_crash:
        parts.append(f"The last run ended here:\n{diagnosis.logs.last_crash}")
    elif diagnosis.last_run.crashed:
        parts.append("The last run was ended from outside.")
    return "\n\n".join(parts) or "none"


def log_tail(folder: Path | None, names: Iterable[str]) -> str:
    """The last lines of the log, under a veil. Reads a file: not on the event loop's thread.

    What an exception said, or any message of several lines, stands on lines of its own: these are left out.
    """
    if folder is None:
        return ""
    try:
        with (folder / LOG_FILE).open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError as error:
        return f"cannot be read: {os.strerror(error.errno or 0)}"
    veil = Veil(names)
    whole = [line for line in lines if _LINE.match(line)][-_MOST_LINES:]
    return "\n".join(line[:24] + veil.over(line[24:_LONGEST_LINE]) for line in whole)


def _way() -> str:
    """How it was installed."""
    if os.environ.get("FLATPAK_ID"):
        return "Flatpak"
    if getattr(sys, "frozen", False):
        return "bundle"
    return "package" if "site-packages" in __file__ or "dist-packages" in __file__ else "source"


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "?"


def _system() -> str:
    name = f"{platform.system()} {platform.release()}"
    if sys.platform == "linux":
        try:
            pretty = platform.freedesktop_os_release().get("PRETTY_NAME", "")
        except OSError:
            return name
        return f"{pretty}, {name}" if pretty else name
    return name


def _variable(name: str) -> str:
    """What the desktop says of itself; nothing that does not look like that."""
    value = os.environ.get(name, "")
    return value if _WORD.fullmatch(value) else "?"
