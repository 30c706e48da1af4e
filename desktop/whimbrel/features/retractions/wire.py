"""Retractions (XEP-0424): their XML, with what other programs show (XEP-0428)."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from whimbrel.core.subjects import MAX_ID

NAMESPACE = "urn:xmpp:message-retract:1"
_RETRACT = f"{{{NAMESPACE}}}retract"
_FALLBACK = "{urn:xmpp:fallback:0}fallback"
_STORE = "{urn:xmpp:hints}store"


def build_retract(wire_id: str) -> tuple[ET.Element, ...]:
    """What takes a message back; all of the body beside it is for programs that do not know it (section 3).

    Archives are to keep it (XEP-0334).
    """
    return (
        ET.Element(_RETRACT, {"id": wire_id}),
        ET.Element(_FALLBACK, {"for": NAMESPACE}),
        ET.Element(_STORE),
    )


def parse_retract(message: ET.Element) -> str | None:
    """The id of the message that this one takes back, "" where it says none; None where it takes back none."""
    retract = message.find(_RETRACT)
    if retract is None:
        return None
    wire_id = retract.get("id", "")
    return wire_id if len(wire_id) <= MAX_ID else ""
