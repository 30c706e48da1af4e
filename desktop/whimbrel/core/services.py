"""Everything that the interface acts through, in one place."""

from __future__ import annotations

from dataclasses import dataclass

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
