"""A conversation with one address of one account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NewType

from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID

ConversationId = NewType("ConversationId", int)

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Until when a conversation is muted that is muted until the person turns it on again."""


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
    draft: str = (
        ""  # the start of what is written and not sent (else of a begun edit, or a chosen file's name), one line
    )
    muted_until: datetime | None = None  # aware, UTC; None: it is not muted
    archived: bool = False  # put away: at the end of the list
    marked_unread: bool = False  # by the person, with nothing new in it

    def is_muted(self, now: datetime) -> bool:
        """Whether it is quiet at a moment (aware)."""
        return self.muted_until is not None and now < self.muted_until
