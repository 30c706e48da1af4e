"""A clock that jumped: the machine slept, the program was stopped, or somebody set the time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal

_LOOK = 30_000  # milliseconds between two looks
_LATE = 30.0  # seconds by which a look may be late on a busy machine
_JUMP = 5.0  # seconds by which clocks may differ: they are set in small steps all the time


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the clocks show, in seconds."""

    monotonic: float  # stands still while a Linux or Apple machine sleeps
    wall: float
    boot: float  # goes on while a Linux machine sleeps, and nobody can set it; elsewhere the monotonic one


def read_clocks() -> Clocks:
    """What the clocks show now."""
    monotonic = boot = time.monotonic()
    if sys.platform == "linux":
        boot = time.clock_gettime(time.CLOCK_BOOTTIME)
    return Clocks(monotonic, time.time(), boot)


class ClockWatch(QObject):
    """Tells, at most half a minute later, that time passed which the program did not see."""

    jumped = Signal()

    def __init__(self, read: Callable[[], Clocks] = read_clocks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._last = read()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.setInterval(_LOOK)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Watch from now on."""
        self._last = self._read()
        self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()

    def look(self) -> None:
        """Compare the clocks now."""
        before, self._last = self._last, self._read()
        passed = self._last.monotonic - before.monotonic
        slept = self._last.boot - before.boot - passed
        moved = self._last.wall - before.wall - passed
        if slept > _JUMP or abs(moved) > _JUMP or passed > _LOOK / 1000 + _LATE:
            self.jumped.emit()
