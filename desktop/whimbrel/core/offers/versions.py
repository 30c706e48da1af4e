"""Which programs people use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID


@dataclass(frozen=True, slots=True)
class ClientVersion:
    """A program, as it calls itself: one line each, perhaps empty."""

    name: str
    version: str = ""
    system: str = ""


class Versions(Protocol):
    """Asks programs for their names (XEP-0092)."""

    async def ask(self, account_id: AccountId, jid: JID) -> ClientVersion | None:
        """The program at a full address of a contact's; None where it does not tell.

        Raises:
            KnownError: NOT_CONNECTED, NO_ANSWER.
        """
