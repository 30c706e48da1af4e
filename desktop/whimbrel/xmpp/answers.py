"""Our answers to requests: ping (XEP-0199), service discovery (XEP-0030), and a refusal for all else."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from whimbrel.xmpp.stanzas import DISCO_INFO, DISCO_ITEMS, PING, child, iq_error, iq_result

_PING = f"{{{PING}}}ping"
_INFO = f"{{{DISCO_INFO}}}query"
_ITEMS = f"{{{DISCO_ITEMS}}}query"


class Answers:
    """Answers what the core has no part in. ``namespaces``: what the features add to our discovery."""

    def __init__(self, namespaces: Iterable[str]) -> None:
        self._namespaces = sorted({DISCO_INFO, PING, *namespaces})

    def answer(self, request: ET.Element, payload: ET.Element | None) -> ET.Element:
        """The answer to a get or set that nobody else answers (RFC 6120 section 8.4)."""
        if request.get("type") == "get" and payload is not None:
            if payload.tag == _PING:
                return iq_result(request)
            if payload.tag == _INFO and not payload.get("node"):
                return iq_result(request, self._build_info())
            if payload.tag == _ITEMS and not payload.get("node"):
                return iq_result(request, ET.Element(_ITEMS))
            if payload.tag in (_INFO, _ITEMS):
                return iq_error(request, "item-not-found")
        return iq_error(request, "service-unavailable")

    def _build_info(self) -> ET.Element:
        query = ET.Element(_INFO)
        identity = child(query, f"{{{DISCO_INFO}}}identity")
        identity.attrib.update({"category": "client", "type": "pc", "name": "Whimbrel"})
        for namespace in self._namespaces:
            child(query, f"{{{DISCO_INFO}}}feature").set("var", namespace)
        return query
