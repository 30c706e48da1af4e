"""Our answers to requests: ping (XEP-0199), service discovery (XEP-0030), and a refusal for all else.

And the short form of what discovery says, which every presence bears (XEP-0115).
"""

from __future__ import annotations

import base64
import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Iterable

from whimbrel.xmpp.stanzas import CAPS, DISCO_INFO, DISCO_ITEMS, PING, child, iq_error, iq_result

_PING = f"{{{PING}}}ping"
_INFO = f"{{{DISCO_INFO}}}query"
_ITEMS = f"{{{DISCO_ITEMS}}}query"
_NODE = "https://whimbrel.im"
_CATEGORY, _TYPE, _NAME = "client", "pc", "Whimbrel"


class Answers:
    """Answers what the core has no part in. ``namespaces``: what the features add to our discovery."""

    def __init__(self, namespaces: Iterable[str]) -> None:
        self._namespaces = sorted({CAPS, DISCO_INFO, PING, *namespaces})
        text = "".join(f"{part}<" for part in (f"{_CATEGORY}/{_TYPE}//{_NAME}", *self._namespaces))
        self._version = base64.b64encode(hashlib.sha1(text.encode(), usedforsecurity=False).digest()).decode()

    def build_caps(self) -> ET.Element:
        """The short form, for presence (XEP-0115 section 4)."""
        return ET.Element(f"{{{CAPS}}}c", {"hash": "sha-1", "node": _NODE, "ver": self._version})

    def answer(self, request: ET.Element, payload: ET.Element | None) -> ET.Element:
        """The answer to a get or set that nobody else answers (RFC 6120 section 8.4)."""
        if request.get("type") == "get" and payload is not None:
            node = payload.get("node", "")
            if payload.tag == _PING:
                return iq_result(request)
            if payload.tag == _INFO and node in ("", f"{_NODE}#{self._version}"):
                return iq_result(request, self._build_info(node))
            if payload.tag == _ITEMS and not node:
                return iq_result(request, ET.Element(_ITEMS))
            if payload.tag in (_INFO, _ITEMS):
                return iq_error(request, "item-not-found")
        return iq_error(request, "service-unavailable")

    def _build_info(self, node: str) -> ET.Element:
        query = ET.Element(_INFO, {"node": node} if node else {})
        identity = child(query, f"{{{DISCO_INFO}}}identity")
        identity.attrib.update({"category": _CATEGORY, "type": _TYPE, "name": _NAME})
        for namespace in self._namespaces:
            child(query, f"{{{DISCO_INFO}}}feature").set("var", namespace)
        return query
