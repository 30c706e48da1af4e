"""Messages on the wire (RFC 6121 section 5; XEP-0359 for the origin-id)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

from whimbrel.model.account import AccountId
from whimbrel.model.envelope import Envelope, OutgoingMessage
from whimbrel.model.jid import JID
from whimbrel.xmpp.stanzas import CLIENT, MESSAGE, STANZA_IDS, address, address_or_none, child

_BODY = f"{{{CLIENT}}}body"
_ORIGIN_ID = f"{{{STANZA_IDS}}}origin-id"
_TYPES = frozenset({"chat", "normal", "headline", "groupchat", "error"})


def parse_message(account_id: AccountId, own: JID, element: ET.Element, *, archive_ids: bool) -> Envelope:
    """A message as it came. ``archive_ids``: whether our account gives stanza ids.

    Raises:
        InvalidJID: where it comes from what is no address.
    """
    type_ = element.get("type", "normal")
    return Envelope(
        account_id,
        own,
        sender=address(element.get("from")),
        recipient=address_or_none(element.get("to")),
        type=type_ if type_ in _TYPES else "normal",
        wire_id=element.get("id", ""),
        element=element,
        received=datetime.now(UTC),
        archive_ids=archive_ids,
    )


def build_message(message: OutgoingMessage) -> ET.Element:
    """A message with a body."""
    element = build_extension(message.to, message.type, message.wire_id, ())
    child(element, _BODY, message.body)
    child(element, _ORIGIN_ID).set("id", message.origin_id or message.wire_id)
    element.extend(message.extensions)
    return element


def build_extension(to: JID, type_: str, wire_id: str, extensions: tuple[ET.Element, ...]) -> ET.Element:
    """A message without a body (a receipt, say)."""
    element = ET.Element(MESSAGE, {"to": str(to), "type": type_, "id": wire_id})
    element.extend(extensions)
    return element
