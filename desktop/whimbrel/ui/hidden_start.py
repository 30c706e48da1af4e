"""Starting hidden: in the tray, where there is one; else the window shows, since nothing else would lead to it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from whimbrel.ui.tray import Tray

_STEP = 1_000  # milliseconds
_STEPS = 10  # that a panel which starts with the session may take to be there


class HiddenStart(QObject):
    """Waits a little for the tray; ends as soon as it is there, or the window was shown otherwise."""

    def __init__(self, window: QWidget, tray: Tray) -> None:
        super().__init__(window)
        self._window = window
        self._tray = tray
        self._left = _STEPS
        self._timer = QTimer(self, interval=_STEP)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._look()

    def _look(self) -> None:
        self._tray.appear()
        self._left -= 1
        if not self._window.isVisible() and not self._tray.is_there and self._left > 0:
            return
        self._timer.stop()
        if not self._tray.is_there:
            self._window.show()
        self.deleteLater()
