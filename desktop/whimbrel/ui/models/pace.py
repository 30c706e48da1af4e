"""How often a model shows what has come in: at once when it is quiet, at intervals while a burst lasts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

_FIRST_PAUSE = 40  # ms between two updates, at least
_LONGEST_PAUSE = 120


class Pace(QObject):
    """Calls ``update`` in a later turn of the event loop, once for all requests until then.

    At once where the last update is some time ago, else after a pause since it: 40 ms, and up to 120 ms the longer
    there is no end of it.
    """

    def __init__(self, update: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._pause = _FIRST_PAUSE
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(update)
        self._since_update = QElapsedTimer()

    def request(self) -> None:
        """Something is there to be shown."""
        if self._timer.isActive():
            return
        waited = self._since_update.elapsed() if self._since_update.isValid() else self._pause
        if waited >= self._pause:
            self._pause = _FIRST_PAUSE
            self._timer.start(0)
        else:
            self._timer.start(self._pause - waited)
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    def note(self) -> None:
        """It is being shown now, by request or not."""
        self._timer.stop()
        self._since_update.start()
