"""A line of the main window about something small: it goes by itself once there was time to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from whimbrel.ui.main_window import MainWindow

_READ_WITHIN = 60_000  # milliseconds: a sentence, at leisure


class PassingNotice(QObject):
    """Shows one at a time, and takes away none but its own."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._words = ""
        self._reading = QTimer(self, singleShot=True, interval=_READ_WITHIN)
        self._reading.timeout.connect(self._on_read)

    def say(self, words: str) -> None:
        """Show it."""
        self._words = words
        self._window.say(words)
        self._reading.start()

    def put_away(self) -> None:
        """What it says does not matter any more."""
        self._reading.stop()
        if self._words and self._window.failure.label.text() == self._words:
            self._window.failure.hide()
        self._words = ""

    def _on_read(self) -> None:
        if self._window.isActiveWindow():
            self.put_away()
        else:
            self._reading.start()  # nobody has looked
