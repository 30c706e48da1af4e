"""Conversations: opening, reading, drafts."""

from __future__ import annotations

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import Message, MessageId


class Conversations:
    """The conversations of all accounts."""

    def open(self, account_id: AccountId, jid: JID) -> Conversation:
        """The conversation with an address; made where there is none."""
        raise NotImplementedError

    def list_conversations(self) -> list[Conversation]:
        """Pinned first, then by last activity."""
        raise NotImplementedError

    def find(self, conversation_id: ConversationId) -> Conversation | None:
        """One conversation."""
        raise NotImplementedError

    def latest(self, conversation_id: ConversationId, limit: int) -> list[Message]:
        """The last messages, oldest first."""
        raise NotImplementedError

    def before(self, message: Message, limit: int) -> list[Message]:
        """The messages before one, oldest first."""
        raise NotImplementedError

    def after(self, message: Message, limit: int) -> list[Message]:
        """The messages after one, oldest first."""
        raise NotImplementedError

    def draft(self, conversation_id: ConversationId) -> str:
        """The unsent text."""
        raise NotImplementedError

    def set_draft(self, conversation_id: ConversationId, text: str) -> None:
        """Keep an unsent text; "" removes it."""
        raise NotImplementedError

    def first_unread(self, conversation_id: ConversationId) -> MessageId | None:
        """The oldest unread message."""
        raise NotImplementedError
