"""Presence and subscriptions on the wire (RFC 6121 sections 3 and 4)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from whimbrel.model.contact import Availability, OwnPresence, Presence
from whimbrel.model.jid import JID
from whimbrel.model.stream import PresenceStanza, SubscriptionStanza
from whimbrel.xmpp.stanzas import CLIENT, NICK, PRESENCE, child

SUBSCRIPTION_KINDS = frozenset({"subscribe", "subscribed", "unsubscribe", "unsubscribed"})

_SHOW = f"{{{CLIENT}}}show"
_STATUS = f"{{{CLIENT}}}status"
_PRIORITY = f"{{{CLIENT}}}priority"
_NICK = f"{{{NICK}}}nick"

_AVAILABILITY = {"away": Availability.AWAY, "xa": Availability.AWAY, "dnd": Availability.BUSY}
_SHOWN = {Availability.AWAY: "away", Availability.BUSY: "dnd"}


def build_presence(presence: OwnPresence, parts: Iterable[ET.Element]) -> ET.Element:
    """Our presence, to be broadcast. ``parts``: what it bears besides: what we can, in short (XEP-0115), and more."""
    element = ET.Element(PRESENCE)
    if presence.availability is Availability.OFFLINE:
        element.set("type", "unavailable")
    elif presence.availability in _SHOWN:
        child(element, _SHOW, _SHOWN[presence.availability])
    if presence.status:
        child(element, _STATUS, presence.status)
    element.extend(parts)
    return element


def build_subscription(to: JID, kind: str, message: str, extensions: Iterable[ET.Element] = ()) -> ET.Element:
    """A stanza about a subscription; always to the bare address. Raises ValueError for another kind."""
    if kind not in SUBSCRIPTION_KINDS:
        raise ValueError(kind)
    element = ET.Element(PRESENCE, {"to": str(to.bare), "type": kind})
    if message:
        child(element, _STATUS, message)
    element.extend(extensions)
    return element


def parse_presence(element: ET.Element, sender: JID) -> PresenceStanza:
    """A resource's presence."""
    if element.get("type") == "unavailable":
        presence = Presence(Availability.OFFLINE, _text(element, _STATUS), 0, sender.resource)
    else:
        shown = _AVAILABILITY.get(_text(element, _SHOW), Availability.ONLINE)
        presence = Presence(shown, _text(element, _STATUS), _priority(element), sender.resource)
    return PresenceStanza(sender, presence, element)


def parse_subscription(element: ET.Element, sender: JID) -> SubscriptionStanza:
    """A stanza about a subscription."""
    kind = element.get("type", "")
    return SubscriptionStanza(sender.bare, kind, _text(element, _STATUS), _text(element, _NICK))


def _text(element: ET.Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()


def _priority(element: ET.Element) -> int:
    try:
        return max(-128, min(127, int(_text(element, _PRIORITY) or "0")))
    except ValueError:
        return 0
