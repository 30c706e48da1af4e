"""The roster on the wire (RFC 6121 section 2)."""

from __future__ import annotations

import asyncio
import logging
import xml.etree.ElementTree as ET

from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.model.stream import RosterAnswer, RosterPush
from whimbrel.xmpp.stanzas import ROSTER, child

log = logging.getLogger(__name__)

_QUERY = f"{{{ROSTER}}}query"
_ITEM = f"{{{ROSTER}}}item"
_GROUP = f"{{{ROSTER}}}group"
_SLICE = 200  # items parsed in one turn of the event loop
_SUBSCRIPTIONS = {item.value: item for item in Subscription}


def build_request(version: str | None) -> ET.Element:
    """The request for the roster. ``version``: what we have, "" for nothing; None where the server keeps none."""
    query = ET.Element(_QUERY)
    if version is not None:
        query.set("ver", version)
    return query


def build_item(jid: JID, name: str, groups: frozenset[str]) -> ET.Element:
    """The payload that adds or changes an entry."""
    query = ET.Element(_QUERY)
    item = child(query, _ITEM)
    item.set("jid", str(jid))
    if name:
        item.set("name", name)
    for group in sorted(groups):
        child(item, _GROUP, group)
    return query


def build_removal(jid: JID) -> ET.Element:
    """The payload that removes an entry and both subscriptions."""
    query = ET.Element(_QUERY)
    item = child(query, _ITEM)
    item.set("jid", str(jid))
    item.set("subscription", "remove")
    return query


async def parse_answer(account_id: AccountId, answer: ET.Element, known: str | None) -> RosterAnswer:
    """Read the answer to the first request, in slices, so that a long roster does not hold up the window."""
    query = answer.find(_QUERY)
    if query is None:
        return RosterAnswer(known or "", None)
    contacts: list[Contact] = []
    for index, item in enumerate(query.iterfind(_ITEM)):
        if index % _SLICE == _SLICE - 1:
            await asyncio.sleep(0)
        contact = _parse_item(account_id, item)
        if contact is not None:
            contacts.append(contact)
    return RosterAnswer(query.get("ver", ""), tuple(contacts))


def parse_push(account_id: AccountId, request: ET.Element) -> RosterPush | None:
    """Read a push; None where it is not one that a server may send (section 2.1.6)."""
    query = request.find(_QUERY)
    items = query.findall(_ITEM) if query is not None else []
    if query is None or len(items) != 1:
        return None
    version = query.get("ver", "")
    if items[0].get("subscription") == "remove":
        jid = _address(items[0])
        return RosterPush(version, jid, None) if jid is not None else None
    contact = _parse_item(account_id, items[0])
    return RosterPush(version, contact.jid, contact) if contact is not None else None


def is_roster(payload: ET.Element) -> bool:
    """Whether the payload of an iq is a roster."""
    return payload.tag == _QUERY


def _parse_item(account_id: AccountId, item: ET.Element) -> Contact | None:
    jid = _address(item)
    if jid is None:
        return None
    return Contact(
        account_id,
        jid,
        name=item.get("name", ""),
        groups=frozenset(group.text for group in item.iterfind(_GROUP) if group.text),
        subscription=_SUBSCRIPTIONS.get(item.get("subscription", "none"), Subscription.NONE),
        ask=item.get("ask") == "subscribe",
        approved=item.get("approved") in ("true", "1"),
    )


def _address(item: ET.Element) -> JID | None:
    try:
        return JID.parse(item.get("jid", "")).bare
    except InvalidJID:
        log.debug("a roster item without a valid address")
        return None
