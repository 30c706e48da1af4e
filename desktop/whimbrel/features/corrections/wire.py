"""Corrections (XEP-0308): their XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from whimbrel.core.subjects import MAX_ID

NAMESPACE = "urn:xmpp:message-correct:0"
_REPLACE = f"{{{NAMESPACE}}}replace"


def build_replace(wire_id: str) -> ET.Element:
    """What makes a message a correction of another one, named by the first id that it had (section 4)."""
    return ET.Element(_REPLACE, {"id": wire_id})


def parse_replace(message: ET.Element) -> str | None:
    """The id of the message that this one corrects; None where it corrects none."""
    replace = message.find(_REPLACE)
    wire_id = replace.get("id", "") if replace is not None else ""
    return wire_id if 0 < len(wire_id) <= MAX_ID else None
