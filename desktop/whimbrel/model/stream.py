"""What a stream tells the core: rosters, presence, subscriptions (RFC 6121)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from whimbrel.model.contact import Contact, Presence
from whimbrel.model.jid import JID


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
