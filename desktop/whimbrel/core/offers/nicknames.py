"""How people call themselves."""

from __future__ import annotations

from typing import Protocol

from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID


class Nicknames(Protocol):
    """Knows nicknames. ``NicknameChanged`` tells of changes."""

    def find(self, account_id: AccountId, jid: JID) -> str:
        """The nickname that an address (our own too) gives itself; "" for none."""

    def set_own(self, account_id: AccountId, nick: str) -> None:
        """Call ourselves so ("": nothing), now or with the next connection. Raises KnownError DISK_FULL."""
