"""Blocking (XEP-0191): its XML."""

from __future__ import annotations

import contextlib
import xml.etree.ElementTree as ET

from whimbrel.model.jid import JID, InvalidJID

NAMESPACE = "urn:xmpp:blocking"


def build_block(jid: JID) -> ET.Element:
    """The command that blocks an address (section 3.3)."""
    block = ET.Element(f"{{{NAMESPACE}}}block")
    ET.SubElement(block, f"{{{NAMESPACE}}}item", {"jid": str(jid)})
    return block


def build_unblock(jid: JID) -> ET.Element:
    """The command that unblocks an address (section 3.4); without an item it would unblock everybody."""
    unblock = ET.Element(f"{{{NAMESPACE}}}unblock")
    ET.SubElement(unblock, f"{{{NAMESPACE}}}item", {"jid": str(jid)})
    return unblock


def build_list_query() -> ET.Element:
    """The question whom we block (section 3.2)."""
    return ET.Element(f"{{{NAMESPACE}}}blocklist")


def parse_list(answer: ET.Element) -> frozenset[JID]:
    """Whom we block; what is no address is left out."""
    blocked = set()
    for item in answer.iterfind(f"{{{NAMESPACE}}}blocklist/{{{NAMESPACE}}}item"):
        with contextlib.suppress(InvalidJID):
            blocked.add(JID.parse(item.get("jid", "")))
    return frozenset(blocked)
