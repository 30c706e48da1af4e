"""The application object: hears what the desktop says to the program as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class DesktopApplication(QApplication):
    """Once somebody listens, being told to quit (a logout, the Dock) is handed on rather than asked of each window.

    A window that hides when it is closed would refuse, and with that hold up the logout.
    """

    quit_asked = Signal()
    uri_opened = Signal(str)  # macOS: a link was clicked elsewhere

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))
        self.hands_on_quitting = False

    def event(self, event: QEvent) -> bool:
        """Take what is meant for the program."""
        if event.type() == QEvent.Type.Quit and self.hands_on_quitting:
            event.ignore()  # it ends by itself, after its farewells
            self.quit_asked.emit()
            return True
        if isinstance(event, QFileOpenEvent) and event.url().scheme() == "xmpp":
            self.uri_opened.emit(event.url().toString(event.url().ComponentFormattingOption.FullyEncoded))
            return True
        return super().event(event)
