"""The scripted server's half of a session: answers everything, honestly or tampered with."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable

from tests.fuzz.archive import MAM, Archive
from tests.fuzz.streams import escape
from tests.helpers.hostile import BIND, CARBONS, DISCO_INFO, NOT_HERE, SM, Peer, disco_info

OWN = "me@example.test"
_DOMAIN = "example.test"
_ROSTER = (
    "<query xmlns='jabber:iq:roster'><item jid='alice@example.test' name='Alice' subscription='both'/>"
    "<item jid='bob@example.test' name='Bob' subscription='from'><group>Friends</group></item></query>"
)
_PUBSUB = "http://jabber.org/protocol/pubsub"
_ACCOUNT = (
    MAM,
    f"{MAM}#extended",
    "urn:xmpp:sid:0",
    _PUBSUB,
    *(f"{_PUBSUB}#{name}" for name in ("publish", "publish-options", "persistent-items", "config-node-max")),
)
_SERVER = (CARBONS, "urn:xmpp:ping", "urn:xmpp:blocking", "urn:xmpp:mam:2")
_DISPLAYED = (
    f"<pubsub xmlns='{_PUBSUB}'><items node='urn:xmpp:mds:displayed:0'><item id='alice@example.test'>"
    f"<displayed xmlns='urn:xmpp:mds:displayed:0'><stanza-id xmlns='urn:xmpp:sid:0' by='{OWN}' id='a5'/></displayed>"
    "</item></items></pubsub>"
)
_MANAGEMENT = "urn:xmpp:sm:3"
ENABLED = f"<enabled xmlns='{_MANAGEMENT}' id='s1' resume='true' max='600'/>"
RESUMED = f"<resumed xmlns='{_MANAGEMENT}' previd='s1' h='{{0}}'/>"
_FAILED = "<failed xmlns='urn:xmpp:sm:3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"
_FIXED = {
    "{jabber:iq:roster}query": _ROSTER,
    "{urn:xmpp:blocking}blocklist": "<blocklist xmlns='urn:xmpp:blocking'><item jid='spam@evil.example'/></blocklist>",
    f"{{{_PUBSUB}}}pubsub": _DISPLAYED,
    "{urn:xmpp:ping}ping": "",
}

Tamper = Callable[[str], list[bytes]]
"""What is said instead of an honest answer, the honest one perhaps among it."""


class Responder:
    """Serves one connection after another. ``sent_by_client`` is all that the client said in its sessions.

    Args:
        archive: what it answers queries from.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.tamper: Tamper = lambda honest: [honest.encode()]
        self.resumption: Callable[[int], str] = lambda counted: ""  # by what came; "": the session is not known
        self.enabled: Callable[[], str] = lambda: ENABLED
        self._serving: Peer | None = None
        self._counted = 0  # stanzas of the client's in its session
        self.sent_by_client: list[ET.Element] = []
        self.answered: Counter[str] = Counter()
        self.online = asyncio.Event()
        self.peer: Peer | None = None

    async def serve(self, peer: Peer) -> None:
        """A connection, from its beginning to its end."""
        await peer.secure()
        await peer.authenticate()
        await peer.open(BIND, SM, "<ver xmlns='urn:xmpp:features:rosterver'/>", "<csi xmlns='urn:xmpp:csi:0'/>")
        self.online.clear()
        self._serving = peer
        async for element in peer.elements():
            if self._serving is not peer:
                return  # a newer connection took its place
            self.sent_by_client.append(element)
            kind = element.tag.rpartition("}")[2]
            if element.tag.startswith(f"{{{_MANAGEMENT}}}"):
                await self._manage(peer, kind)
                continue
            self._counted += 1
            if kind == "iq":
                await self._on_iq(peer, element)
            elif kind == "presence" and not self.online.is_set() and element.get("type") is None:
                self._begin(peer)
        self.online.clear()

    def _begin(self, peer: Peer) -> None:
        self.peer = peer
        self.online.set()

    async def _manage(self, peer: Peer, kind: str) -> None:
        """Acknowledgements and resumption (XEP-0198)."""
        if kind == "r":
            await peer.send(f"<a xmlns='{_MANAGEMENT}' h='{self._counted}'/>")
        elif kind == "enable":
            self._counted = 0
            await peer.send(self.enabled())
        elif kind == "resume":
            resumption = self.resumption(self._counted)
            self.answered["asked to resume, and may" if resumption else "asked to resume, and may not"] += 1
            await peer.send(resumption or _FAILED)
            if resumption:
                self._begin(peer)

    async def _on_iq(self, peer: Peer, element: ET.Element) -> None:
        payload = element[0] if len(element) else None
        if payload is None or element.get("type") not in ("get", "set"):
            return
        self.answered[f"asked for {payload.tag.removeprefix('{')}".replace("}", " ")] += 1
        for_client = f"id='{escape(element.get('id', ''))}' to='{OWN}/desk'"
        to = element.get("to")
        from_ = f" from='{escape(to)}'" if to else ""
        head = f"<iq type='{{0}}' {for_client}{from_}>{{1}}</iq>"
        if payload.tag.endswith("}bind"):
            bound = f"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>{OWN}/desk</jid></bind>"
            await peer.send(head.format("result", bound))
            return
        results: list[str] = []
        kind, content = "result", ""
        if payload.tag == f"{{{DISCO_INFO}}}query":
            content = disco_info(_SERVER if to == _DOMAIN else _ACCOUNT)
        elif payload.tag == f"{{{MAM}}}query":
            page = self._archive.page(payload)
            if page is None:
                kind, content = "error", NOT_HERE.replace("service-unavailable", "item-not-found")
            else:
                results, content = page
        elif element.get("type") == "get":
            kind = "result" if payload.tag in _FIXED else "error"
            content = _FIXED.get(payload.tag, NOT_HERE)
        for honest in (*results, head.format(kind, content)):
            await peer.send(*self.tamper(honest))
