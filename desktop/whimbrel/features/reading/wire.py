"""What was displayed, for one's own devices (XEP-0490, on XEP-0060, XEP-0163 and XEP-0223): its XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.model.stream import Support

NODE = "urn:xmpp:mds:displayed:0"
NOTIFY = f"{NODE}+notify"
PRIVATE = "whitelist"
"""The access model under which only our own account sees a node (XEP-0060 section 4.5)."""

_PUBSUB = "http://jabber.org/protocol/pubsub"
_OWNER = f"{_PUBSUB}#owner"
_EVENT = f"{_PUBSUB}#event"
_NEEDED = frozenset({f"{_PUBSUB}#publish-options", f"{_PUBSUB}#persistent-items"})
_FORM = "{jabber:x:data}x"
_FIELD = "{jabber:x:data}field"
_VALUE = "{jabber:x:data}value"
_DISPLAYED = f"{{{NODE}}}displayed"
_STANZA_ID = "{urn:xmpp:sid:0}stanza-id"
_ACCESS = "pubsub#access_model"
_CONDITIONS = (("pubsub#persist_items", "true"), (_ACCESS, PRIVATE))
_CONFIGURATION = (*_CONDITIONS, ("pubsub#max_items", "max"), ("pubsub#send_last_published_item", "never"))
"""Section 4.2 of XEP-0490: what the node is to be. Some servers know the first two only as conditions."""
_MAX_ID = 1024


@dataclass(frozen=True, slots=True)
class Position:
    """A conversation was read up to a message."""

    jid: JID  # bare: the conversation's
    stanza_id: str  # of the message, by our own archive


def is_usable(support: Support) -> bool:
    """Whether our account keeps private items (XEP-0223 section 5): without that, nothing may be published."""
    return support.account >= _NEEDED


def is_conflict(error: KnownError) -> bool:
    """Whether there is a node already."""
    return error.kind is ErrorKind.REFUSED and error.detail.partition(":")[0] == "conflict"


def build_publication(position: Position, own: JID, *, configured: bool) -> ET.Element:
    """What publishes a position, on condition that only our account sees the node.

    Args:
        configured: the node is known to be what it is to be otherwise; else that is a condition too.
    """
    pubsub = ET.Element(f"{{{_PUBSUB}}}pubsub")
    publish = ET.SubElement(pubsub, f"{{{_PUBSUB}}}publish", {"node": NODE})
    item = ET.SubElement(publish, f"{{{_PUBSUB}}}item", {"id": str(position.jid)})
    displayed = ET.SubElement(item, _DISPLAYED)
    ET.SubElement(displayed, _STANZA_ID, {"by": str(own.bare), "id": position.stanza_id})
    options = ET.SubElement(pubsub, f"{{{_PUBSUB}}}publish-options")
    conditions = _CONDITIONS if configured else _CONFIGURATION
    options.append(_build_form(f"{_PUBSUB}#publish-options", conditions))
    return pubsub


def build_items_query() -> ET.Element:
    """What asks for all positions (section 3.4)."""
    pubsub = ET.Element(f"{{{_PUBSUB}}}pubsub")
    ET.SubElement(pubsub, f"{{{_PUBSUB}}}items", {"node": NODE})
    return pubsub


def build_configuration_query() -> ET.Element:
    """What asks how the node is configured (XEP-0060 section 8.2)."""
    pubsub = ET.Element(f"{{{_OWNER}}}pubsub")
    ET.SubElement(pubsub, f"{{{_OWNER}}}configure", {"node": NODE})
    return pubsub


def build_configuration() -> ET.Element:
    """What makes the node private (XEP-0060 section 8.2.4)."""
    pubsub = build_configuration_query()
    pubsub[0].append(_build_form(f"{_PUBSUB}#node_config", _CONFIGURATION))
    return pubsub


def build_creation() -> ET.Element:
    """What makes the node, private from the first (XEP-0060 section 8.1.3)."""
    pubsub = ET.Element(f"{{{_PUBSUB}}}pubsub")
    ET.SubElement(pubsub, f"{{{_PUBSUB}}}create", {"node": NODE})
    configure = ET.SubElement(pubsub, f"{{{_PUBSUB}}}configure")
    configure.append(_build_form(f"{_PUBSUB}#node_config", _CONFIGURATION))
    return pubsub


def build_deletion() -> ET.Element:
    """What removes the node with all that is in it (XEP-0060 section 8.4)."""
    pubsub = ET.Element(f"{{{_OWNER}}}pubsub")
    ET.SubElement(pubsub, f"{{{_OWNER}}}delete", {"node": NODE})
    return pubsub


def parse_access_model(answer: ET.Element) -> str:
    """Who sees the node, by the answer to :func:`build_configuration_query`; "" where it does not say."""
    for field in answer.iter(_FIELD):
        if field.get("var") == _ACCESS:
            return (field.findtext(_VALUE) or "").strip()
    return ""


def parse_items(answer: ET.Element, own: JID) -> list[Position]:
    """The positions in the answer to :func:`build_items_query`."""
    items = answer.find(f"{{{_PUBSUB}}}pubsub/{{{_PUBSUB}}}items")
    if items is None or items.get("node") != NODE:
        return []
    return list(_positions(items.iterfind(f"{{{_PUBSUB}}}item"), own))


def parse_event(message: ET.Element, own: JID) -> list[Position] | None:
    """The positions that an event tells; None where a message is no event of this node. Retractions tell nothing."""
    found = [items for items in message.iterfind(f"{{{_EVENT}}}event/{{{_EVENT}}}items") if items.get("node") == NODE]
    if not found:
        return None
    return [position for items in found for position in _positions(items.iterfind(f"{{{_EVENT}}}item"), own)]


def _positions(items: Iterable[ET.Element], own: JID) -> Iterator[Position]:
    """Those that speak of a conversation with one address; ids that rooms give are none of our archive's."""
    for item in items:
        displayed = item.find(_DISPLAYED)
        ids = list(displayed.iterfind(_STANZA_ID)) if displayed is not None else []
        if len(ids) != 1:
            continue
        try:
            jid, by = JID.parse(item.get("id", "")), JID.parse(ids[0].get("by", ""))
        except InvalidJID:
            continue
        stanza_id = ids[0].get("id", "")
        if by == own.bare and not jid.resource and 0 < len(stanza_id) <= _MAX_ID:
            yield Position(jid, stanza_id)


def _build_form(form_type: str, values: Iterable[tuple[str, str]]) -> ET.Element:
    form = ET.Element(_FORM, {"type": "submit"})
    for name, value in (("FORM_TYPE", form_type), *values):
        field = ET.SubElement(form, _FIELD, {"var": name})
        if name == "FORM_TYPE":
            field.set("type", "hidden")
        ET.SubElement(field, _VALUE).text = value
    return form
