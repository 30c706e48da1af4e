"""How edits of the roster are sent, and undone where the server refuses them (RFC 6121 sections 2.3 to 2.5)."""

from __future__ import annotations

import logging
import xml.etree.ElementTree as ET

from whimbrel.core.action import Outcome
from whimbrel.core.bus import Bus
from whimbrel.core.roster_sync import RosterSync
from whimbrel.core.stream import Stream
from whimbrel.core.subscriptions import groups_of
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.model.outbox import OutboxRow

_log = logging.getLogger(__name__)

_QUERY = "{jabber:iq:roster}query"
_ITEM = "{jabber:iq:roster}item"
_GROUP = "{jabber:iq:roster}group"


class _RosterEdit:
    def __init__(self, bus: Bus, sync: RosterSync) -> None:
        self._bus = bus
        self._sync = sync

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        self._sync.distrust(row.account_id)
        self._bus.publish(ActionFailed(row.account_id, row.kind.value, row.lane, error))
        jid = JID.parse(row.key)
        try:
            answer = await stream.request("get", None, ET.Element(_QUERY))
        except KnownError as unanswered:
            _log.debug("the roster is fetched with the next session: %s", unanswered)
            return
        self._sync.restore(row.account_id, jid, find_item(answer, row.account_id, jid))


class SetContact(_RosterEdit):
    """ROSTER_SET: payload ``name`` and ``groups``."""

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        await stream.set_contact(JID.parse(row.key), str(row.payload["name"]), groups_of(row.payload["groups"]))
        return Outcome.DONE


class RemoveContact(_RosterEdit):
    """ROSTER_REMOVE. One that is gone already is removed."""

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        try:
            await stream.remove_contact(JID.parse(row.key))
        except KnownError as error:
            if error.kind is not ErrorKind.NOT_FOUND:
                raise
        return Outcome.DONE


def find_item(answer: ET.Element, account_id: AccountId, jid: JID) -> Contact | None:
    """A contact in the answer to a roster request (RFC 6121 section 2.1.2); None where it is not there."""
    for item in answer.iterfind(f"{_QUERY}/{_ITEM}"):
        if _is_of(item, jid):
            subscription = item.get("subscription", "none")
            known = {value.value for value in Subscription}
            return Contact(
                account_id,
                jid,
                item.get("name", ""),
                frozenset(group.text for group in item.iterfind(_GROUP) if group.text),
                Subscription(subscription) if subscription in known else Subscription.NONE,
                ask=item.get("ask") == "subscribe",
                approved=item.get("approved") in ("true", "1"),
            )
    return None


def _is_of(item: ET.Element, jid: JID) -> bool:
    try:
        return JID.parse(item.get("jid", "")).bare == jid
    except InvalidJID:
        return False
