"""What was open and where it stood, kept while the program runs: a program that was killed finds it again.

A file of its own in the profile (``session.json``), since it changes often and means nothing to a person. It holds
the numbers of conversations, never an address: the history may be encrypted, and this file is not.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

log = logging.getLogger(__name__)

MAIN = "main"
"""The name of the main window among places."""

_DELAY = 3_000  # milliseconds from a change to the disk; what changes meanwhile goes with it
_MOST_BYTES = 262_144
_MOST_WINDOWS = 20  # of their own that are opened again
_MOST_PLACES = 64  # windows whose place is known
_MOST_ARRANGEMENTS = 6  # of screens, for each of them
_NONSENSE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class OpenState:
    """What was open: numbers of conversations as the history knows them."""

    conversation: int | None = None  # in the main window
    windows: tuple[int, ...] = ()  # in windows of their own, in the order in which they were opened

    def __bool__(self) -> bool:
        return self.conversation is not None or bool(self.windows)


class SessionState(QObject):
    """What the last start left (``before``, ``ended_well``), and what this one leaves.

    Args:
        path: the file; None keeps nothing.
    """

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._ended = False
        read = _read(path)
        self.before = _read_open(read)
        self.ended_well = read.get("running") is not True  # also where there never was a start
        self._open = self.before
        self._places = _read_places(read)
        self._timer = QTimer(self, singleShot=True, interval=_DELAY)
        self._timer.timeout.connect(self.save)

    def begin(self) -> None:
        """Note on disk that the program runs: whoever finds that at the next start knows that it did not end."""
        self._timer.stop()
        self.save()

    def note_open(self, state: OpenState) -> None:
        """Keep what is open now; on disk within seconds."""
        if state != self._open and not self._ended:
            self._open = OpenState(state.conversation, state.windows[-_MOST_WINDOWS:])
            self._timer.start()

    def place(self, window: str) -> bytes:
        """Where a window stood on the screens that there are now (``saveGeometry()``).

        Where it never stood on these: where it stood last, for Qt to fit it in. Empty for one that is not known.
        """
        known = self._places.get(window, {})
        return known.get(arrangement()) or next(reversed(known.values()), b"")

    def note_place(self, window: str, geometry: bytes) -> None:
        """Keep where a window stands on the screens that there are now; on disk within seconds."""
        known = self._places.pop(window, {})
        screens = arrangement()
        changed = known.pop(screens, b"") != geometry
        known[screens] = geometry  # the last one is the latest
        self._places[window] = dict(list(known.items())[-_MOST_ARRANGEMENTS:])
        while len(self._places) > _MOST_PLACES:
            self._places.pop(next(name for name in self._places if name != MAIN))
        if changed and not self._ended:
            self._timer.start()

    def end(self) -> None:
        """Keep what is open as what was open, for good: what closes from now on closes with the program."""
        self._timer.stop()
        self._ended = True
        self.save()

    def renew(self) -> None:
        """Go on after :meth:`end`, with what is open as what was open: another window takes the place of the first."""
        self.before, self.ended_well = self._open, True
        self._ended = False
        self.save()

    def save(self) -> None:
        """Write to disk now; where that fails, the next start has what was written before."""
        if self._path is None:
            return
        text = json.dumps(
            {
                "version": 1,
                "running": not self._ended,
                "conversation": self._open.conversation,
                "windows": list(self._open.windows),
                "places": {
                    window: {screens: base64.b64encode(geometry).decode() for screens, geometry in known.items()}
                    for window, known in self._places.items()
                },
            }
        )
        beside = self._path.with_suffix(".new")
        try:
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
            beside.replace(self._path)
        except OSError as error:
            log.warning("what is open cannot be kept: %s", error.strerror)
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)


def arrangement() -> str:
    """The screens that there are: their places, sizes and scales."""
    parts = []
    for screen in QGuiApplication.screens():
        rect = screen.geometry()
        parts.append(f"{rect.width()}x{rect.height()}{rect.x():+}{rect.y():+}@{screen.devicePixelRatio():g}")
    return " ".join(sorted(parts))


def _read(path: Path | None) -> dict[str, object]:
    """What the file holds; nothing where it is missing, damaged or far too large."""
    try:
        if path is None or path.stat().st_size > _MOST_BYTES:
            return {}
        read = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, *_NONSENSE) as error:
        log.warning("what was open cannot be read: %s", error)
        return {}
    return read if isinstance(read, dict) else {}


def _read_open(read: dict[str, object]) -> OpenState:
    conversation, windows = read.get("conversation"), read.get("windows")
    found = windows if isinstance(windows, list) else []
    numbers = tuple(dict.fromkeys(number for number in found if _is_number(number)))
    shown = conversation if isinstance(conversation, int) and _is_number(conversation) else None
    return OpenState(shown, numbers[:_MOST_WINDOWS])


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def _read_places(read: dict[str, object]) -> dict[str, dict[str, bytes]]:
    places: dict[str, dict[str, bytes]] = {}
    found = read.get("places")
    for window, known in found.items() if isinstance(found, dict) else ():
        if isinstance(known, dict) and len(places) < _MOST_PLACES:
            read_here = {str(screens): _read_geometry(value) for screens, value in known.items()}
            places[str(window)] = {screens: geometry for screens, geometry in read_here.items() if geometry}
    return places


def _read_geometry(value: object) -> bytes:
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except binascii.Error:
        return b""
