"""Contacts (RFC 6121 section 2), their presence (section 4) and requests to become one (section 3)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID


class Subscription(enum.Enum):
    """Who sees whose presence (RFC 6121 section 2.1.2.5)."""

    NONE = "none"
    TO = "to"  # we see them
    FROM = "from"  # they see us
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Contact:
    """An entry of the roster. ``jid`` is bare; ``name`` may be empty (see ``label``)."""

    account_id: AccountId
    jid: JID
    name: str = ""
    groups: frozenset[str] = frozenset()
    subscription: Subscription = Subscription.NONE
    ask: bool = False  # our request waits for their approval
    approved: bool = False  # pre-approved by us (RFC 6121 section 3.4)
    removed_by_them: bool = False  # they ended a subscription that we had
    nick: str = ""  # how they call themselves (XEP-0172)

    @property
    def label(self) -> str:
        """What a person reads: our name for them, else their own, else the address."""
        return self.name or self.nick or str(self.jid)


class Availability(enum.Enum):
    """Presence in one word, best first. CHAT and XA of the network show as ONLINE and AWAY."""

    ONLINE = "online"
    AWAY = "away"
    BUSY = "busy"
    OFFLINE = "offline"

    @property
    def rank(self) -> int:
        """0 for the most available."""
        return _RANK[self]


_RANK = {availability: rank for rank, availability in enumerate(Availability)}


@dataclass(frozen=True, slots=True)
class Presence:
    """The presence of one resource, or the best of several."""

    availability: Availability = Availability.OFFLINE
    status: str = ""
    priority: int = 0
    resource: str = ""


OFFLINE = Presence()


@dataclass(frozen=True, slots=True)
class OwnPresence:
    """What the person chose to show; kept over restarts."""

    availability: Availability = Availability.ONLINE
    status: str = ""


@dataclass(frozen=True, slots=True)
class ContactRequest:
    """A request to see our presence that nobody has answered yet."""

    account_id: AccountId
    jid: JID
    message: str
    nick: str
    received: datetime  # aware, UTC
