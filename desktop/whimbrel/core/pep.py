"""Personal nodes (XEP-0163 on XEP-0060): what people publish of themselves, believed only of themselves."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable

from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.stream import Stream
from whimbrel.model.account import AccountId
from whimbrel.model.envelope import Source
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.model.stream import Support

CONTACTS = "presence"
"""The access model under which those see a node who see our presence (XEP-0060 section 4.5)."""

_PUBSUB = "http://jabber.org/protocol/pubsub"
_OWNER = f"{_PUBSUB}#owner"
_EVENT = f"{_PUBSUB}#event"
_OPTIONS = f"{_PUBSUB}#publish-options"
_ITEMS = f"{{{_PUBSUB}}}pubsub/{{{_PUBSUB}}}items"
_CONDITIONS = (("pubsub#persist_items", "true"), ("pubsub#access_model", CONTACTS))
_NO_ANSWER = (ErrorKind.NOT_CONNECTED, ErrorKind.CONNECTION_LOST, ErrorKind.NO_ANSWER)


class TakePersonalEvent(Stage):
    """Events of one node. What an event tells is of the account that it comes from, whoever its content names.

    Args:
        believes: whether an address is one whose events count; our own are always heard.
        take: takes the node's item in (None: it was taken back), in the transaction; must not raise on bad content.
    """

    before = frozenset({"identify"})

    def __init__(
        self,
        name: str,
        node: str,
        believes: Callable[[AccountId, JID], bool],
        take: Callable[[Delivery, JID, ET.Element | None], None],
    ) -> None:
        self.name = name
        self._node = node
        self._believes = believes
        self._take = take

    def process(self, delivery: Delivery) -> Verdict:
        """Take the last item in."""
        envelope = delivery.envelope
        path = f"{{{_EVENT}}}event/{{{_EVENT}}}items"
        items = next((each for each in envelope.element.iterfind(path) if each.get("node") == self._node), None)
        if items is None:
            return Verdict.CONTINUE
        own = envelope.own_jid.bare
        sender = envelope.sender or own
        if (
            envelope.source is not Source.LIVE
            or envelope.type == "error"
            or sender.resource
            or not (sender == own or self._believes(envelope.account_id, sender))
        ):
            delivery.reason = f"{self._node}, but not told by a contact's account"
            return Verdict.DROP
        told = items.findall(f"{{{_EVENT}}}item")
        self._take(delivery, sender, told[-1] if told else None)
        return Verdict.CONSUMED


def can_publish(support: Support) -> bool:
    """Whether our account keeps what we publish to conditions (XEP-0060 section 7.1.5)."""
    return _OPTIONS in support.account


async def publish(stream: Stream, node: str, item_id: str, payload: ET.Element) -> None:
    """Publish for our contacts, and for nobody else. ``item_id`` "": the server gives one.

    Raises:
        KnownError: UNAVAILABLE where the server cannot keep it to contacts; or why it refused.
    """
    if not can_publish(stream.support):
        raise KnownError(ErrorKind.UNAVAILABLE, "publish-options")
    try:
        await stream.request("set", None, _build_publication(node, item_id, payload))
    except KnownError as error:
        if error.kind in _NO_ANSWER or not error.detail.startswith("conflict"):
            raise
        await stream.request("set", None, _build_configuration(node))  # it was another client's: for everybody, say
        await stream.request("set", None, _build_publication(node, item_id, payload))


async def fetch_item(stream: Stream, owner: JID | None, node: str, item_id: str = "") -> ET.Element | None:
    """An item of a node: that with an id, or the last. ``owner`` None: our own account. None where there is none.

    Raises:
        KnownError: as :meth:`Stream.request`, but for NOT_FOUND.
    """
    query = ET.Element(f"{{{_PUBSUB}}}pubsub")
    items = ET.SubElement(query, f"{{{_PUBSUB}}}items", {"node": node})
    if item_id:
        ET.SubElement(items, f"{{{_PUBSUB}}}item", {"id": item_id})
    else:
        items.set("max_items", "1")
    try:
        answer = await stream.request("get", owner, query)
    except KnownError as error:
        if error.kind is ErrorKind.NOT_FOUND:
            return None
        raise
    found = answer.find(_ITEMS)
    told = [] if found is None or found.get("node") != node else found.findall(f"{{{_PUBSUB}}}item")
    return next((item for item in told if not item_id or item.get("id") == item_id), None)


def _build_publication(node: str, item_id: str, payload: ET.Element) -> ET.Element:
    pubsub = ET.Element(f"{{{_PUBSUB}}}pubsub")
    publication = ET.SubElement(pubsub, f"{{{_PUBSUB}}}publish", {"node": node})
    ET.SubElement(publication, f"{{{_PUBSUB}}}item", {"id": item_id} if item_id else {}).append(payload)
    options = ET.SubElement(pubsub, f"{{{_PUBSUB}}}publish-options")
    options.append(_build_form(_OPTIONS))
    return pubsub


def _build_configuration(node: str) -> ET.Element:
    pubsub = ET.Element(f"{{{_OWNER}}}pubsub")
    ET.SubElement(pubsub, f"{{{_OWNER}}}configure", {"node": node}).append(_build_form(f"{_PUBSUB}#node_config"))
    return pubsub


def _build_form(form_type: str) -> ET.Element:
    form = ET.Element("{jabber:x:data}x", {"type": "submit"})
    for name, value in (("FORM_TYPE", form_type), *_CONDITIONS):
        field = ET.SubElement(form, "{jabber:x:data}field", {"var": name})
        if name == "FORM_TYPE":
            field.set("type", "hidden")
        ET.SubElement(field, "{jabber:x:data}value").text = value
    return form
