"""Who is writing."""

from __future__ import annotations

from typing import Protocol

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation
from whimbrel.model.jid import JID
from whimbrel.model.typing import ChatState


class Typing(Protocol):
    """Knows who is writing to us, and tells others that we are. ``TypingChanged`` tells of changes; nothing is kept."""

    patience: float
    """Seconds after which nobody counts as writing who said no more of it."""

    def is_typing(self, account_id: AccountId, jid: JID) -> bool:
        """Whether somebody is writing to us now."""

    def tell(self, conversation: Conversation, state: ChatState) -> None:
        """Say how far the person is, to those who may and want to know; the same is said once."""
