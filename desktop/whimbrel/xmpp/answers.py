"""Our answers to requests: ping (XEP-0199), service discovery (XEP-0030), and a refusal for all else.

And the short form of what discovery says, which every presence bears (XEP-0115).
"""

from __future__ import annotations

import base64
import hashlib
import logging
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from whimbrel.model.account import AccountId
from whimbrel.model.contact import OwnPresence
from whimbrel.xmpp.handler import ClientExtension
from whimbrel.xmpp.stanzas import CAPS, DISCO_INFO, DISCO_ITEMS, PING, child, iq_error, iq_result

log = logging.getLogger(__name__)

_PING = f"{{{PING}}}ping"
_INFO = f"{{{DISCO_INFO}}}query"
_ITEMS = f"{{{DISCO_ITEMS}}}query"
_NODE = "https://whimbrel.im"
_CATEGORY, _TYPE, _NAME = "client", "pc", "Whimbrel"


class Answers:
    """Answers what the core has no part in, by itself or by the features of an account."""

    def __init__(self, account_id: AccountId, features: Sequence[ClientExtension]) -> None:
        self._account_id = account_id
        self._features = features

    def build_caps(self) -> ET.Element:
        """The short form, for presence (XEP-0115 section 4)."""
        return ET.Element(f"{{{CAPS}}}c", {"hash": "sha-1", "node": _NODE, "ver": self._version()})

    def extend_presence(self, presence: OwnPresence) -> list[ET.Element]:
        """What every presence bears: the short form, and what the features add."""
        parts = [self.build_caps()]
        for feature in self._features:
            try:
                parts += feature.extend_presence(self._account_id, presence)
            except Exception:  # a fault in one feature: presence is due all the same
                log.exception("a feature failed to add to presence")
        return parts

    def answer(self, request: ET.Element, payload: ET.Element | None) -> ET.Element:
        """The answer to a get or set that nobody else answers (RFC 6120 section 8.4)."""
        if request.get("type") == "get" and payload is not None:
            node = payload.get("node", "")
            if payload.tag == _PING:
                return iq_result(request)
            if payload.tag == _INFO and node in ("", f"{_NODE}#{self._version()}"):
                return iq_result(request, self._build_info(node))
            if payload.tag == _ITEMS and not node:
                return iq_result(request, ET.Element(_ITEMS))
            if payload.tag in (_INFO, _ITEMS):
                return iq_error(request, "item-not-found")
            if (answer := self._ask_features(payload)) is not None:
                return iq_result(request, answer)
        return iq_error(request, "service-unavailable")

    def _ask_features(self, payload: ET.Element) -> ET.Element | None:
        for feature in self._features:
            try:
                if (answer := feature.answer_query(self._account_id, payload)) is not None:
                    return answer
            except Exception:  # a fault in one feature: who asks has to be answered (RFC 6120 section 8.2.3)
                log.exception("a feature failed to answer")
        return None

    def _namespaces(self) -> list[str]:
        return sorted({CAPS, DISCO_INFO, PING, *(name for each in self._features for name in each.advertised())})

    def _version(self) -> str:
        text = "".join(f"{part}<" for part in (f"{_CATEGORY}/{_TYPE}//{_NAME}", *self._namespaces()))
        return base64.b64encode(hashlib.sha1(text.encode(), usedforsecurity=False).digest()).decode()

    def _build_info(self, node: str) -> ET.Element:
        query = ET.Element(_INFO, {"node": node} if node else {})
        identity = child(query, f"{{{DISCO_INFO}}}identity")
        identity.attrib.update({"category": _CATEGORY, "type": _TYPE, "name": _NAME})
        for namespace in self._namespaces():
            child(query, f"{{{DISCO_INFO}}}feature").set("var", namespace)
        return query
