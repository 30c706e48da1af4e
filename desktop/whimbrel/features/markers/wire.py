"""Displayed markers (XEP-0333): their XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

NAMESPACE = "urn:xmpp:chat-markers:0"
_MARKABLE = f"{{{NAMESPACE}}}markable"
_DISPLAYED = f"{{{NAMESPACE}}}displayed"
_STORE = "{urn:xmpp:hints}store"


def build_markable() -> ET.Element:
    """What asks for a marker (section 4.1)."""
    return ET.Element(_MARKABLE)


def build_displayed(wire_id: str) -> tuple[ET.Element, ...]:
    """The marker for a message and all before it (section 4.2); the recipient's archive is to keep it (XEP-0334)."""
    return ET.Element(_DISPLAYED, {"id": wire_id}), ET.Element(_STORE)


def parse_markable(message: ET.Element) -> bool:
    """Whether a message asks for a marker."""
    return message.find(_MARKABLE) is not None


def parse_displayed(message: ET.Element) -> str | None:
    """The id of the message that this one is a marker for; None where it is none."""
    displayed = message.find(_DISPLAYED)
    return displayed.get("id", "") if displayed is not None else None
