"""Message styling (XEP-0393): its XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

NAMESPACE = "urn:xmpp:styling:0"


def parse_unstyled(message: ET.Element) -> bool:
    """Whether a message says that its text is not to be styled."""
    return message.find(f"{{{NAMESPACE}}}unstyled") is not None
