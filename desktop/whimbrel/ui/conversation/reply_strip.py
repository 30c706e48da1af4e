"""The strip above the composer that shows what is being answered."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from whimbrel.ui.conversation.strip import Strip


class ReplyStrip(Strip):
    """Who said what is answered, and the start of it. A click on it goes there, the button leaves it."""

    leave_requested = Signal()
    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("reply", QCoreApplication.translate("ReplyStrip", "Cancel reply"), parent)
        self.setAccessibleName(self.tr("Reply"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.close_button.clicked.connect(self.leave_requested)

    def show_reply(self, name: str, words: str) -> None:
        """Show what is answered. ``name``: of who said it, "" for the person themself."""
        told = self.tr("Reply to {name}").replace("{name}", name) if name else self.tr("Reply to yourself")
        self.show_words(told, words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit()
