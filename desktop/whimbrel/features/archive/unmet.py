"""What speaks of messages that the archive does not have either: it need not wait for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from whimbrel.core.incoming import Incoming
from whimbrel.features.archive import ranges
from whimbrel.features.archive.state import Known
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.archive import ArchiveStore

_WAITS_AT_MOST = timedelta(days=1)
"""While not all of the archive is here, or there is none."""


class Unmet:
    """Ends the waiting for messages that will not come."""

    def __init__(self, incoming: Incoming, accounts: AccountStore, archives: ArchiveStore) -> None:
        self._incoming = incoming
        self._accounts = accounts
        self._archives = archives

    async def conclude(self, known: Known, began: datetime) -> None:
        """Catching up, which began then, has ended."""
        account = self._accounts.find_account(known.account_id)
        here = [] if known.absent or account is None else self._archives.list_ranges(account.id, account.jid.bare)
        is_all_here = bool(here) and not ranges.holes(here)
        await self._incoming.conclude_waiting(known.account_id, began if is_all_here else began - _WAITS_AT_MOST)
