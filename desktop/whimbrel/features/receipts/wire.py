"""Delivery receipts (XEP-0184): their XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

NAMESPACE = "urn:xmpp:receipts"
_REQUEST = f"{{{NAMESPACE}}}request"
_RECEIVED = f"{{{NAMESPACE}}}received"


def build_request() -> ET.Element:
    """What asks for a receipt."""
    return ET.Element(_REQUEST)


def build_received(wire_id: str) -> ET.Element:
    """The receipt for a message."""
    return ET.Element(_RECEIVED, {"id": wire_id})


def parse_request(message: ET.Element) -> bool:
    """Whether a message asks for a receipt."""
    return message.find(_REQUEST) is not None


def parse_received(message: ET.Element) -> str | None:
    """The id of the message that this one is a receipt for; None where it is none."""
    received = message.find(_RECEIVED)
    return received.get("id", "") if received is not None else None
