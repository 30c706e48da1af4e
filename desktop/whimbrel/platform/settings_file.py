"""The file of the settings: opened whatever became of it, and brought up to this version."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings

log = logging.getLogger(__name__)

_VERSION_KEY = "meta/version"
_MOST_BYTES = 1_000_000
_CONTROLS = bytes({*range(0x20)} - set(b"\t\n\r"))  # never written: QSettings escapes them


def open_settings(path: Path) -> tuple[QSettings, Path | None]:
    """The settings of a file, at this version.

    Returns:
        The settings, and where the file was put that could not be read, or only in part: None where all was well.
        Of a file that was understood in part, that part is used.
    """
    aside = _move(path) if _is_hopeless(path) else None
    store = QSettings(str(path), QSettings.Format.IniFormat)
    store.setAtomicSyncRequired(True)
    if aside is None and (store.status() is QSettings.Status.FormatError or _is_odd(path)):
        aside = _copy(path)
        store.setValue(_VERSION_KEY, _version(store))  # so that it is written anew, as it was understood: told once
    _upgrade(store)
    return store, aside


def _is_hopeless(path: Path) -> bool:
    """Whether a thing stands there that is no text of a reasonable size."""
    try:
        if not path.exists():
            return False
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return True
        return len(text := path.read_bytes()) != len(text.translate(None, _CONTROLS))
    except OSError as error:
        log.warning("the settings cannot be read: %s", error.strerror)
        return True


def _is_odd(path: Path) -> bool:
    """Whether parts of the file are in some other encoding, or no settings at all."""
    try:
        lines = path.read_bytes().decode().split("\n") if path.exists() else []
    except UnicodeDecodeError:
        return True
    except OSError:
        return False
    return any("=" not in line and not line.strip().startswith((";", "[")) for line in lines if line.strip())


def _free_name(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.unreadable{f'-{n}' if n else ''}") for n in range(10_000))
    return next(name for name in names if not name.exists())


def _move(path: Path) -> Path | None:
    aside = _free_name(path)
    try:
        return path.rename(aside)
    except OSError as error:  # then nothing can be written in its place either
        log.warning("the settings cannot be set aside: %s", error.strerror)
        return None


def _copy(path: Path) -> Path | None:
    aside = _free_name(path)
    try:
        aside.write_bytes(path.read_bytes())
        aside.chmod(path.stat().st_mode & 0o777)
    except OSError as error:
        log.warning("the settings cannot be copied: %s", error.strerror)
        return None
    return aside


def _version(store: QSettings) -> int:
    try:
        return max(int(str(store.value(_VERSION_KEY, 0))), 0)
    except ValueError:
        return 0


def _upgrade(store: QSettings) -> None:
    """Take each step from the file's version to ours. A newer file stays as it is, with what we do not know."""
    version = _version(store)
    if version >= len(_STEPS):
        return
    for step in _STEPS[version:]:
        step(store)
    store.setValue(_VERSION_KEY, len(_STEPS))


def _gather_appearance(store: QSettings) -> None:
    """1: what is seen on the page *Appearance* stands under one heading."""
    for old in ("window/theme", "window/zoom", "conversation/message_styling"):
        if store.contains(old):
            store.setValue(f"appearance/{old.partition('/')[2]}", store.value(old))
            store.remove(old)


_STEPS: tuple[Callable[[QSettings], None], ...] = (_gather_appearance,)  # append only: its length is our version
