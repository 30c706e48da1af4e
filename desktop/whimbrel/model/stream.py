"""What a stream tells the core: rosters, presence, subscriptions (RFC 6121)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from whimbrel.model.contact import Contact, Presence
from whimbrel.model.jid import JID


@dataclass(frozen=True, slots=True)
class Support:
    """What can be used in a session: features of our account and of our server (XEP-0030), and of the stream.

    ``stream`` holds the tags of what the stream offered, as ``{namespace}name``.
    """

    account: frozenset[str] = frozenset()
    server: frozenset[str] = frozenset()
    stream: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ResumableSession:
    """A session that its server may still hold (XEP-0198 section 5), as it is on disk."""

    session_id: str
    address: JID  # full, as it was bound
    location: str = ""  # where the server wants to be asked for it: host or host:port
    handled: int = 0  # stanzas of the server's that are done with, modulo 2^32


@dataclass(frozen=True, slots=True)
class RosterAnswer:
    """The server's answer to the first roster request (RFC 6121 section 2.6).

    ``contacts`` is None where what we have is still right; then changes follow as pushes.
    """

    version: str
    contacts: tuple[Contact, ...] | None


@dataclass(frozen=True, slots=True)
class RosterPush:
    """One change of the roster (RFC 6121 section 2.1.6). ``contact`` is None where ``jid`` was removed."""

    version: str
    jid: JID
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class SubscriptionStanza:
    """A presence stanza about a subscription."""

    sender: JID  # bare
    kind: str  # subscribe, subscribed, unsubscribe, unsubscribed
    message: str = ""
    nick: str = ""  # XEP-0172


@dataclass(frozen=True, slots=True)
class PresenceStanza:
    """A resource's presence. Availability OFFLINE: that resource is gone (an empty resource: all of them)."""

    sender: JID
    presence: Presence
    element: ET.Element = field(compare=False)
