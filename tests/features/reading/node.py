"""Plays the private node of an account (XEP-0060, XEP-0223) behind a stream without a network."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET

from tests.helpers.fake_stream import FakeStream

from whimbrel.model.envelope import Source
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID

MDS = "urn:xmpp:mds:displayed:0"
PUBSUB = "http://jabber.org/protocol/pubsub"
FEATURES = {f"{PUBSUB}#publish-options", f"{PUBSUB}#persistent-items"}
_FIELD = "{jabber:x:data}field"
_VALUE = "{jabber:x:data}value"


class Node:
    """``items``: the archive's id by conversation. ``access``: None while there is no node.

    ``honest``: whether a publication's options count. ``obedient``: whether it can be configured. ``ignorant``: whether
    it knows only some options, as ejabberd 23 does. ``gate``: answers to the query for all items wait for it.
    """

    def __init__(self, stream: FakeStream) -> None:
        self.items: dict[str, str] = {}
        self.access: str | None = None
        self.honest = True
        self.obedient = True
        self.ignorant = False
        self.log: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._stream = stream
        self._request = stream.request
        stream.account_features |= FEATURES

    async def request(self, kind: str, to: JID | None, payload: ET.Element, *, timeout: float = 15.0) -> ET.Element:
        """Instead of the stream's."""
        if not payload.tag.startswith(f"{{{PUBSUB}"):
            return await self._request(kind, to, payload, timeout=timeout)
        assert to is None, "only our own account is asked"
        action = payload[0]
        name = action.tag.rpartition("}")[2]
        assert action.get("node") == MDS
        self.log.append(f"{kind} {name}")
        answer = ET.Element("{jabber:client}iq", {"type": "result"})
        if name == "publish":
            self._publish(payload)
        elif name == "items":
            await self.gate.wait()
            self._list(answer)
        elif name == "configure" and kind == "get":
            form = ET.SubElement(answer, "{jabber:x:data}x")
            field = ET.SubElement(form, _FIELD, {"var": "pubsub#access_model"})
            ET.SubElement(field, _VALUE).text = self.access
        elif name == "create":
            if self.access is not None:
                raise KnownError(ErrorKind.REFUSED, "conflict")
            self.access = _options(payload[1])["pubsub#access_model"]
        elif name == "configure":
            if not self.obedient:
                raise KnownError(ErrorKind.NOT_ALLOWED, "forbidden")
            if self.access is None:
                raise KnownError(ErrorKind.NOT_FOUND, "item-not-found")
            self.access = _options(action)["pubsub#access_model"]
        elif name == "delete":
            self.items.clear()
            self.access = None
        return answer

    def event(
        self,
        jid: str,
        stanza_id: str,
        sender: str | None = "me@example.org",
        by: str = "me@example.org",
        source: Source = Source.LIVE,
    ) -> None:
        """Another device has published: the account tells."""
        displayed = (
            f"<displayed xmlns='{MDS}'><stanza-id xmlns='urn:xmpp:sid:0' by='{by}' id='{stanza_id}'/></displayed>"
        )
        self.tell(f"<item id='{jid}'>{displayed}</item>", sender, source)

    def tell(self, items: str, sender: str | None = "me@example.org", source: Source = Source.LIVE) -> None:
        """An event with these items."""
        event = f"<event xmlns='{PUBSUB}#event'><items node='{MDS}'>{items}</items></event>"
        self._stream.receive_message(sender, None, type_="headline", extra=event, source=source)

    def _publish(self, payload: ET.Element) -> None:
        options = _options(payload[1])
        assert options["FORM_TYPE"] == f"{PUBSUB}#publish-options"
        if self.ignorant and "pubsub#max_items" in options:
            raise KnownError(ErrorKind.TRY_LATER, "resource-constraint: Unknown field")
        if self.access is None:
            self.access = options["pubsub#access_model"] if self.honest else "presence"
        elif self.honest and self.access != options["pubsub#access_model"]:
            raise KnownError(ErrorKind.REFUSED, "conflict")
        item = payload[0][0]
        stanza_id = item[0][0]
        assert stanza_id.get("by") == "me@example.org"
        self.items[item.get("id", "")] = stanza_id.get("id", "")

    def _list(self, answer: ET.Element) -> None:
        if self.access is None and not self.items:
            raise KnownError(ErrorKind.NOT_FOUND, "item-not-found")
        pubsub = ET.SubElement(answer, f"{{{PUBSUB}}}pubsub")
        items = ET.SubElement(pubsub, f"{{{PUBSUB}}}items", {"node": MDS})
        for jid, value in self.items.items():
            item = ET.SubElement(items, f"{{{PUBSUB}}}item", {"id": jid})
            displayed = ET.SubElement(item, f"{{{MDS}}}displayed")
            ET.SubElement(displayed, "{urn:xmpp:sid:0}stanza-id", {"by": "me@example.org", "id": value})


def _options(holder: ET.Element) -> dict[str, str]:
    return {field.get("var", ""): field.findtext(_VALUE) or "" for field in holder.iter(_FIELD)}
