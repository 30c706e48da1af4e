"""How often a model shows what has come in: at once when it is quiet, at intervals while a burst lasts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

_PAUSE = 40  # ms between two updates, at least


class Pace(QObject):
    """Calls ``update`` in a later turn of the event loop, at most every 40 ms; once for all requests until then."""

    def __init__(self, update: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(update)
        self._since_update = QElapsedTimer()

    def request(self) -> None:
        """Something is there to be shown."""
        if not self._timer.isActive():
            waited = self._since_update.elapsed() if self._since_update.isValid() else _PAUSE
            self._timer.start(max(0, _PAUSE - waited))

    def note(self) -> None:
        """It is being shown now, by request or not."""
        self._timer.stop()
        self._since_update.start()
