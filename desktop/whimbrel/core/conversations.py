"""Conversations: opening, reading, drafts."""

from __future__ import annotations

from datetime import datetime

from whimbrel.core.bus import Bus
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.events import ConversationChanged
from whimbrel.model.jid import JID
from whimbrel.model.message import Message, MessageId
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.drafts import DraftStore
from whimbrel.storage.messages import MessageStore


class Conversations:
    """The conversations of all accounts. Methods that write raise KnownError DISK_FULL."""

    def __init__(self, bus: Bus, conversations: ConversationStore, messages: MessageStore, drafts: DraftStore) -> None:
        self._bus = bus
        self._conversations = conversations
        self._messages = messages
        self._drafts = drafts

    def open(self, account_id: AccountId, jid: JID) -> Conversation:
        """The conversation with an address; made where there is none."""
        return self._conversations.get_conversation(account_id, jid.bare)

    def list_conversations(self) -> list[Conversation]:
        """Pinned first, then by last activity."""
        return self._conversations.list_conversations()

    def find(self, conversation_id: ConversationId) -> Conversation | None:
        """One conversation."""
        return self._conversations.find_conversation(conversation_id)

    def set_pinned(self, conversation_id: ConversationId, pinned: bool) -> None:
        """Keep a conversation at the top, or no longer."""
        self._conversations.set_pinned(conversation_id, pinned)
        self._announce(conversation_id)

    def set_muted(self, conversation_id: ConversationId, until: datetime | None) -> None:
        """Tell of nothing new in a conversation until a moment (aware, ``FOREVER`` at most); None: tell again."""
        self._conversations.set_muted(conversation_id, until)
        self._announce(conversation_id)

    def set_archived(self, conversation_id: ConversationId, archived: bool) -> None:
        """Put a conversation away until something new is in it, or bring it back."""
        self._conversations.set_archived(conversation_id, archived)
        self._announce(conversation_id)

    def latest(self, conversation_id: ConversationId, limit: int) -> list[Message]:
        """The last messages, oldest first."""
        return self._messages.list_latest(conversation_id, limit)

    def before(self, message: Message, limit: int) -> list[Message]:
        """The messages before one, oldest first."""
        return self._messages.list_before(message.conversation_id, message, limit)

    def after(self, message: Message, limit: int) -> list[Message]:
        """The messages after one, oldest first."""
        return self._messages.list_after(message.conversation_id, message, limit)

    def message(self, message_id: MessageId) -> Message | None:
        """One message; None where it is gone."""
        return self._messages.find_message(message_id)

    def first_since(self, conversation_id: ConversationId, moment: datetime) -> Message | None:
        """The first message at a moment or after it; ``moment`` is aware."""
        return self._messages.find_first_since(conversation_id, moment)

    def draft(self, conversation_id: ConversationId) -> str:
        """The unsent text."""
        return self._drafts.find_draft(conversation_id)

    def set_draft(self, conversation_id: ConversationId, text: str) -> None:
        """Keep an unsent text; "" removes it."""
        self._drafts.set_draft(conversation_id, text)
        self._announce(conversation_id)

    def first_unread(self, conversation_id: ConversationId) -> MessageId | None:
        """The oldest unread message."""
        return self._conversations.first_unread(conversation_id)

    def _announce(self, conversation_id: ConversationId) -> None:
        if (conversation := self.find(conversation_id)) is not None:
            self._bus.publish(ConversationChanged(conversation))
