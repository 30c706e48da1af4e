"""A conversation in a window of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QMainWindow

from whimbrel.model.conversation import Conversation
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.regions import focus_next
from whimbrel.ui.shortcuts import Keys

if TYPE_CHECKING:
    from whimbrel.core.services import Services
    from whimbrel.ui.bridge import Bridge


class ConversationWindow(QMainWindow):
    """Esc and Ctrl+W close it; the draft stays. Deletes itself then, after ``closed``."""

    closed = Signal(object)  # Conversation

    def __init__(self, services: Services, bridge: Bridge, conversation: Conversation) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.pane = ConversationPane(services, bridge, conversation)
        self.pane.header.window_action.setVisible(False)
        self.pane.close_requested.connect(self.close)
        self.pane.windowTitleChanged.connect(self.setWindowTitle)
        self.setWindowTitle(self.pane.windowTitle())
        self.setCentralWidget(self.pane)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self).activated.connect(self.close)
        Keys("close_conversation", self, self.close)
        Keys("next_region", self, lambda: focus_next(self.pane.regions, 1))
        Keys("previous_region", self, lambda: focus_next(self.pane.regions, -1))
        self.setMinimumSize(320, 360)
        self.resize(560, 640)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.pane.take_focus()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.pane.close_quietly()
        self.closed.emit(self.pane.conversation)
        super().closeEvent(event)
