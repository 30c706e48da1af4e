"""An account, how it connects, and the state that its connection is in."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import NewType

from whimbrel.model.errors import KnownError
from whimbrel.model.jid import JID

AccountId = NewType("AccountId", int)

MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN")
"""The ways to sign in that are used, strongest first. PLAIN, like all of them, only inside verified TLS."""


def is_weaker(mechanism: str, than: str) -> bool:
    """Whether a mechanism is weaker than another; one that is not in MECHANISMS ("" too) is the weakest."""
    ranks = {name: rank for rank, name in enumerate(MECHANISMS)}
    return ranks.get(mechanism, len(ranks)) > ranks.get(than, len(ranks))


class Security(enum.Enum):
    """How the stream is secured; never not at all."""

    AUTOMATIC = "automatic"  # what the SRV records say, direct TLS before STARTTLS at the same priority (XEP-0368)
    DIRECT_TLS = "direct-tls"
    STARTTLS = "starttls"


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """What *Advanced* holds. Empty host: found by SRV. Port 0: the usual one."""

    host: str = ""
    port: int = 0
    security: Security = Security.AUTOMATIC
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An account that this profile knows. ``jid`` is bare."""

    id: AccountId
    jid: JID
    settings: ConnectionSettings = ConnectionSettings()
    remember_password: bool = True
    enabled: bool = True
    mechanism: str = ""  # the strongest of MECHANISMS that its server has ever offered: less would be a downgrade now
    certificate: str = ""  # SHA-256 (see model/certificate.py) of the only one that is accepted, unchecked; "": checked


@dataclass(frozen=True, slots=True)
class Credentials:
    """An address and its password; the password shows in no representation."""

    jid: JID
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.jid})"


class ConnectionState(enum.Enum):
    """The stages of a connection, in order. WAITING: a retry is due; FAILED: somebody must decide first."""

    OFFLINE = "offline"
    RESOLVING = "resolving"
    CONNECTING = "connecting"
    SECURING = "securing"
    AUTHENTICATING = "authenticating"
    BINDING = "binding"
    SYNCHRONISING = "synchronising"  # the first roster
    ONLINE = "online"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """The state of an account's connection; ``retry_at`` is the event loop's clock (``loop.time()``), in seconds."""

    state: ConnectionState
    error: KnownError | None = None
    retry_at: float | None = None
    full_jid: JID | None = None  # known once ONLINE
    mechanism: str = ""  # see Account
    resumed: bool = False  # ONLINE in the session of before: nothing was missed (XEP-0198)
