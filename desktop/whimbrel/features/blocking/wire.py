"""Blocking (XEP-0191): its XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from whimbrel.model.jid import JID

NAMESPACE = "urn:xmpp:blocking"
_DISCO = "http://jabber.org/protocol/disco#info"


def build_block(jid: JID) -> ET.Element:
    """The command that blocks an address (section 3.3)."""
    block = ET.Element(f"{{{NAMESPACE}}}block")
    ET.SubElement(block, f"{{{NAMESPACE}}}item", {"jid": str(jid)})
    return block


def build_support_query() -> ET.Element:
    """The question whether a server can block (section 3.1)."""
    return ET.Element(f"{{{_DISCO}}}query")


def parse_support(answer: ET.Element) -> bool:
    """Whether the server that answered can block."""
    return any(f.get("var") == NAMESPACE for f in answer.iterfind(f"{{{_DISCO}}}query/{{{_DISCO}}}feature"))
