"""An account, how it connects, and the state that its connection is in."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import NewType

from whimbrel.model.errors import KnownError
from whimbrel.model.jid import JID

AccountId = NewType("AccountId", int)


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
    proved: bool = False  # its server has proved to know the password (SCRAM): PLAIN would be a downgrade now


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
    proved: bool = False  # see Account
