"""Everything that the interface acts through, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from whimbrel.core.accounts import Accounts
from whimbrel.core.bus import Bus
from whimbrel.core.conversations import Conversations
from whimbrel.core.outbox import Outbox
from whimbrel.core.ports import Blocker, HistoryReader
from whimbrel.core.presence import Presences
from whimbrel.core.registration import MakeRegistrar
from whimbrel.core.requests import Requests
from whimbrel.core.roster import Roster
from whimbrel.core.unread import Unread

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Services:
    """The core's services. Built once, in ``app.py``."""

    bus: Bus
    accounts: Accounts
    roster: Roster
    presence: Presences
    requests: Requests
    conversations: Conversations
    outbox: Outbox
    unread: Unread
    registrar: MakeRegistrar
    blocker: Blocker
    history: HistoryReader
    offers: Mapping[type[object], object] = field(default_factory=dict)

    def offer(self, port: type[T]) -> T:
        """What a feature offers under a port of ``core/offers``. Raises LookupError where none does."""
        if port not in self.offers:
            raise LookupError(f"no feature offers {port.__name__}")
        return cast("T", self.offers[port])

    def find_offer(self, port: type[T]) -> T | None:
        """The same; None where no feature does."""
        return cast("T | None", self.offers.get(port))
