"""A caret that blinks while somebody writes, and rests when nobody does."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

_REST_AFTER = 10_000  # milliseconds without a key, as in GTK

_INPUT = frozenset({QEvent.Type.FocusIn, QEvent.Type.KeyPress, QEvent.Type.InputMethod})


class RestingCaret(QObject):
    """Lets the caret of an editor stay lit after a while: blinking repaints twice a second, for ever.

    Qt has one flash time for all editors; it is as it was whenever this one has no focus.

    Args:
        rest_after: milliseconds.
    """

    def __init__(self, editor: QWidget, rest_after: int = _REST_AFTER) -> None:
        super().__init__(editor)
        self._flash_time = QApplication.cursorFlashTime()
        self._resting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(rest_after)
        self._timer.timeout.connect(self._rest)
        editor.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note input and the focus; let all pass."""
        if event.type() in _INPUT:
            self._blink()
            self._timer.start()
        elif event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self._blink()
            self._timer.stop()
        return False

    def _rest(self) -> None:
        self._resting = True
        self._flash_time = QApplication.cursorFlashTime()
        QApplication.setCursorFlashTime(0)

    def _blink(self) -> None:
        if self._resting:
            self._resting = False
            QApplication.setCursorFlashTime(self._flash_time)
