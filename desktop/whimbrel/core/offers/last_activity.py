"""When people were last there."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID


class LastActivity(Protocol):
    """Times are aware, UTC, and never in the future."""

    def idle_since(self, account_id: AccountId, jid: JID) -> datetime | None:
        """Since when nobody is at one of a contact's devices (a full address), as far as it tells (XEP-0319)."""

    def last_seen(self, account_id: AccountId, jid: JID) -> datetime | None:
        """When a contact who is away now was last there, as far as is known without asking."""

    async def ask(self, account_id: AccountId, jid: JID) -> datetime | None:
        """Ask when a contact was last online (XEP-0012); None where nobody tells.

        Raises:
            KnownError: NOT_CONNECTED, NO_ANSWER.
        """
