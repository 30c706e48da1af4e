"""Attention (XEP-0224): its XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

NAMESPACE = "urn:xmpp:attention:0"
DISCO_INFO = "http://jabber.org/protocol/disco#info"
_ATTENTION = f"{{{NAMESPACE}}}attention"
_DELAY = "{urn:xmpp:delay}delay"
_FEATURE = f"{{{DISCO_INFO}}}feature"


def parse_attention(message: ET.Element) -> bool:
    """Whether a message asks for attention."""
    return message.find(_ATTENTION) is not None


def is_delayed(message: ET.Element) -> bool:
    """Whether it was kept on the way, whoever says so: then it is to be ignored (section 4, rule 3)."""
    return message.find(_DELAY) is not None


def build_attention() -> ET.Element:
    """What asks for it."""
    return ET.Element(_ATTENTION)


def build_question() -> ET.Element:
    """What asks a program what it can do (XEP-0030)."""
    return ET.Element(f"{{{DISCO_INFO}}}query")


def parse_answer(iq: ET.Element) -> bool:
    """Whether a program says that it may be asked (section 5)."""
    return any(feature.get("var") == NAMESPACE for feature in iq.iter(_FEATURE))
