"""What people tell of themselves."""

from __future__ import annotations

from typing import Protocol

from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID
from whimbrel.model.profile import Profile


class Profiles(Protocol):
    """Fetches profiles when they are to be shown; nothing of them is kept."""

    async def fetch(self, account_id: AccountId, jid: JID) -> Profile:
        """The profile of an address; our own as it is to be, where a change of ours waits.

        Raises:
            KnownError: NOT_CONNECTED, NO_ANSWER, or why the server refused.
        """

    def set_own(self, account_id: AccountId, profile: Profile) -> None:
        """Tell this of ourselves, now or with the next connection; what else is told stays.

        Raises:
            KnownError: DISK_FULL.
        """
