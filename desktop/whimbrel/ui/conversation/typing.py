"""Typing: what the head says of the other one, and what they are told of us (XEP-0085)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from whimbrel.core.offers.typing import Typing as Port
from whimbrel.model.typing import ChatState
from whimbrel.ui.conversation.extension import Extension
from whimbrel.ui.models.typists import Typists
from whimbrel.ui.words import typing_words

if TYPE_CHECKING:
    from whimbrel.model.account import AccountId
    from whimbrel.model.jid import JID
    from whimbrel.ui.conversation.pane import ConversationPane

_PAUSE = 10_000  # milliseconds without a key after which somebody has paused
_IDLE = 120_000  # … after which they look elsewhere (section 5.3)
_GONE = 600_000  # … after which they are gone
_LATER = {
    ChatState.COMPOSING: (_PAUSE, ChatState.PAUSED),
    ChatState.PAUSED: (_IDLE, ChatState.INACTIVE),
    ChatState.ACTIVE: (_IDLE, ChatState.INACTIVE),
    ChatState.INACTIVE: (_GONE, ChatState.GONE),
}
"""What becomes of a state by itself, and when."""


class Typing(Extension):
    """Says "typing…" in the head; tells of the composer's keys."""

    def __init__(self, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._port = pane.services.find_offer(Port)
        self._state = ChatState.ACTIVE
        self._typists = Typists(pane.services, pane.bridge, self)
        self._typists.changed.connect(self._on_typists_changed)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_timeout)
        pane.composer.editor.textChanged.connect(self._on_text_changed)

    def status(self) -> str:
        """That they write."""
        conversation = self.pane.conversation
        return typing_words() if self._typists.is_typing(conversation.account_id, conversation.jid) else ""

    def on_sent(self) -> None:
        """What was written is said."""
        self._enter(ChatState.ACTIVE)

    def on_closed(self) -> None:
        """Whoever was told something is told that the conversation is closed."""
        if self._timer.isActive():
            self._timer.stop()
            self._tell(ChatState.GONE)

    def _on_typists_changed(self, account_id: AccountId, jid: JID) -> None:
        conversation = self.pane.conversation
        if (account_id, jid) == (conversation.account_id, conversation.jid):
            self.status_changed.emit()

    def _on_text_changed(self) -> None:
        """A draft that is put back was written by nobody now: then the document is as it was set."""
        document = self.pane.composer.editor.document()
        if document.isModified() and not document.isEmpty():
            self._enter(ChatState.COMPOSING)
        elif self._state in (ChatState.COMPOSING, ChatState.PAUSED):
            self._enter(ChatState.ACTIVE)

    def _on_timeout(self) -> None:
        self._enter(_LATER[self._state][1])

    def _enter(self, state: ChatState) -> None:
        self._state = state
        if state in _LATER:
            self._timer.start(_LATER[state][0])
        self._tell(state)

    def _tell(self, state: ChatState) -> None:
        if self._port is not None:
            self._port.tell(self.pane.conversation, state)
