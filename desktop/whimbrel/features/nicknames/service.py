"""Nicknames (XEP-0172): heard of contacts, shown where they have no name of ours; our own is published."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence

from whimbrel.core.action import Action, Outcome
from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.offers.nicknames import Nicknames as Port
from whimbrel.core.outbox import Outbox
from whimbrel.core.pep import TakePersonalEvent, publish
from whimbrel.core.pipeline import Delivery, Stage
from whimbrel.core.stream import Stream
from whimbrel.features.nicknames import wire
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact
from whimbrel.model.errors import KnownError
from whimbrel.model.events import ActionFailed, ContactChanged, NicknameChanged
from whimbrel.model.jid import JID
from whimbrel.model.nickname import clean
from whimbrel.model.outbox import OutboxKind, OutboxRow
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.database import Database
from whimbrel.storage.people import PeopleStore

_KEY = "nickname"

FindContact = Callable[[AccountId, JID], Contact | None]


class Nicknames(Feature):
    """Keeps what contacts call themselves.

    Args:
        find_contact: the contact of an address.
    """

    name = "nicknames"
    namespaces = (wire.NODE, wire.NOTIFY)

    def __init__(
        self, bus: Bus, database: Database, accounts: AccountStore, outbox: Outbox, find_contact: FindContact
    ) -> None:
        self._bus = bus
        self._database = database
        self._accounts = accounts
        self._outbox = outbox
        self._people = PeopleStore(database)
        self._find_contact = find_contact
        self._stage = TakePersonalEvent(self.name, wire.NODE, self._believes, self._take)

    def stages(self) -> Sequence[Stage]:
        """One that hears of nicknames."""
        return (self._stage,)

    def offers(self) -> Mapping[type[object], object]:
        """Nicknames."""
        return {Port: self}

    def actions(self) -> Mapping[OutboxKind, Action]:
        """NICKNAME."""
        return {OutboxKind.NICKNAME: PublishNickname(self._bus)}

    def extend_request(self, account_id: AccountId) -> Sequence[ET.Element]:
        """Ours, so that who is asked sees more than an address (section 4.2)."""
        account = self._accounts.find_account(account_id)
        nick = "" if account is None else self._people.find_nick(account_id, account.jid.bare)
        return (wire.build_nick(nick),) if nick else ()

    def find(self, account_id: AccountId, jid: JID) -> str:
        """The nickname that an address gives itself."""
        return self._people.find_nick(account_id, jid)

    def set_own(self, account_id: AccountId, nick: str) -> None:
        """Call ourselves so. Raises KnownError DISK_FULL."""
        account = self._accounts.find_account(account_id)
        if account is None:
            return
        own, shown = account.jid.bare, clean(nick)
        with self._database.transaction():
            self._people.set_nick(account_id, own, shown)
            self._outbox.enqueue(account_id, OutboxKind.NICKNAME, _KEY, own, {"nick": shown})
        self._bus.publish(NicknameChanged(account_id, own))
        self._outbox.kick(account_id)

    def _believes(self, account_id: AccountId, jid: JID) -> bool:
        return self._find_contact(account_id, jid) is not None

    def _take(self, delivery: Delivery, owner: JID, item: ET.Element | None) -> None:
        account_id, nick = delivery.envelope.account_id, wire.parse_item(item)
        if owner == delivery.envelope.own_jid.bare and self._outbox.find(account_id, OutboxKind.NICKNAME, _KEY):
            return  # ours is newer
        if nick == self._people.find_nick(account_id, owner):
            return
        self._people.set_nick(account_id, owner, nick)
        delivery.events.append(NicknameChanged(account_id, owner))
        if (contact := self._find_contact(account_id, owner)) is not None:
            delivery.events.append(ContactChanged(contact))


class PublishNickname:
    """NICKNAME: payload ``nick``."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        """Publish it (section 4.4). Twice is once: the node has one item."""
        await publish(stream, wire.NODE, wire.ITEM, wire.build_nick(str(row.payload["nick"])))
        return Outcome.DONE

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """The person is told."""
        self._bus.publish(ActionFailed(row.account_id, row.kind.value, row.lane, error))
