"""The right side: the pane of a conversation, or the empty state; those that were looked at last are kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.shortcuts import KeysShown
from whimbrel.ui.widgets.buttons import icon_button
from whimbrel.ui.widgets.label import Label

MOST_KEPT = 10
"""Panes: each has some megabytes, with pictures many more; what is begun in one outlives it."""

PaneFactory = Callable[[Conversation], ConversationPane]


class ConversationArea(QWidget):
    """Opens conversations and switches between them. ``current_changed`` carries the id, or None."""

    current_changed = Signal(object)
    back_requested = Signal()

    def __init__(self, make_pane: PaneFactory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._make_pane = make_pane
        self._panes: dict[ConversationId, ConversationPane] = {}
        self._conversations: dict[ConversationId, Conversation] = {}
        self._back_buttons: dict[ConversationId, QPushButton] = {}
        self._back_visible = False
        self._current: ConversationId | None = None
        self._stack = QStackedWidget()
        self._empty = self._make_empty()
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)

    @property
    def current(self) -> Conversation | None:
        """The conversation that shows."""
        return self._conversations.get(self._current) if self._current is not None else None

    @property
    def current_pane(self) -> ConversationPane | None:
        """Its pane."""
        return self._panes.get(self._current) if self._current is not None else None

    def open(self, conversation: Conversation, focus: bool = True) -> None:
        """Show a conversation; its pane is made the first time."""
        pane = self._panes.pop(conversation.id, None)
        if pane is not None:
            self._panes[conversation.id] = pane  # the last one now
            pane.show_unread()
        else:
            pane = self._panes[conversation.id] = self._make_pane(conversation)
            self._stack.addWidget(pane)
            self._add_back(conversation.id, pane)
        self._conversations[conversation.id] = conversation
        self._stack.setCurrentWidget(pane)
        self._set_current(conversation.id)
        if focus:
            pane.take_focus()
        self._give_up()

    def close_current(self) -> None:
        """Put the conversation away; what was typed is kept as a draft by its pane."""
        if self._current is not None:
            self._remove(self._current)
            self._stack.setCurrentWidget(self._empty)
            self._set_current(None)

    def close_conversation(self, conversation_id: ConversationId) -> None:
        """Put a conversation away, where it is open."""
        if conversation_id == self._current:
            self.close_current()
        elif conversation_id in self._panes:
            self._remove(conversation_id)

    def close_all(self) -> None:
        """Put every conversation away, for good."""
        self.close_current()
        for conversation_id in list(self._panes):
            self._remove(conversation_id)

    def close_account(self, account_id: AccountId) -> None:
        """Put every conversation of an account away."""
        for conversation in list(self._conversations.values()):
            if conversation.account_id == account_id:
                if conversation.id == self._current:
                    self.close_current()
                else:
                    self._remove(conversation.id)

    def set_back_visible(self, visible: bool) -> None:
        """Whether there is a way back to the lists (narrow windows)."""
        self._back_visible = visible
        for button in self._back_buttons.values():
            button.setVisible(visible)

    def _add_back(self, conversation_id: ConversationId, pane: ConversationPane) -> None:
        """Put the way back at the start of the pane's head."""
        button = icon_button("back", self.tr("Back"))
        button.clicked.connect(self.back_requested)
        head = pane.header.layout()
        if isinstance(head, QHBoxLayout):
            head.insertWidget(0, button)
        button.setVisible(self._back_visible)
        self._back_buttons[conversation_id] = button

    def _remove(self, conversation_id: ConversationId) -> None:
        pane = self._panes.pop(conversation_id)
        del self._conversations[conversation_id]
        del self._back_buttons[conversation_id]
        self._stack.removeWidget(pane)
        pane.close_quietly()
        pane.deleteLater()

    def _give_up(self) -> None:
        """Put away what was not looked at for longest, unless what is typed in it cannot be written."""
        for conversation_id, pane in list(self._panes.items())[:-MOST_KEPT]:
            if pane.composer.save_draft():
                self._remove(conversation_id)

    def _set_current(self, conversation_id: ConversationId | None) -> None:
        if conversation_id != self._current:
            self._current = conversation_id
            self.current_changed.emit(conversation_id)

    def _make_empty(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        title = Label(self.tr("Choose a chat"), bold=True, tone="second")
        hint = Label(tone="second", wrap=True)
        words = self.tr("{keys} finds chats, contacts and any address.")
        KeysShown("palette", hint, lambda keys: hint.setText(words.replace("{keys}", keys) if keys else ""))
        layout.addStretch(1)
        for label in (title, hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addStretch(1)
        return page
