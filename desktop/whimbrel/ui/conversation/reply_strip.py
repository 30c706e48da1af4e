"""The strip above the composer that shows what is being answered."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from whimbrel.ui.conversation.strip import Strip
from whimbrel.ui.joining import told_of


class ReplyStrip(Strip):
    """Who said what is answered, and the start of it. A click or Enter on it goes there, the button leaves it."""

    leave_requested = Signal()
    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("reply", QCoreApplication.translate("ReplyStrip", "Cancel reply"), parent)
        self.setAccessibleName(self.tr("Reply"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.close_button.clicked.connect(self.leave_requested)

    def show_reply(self, name: str, words: str) -> None:
        """Show what is answered. ``name``: of who said it, "" for the person themself."""
        told = self.tr("Reply to {name}").replace("{name}", name) if name else self.tr("Reply to yourself")
        self.show_words(told, words)
        self.setAccessibleDescription(told_of(told, words))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)
