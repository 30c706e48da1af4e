"""A conversation with one address of one account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID

ConversationId = NewType("ConversationId", int)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as the list *Chats* shows it."""

    id: ConversationId
    account_id: AccountId
    jid: JID  # bare
    unread: int = 0
    last_activity: datetime | None = None  # aware, UTC; None: no message yet
    preview: str = ""  # the start of the last message, one line
    preview_outgoing: bool = False
    pinned: bool = False
    failed: int = 0  # messages of ours that could not be sent
