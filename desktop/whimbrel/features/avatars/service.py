"""Avatars (XEP-0084, XEP-0153, XEP-0398): whose picture is which, fetched once by hash when it is to be shown."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from whimbrel.core.action import Action
from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.offers.avatars import Avatars as Port
from whimbrel.core.offers.avatars import OwnPicture
from whimbrel.core.online import OnlineStreams
from whimbrel.core.outbox import Outbox
from whimbrel.core.pep import TakePersonalEvent
from whimbrel.core.pipeline import Delivery, Stage
from whimbrel.core.stream import Stream
from whimbrel.core.tasks import Tasks
from whimbrel.features.avatars import wire
from whimbrel.features.avatars.fetching import Fetcher, Wish
from whimbrel.features.avatars.publishing import PublishAvatar
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import AccountRemoved, AvatarChanged, StorageFailed
from whimbrel.model.jid import JID
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.stream import PresenceStanza
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.database import Database
from whimbrel.storage.people import Hashes, PeopleStore

_KEY = "avatar"


class Avatars(Feature):
    """Hears of pictures by events and by presence; one that was published goes before one in a vCard.

    Args:
        may_ask: whether an address may be asked: a contact's that is not blocked.
        presence: what we show of ourselves.
    """

    name = "avatars"
    namespaces = (wire.METADATA, wire.NOTIFY)

    def __init__(
        self,
        bus: Bus,
        tasks: Tasks,
        database: Database,
        accounts: AccountStore,
        outbox: Outbox,
        *,
        may_ask: Callable[[AccountId, JID], bool],
        presence: Callable[[], OwnPresence],
    ) -> None:
        self._bus = bus
        self._database = database
        self._accounts = accounts
        self._outbox = outbox
        self._may_ask = may_ask
        self._presence = presence
        self._people = PeopleStore(database)
        self._people.remove_unused()
        self._hashes: dict[JID, dict[AccountId, Hashes]] = {}
        for hashes in self._people.list_hashes():
            self._hashes.setdefault(hashes.jid, {})[hashes.account_id] = hashes
        self._streams = OnlineStreams()
        self._fetcher = Fetcher(tasks, self._streams.find, self._keep)
        self._stage = TakePersonalEvent(self.name, wire.METADATA, may_ask, self._take)
        bus.subscribe(AccountRemoved, self._on_account_removed)

    def stages(self) -> Sequence[Stage]:
        """One that hears of pictures."""
        return (self._stage,)

    def offers(self) -> Mapping[type[object], object]:
        """Avatars."""
        return {Port: self}

    def actions(self) -> Mapping[OutboxKind, Action]:
        """AVATAR."""
        return {OutboxKind.AVATAR: PublishAvatar(self._bus, self._people, self._tell_contacts)}

    def on_online(self, account_id: AccountId, stream: Stream, *, resumed: bool) -> None:
        """Whether the server tells contacts of the picture in our vCard is known now."""
        self._streams.note(account_id, stream)
        if not resumed:
            self._fetcher.begin(account_id)
            self._tell_contacts(account_id, stream)

    def extend_presence(self, account_id: AccountId, presence: OwnPresence) -> Sequence[ET.Element]:
        """The hash of the picture in our vCard, where the server does not add it by itself (XEP-0398 section 3)."""
        stream, hashes = self._streams.find(account_id), self._own_hashes(account_id)
        if stream is None or hashes is None or wire.CONVERSION in stream.support.account:
            return ()
        return (wire.build_update(hashes.photo),)

    def on_presence(self, account_id: AccountId, stanza: PresenceStanza) -> None:
        """A contact has another picture in the vCard."""
        hash_ = wire.parse_update(stanza.element)
        if hash_ is None or stanza.presence.availability is Availability.OFFLINE:
            return
        owner = stanza.sender.bare
        if not hash_ and self._is_own(account_id, owner):
            return  # another program of ours that shows none does not speak for the vCard
        before = self._find(account_id, owner)
        if before.photo != hash_ and not self._is_changing(account_id, owner):
            self._set(replace(before, photo=hash_))
            self._bus.publish(AvatarChanged(account_id, owner))

    # the port

    def find_hash(self, jid: JID) -> str:
        """Which picture an address has."""
        return next((shown for each in self._hashes.get(jid.bare, {}).values() if (shown := _shown(each))), "")

    def find_picture(self, hash_: str) -> bytes | None:
        """A picture that is here."""
        return self._people.find_picture(hash_)

    def want(self, jid: JID) -> None:
        """Fetch a picture, if its owner may be asked."""
        for account_id, hashes in self._hashes.get(jid.bare, {}).items():
            hash_ = _shown(hashes)
            may_ask = self._is_own(account_id, jid.bare) or self._may_ask(account_id, jid.bare)
            if hash_ and may_ask and self._streams.find(account_id) is not None:
                in_vcard = hashes.photo == hash_
                self._fetcher.want(Wish(account_id, jid.bare, hash_, hashes.avatar == hash_, in_vcard))
                return

    def set_own(self, account_id: AccountId, picture: OwnPicture | None) -> None:
        """Show ourselves by another picture. Raises KnownError DISK_FULL, TOO_LARGE."""
        account = self._accounts.find_account(account_id)
        if account is None:
            return
        if picture is not None and len(picture.data) > wire.LARGEST:
            raise KnownError(ErrorKind.TOO_LARGE)
        own, hash_ = account.jid.bare, wire.hash_of(picture.data) if picture is not None else ""
        width, height = (picture.width, picture.height) if picture is not None else (0, 0)
        payload = {"hash": hash_, "type": picture.media_type if picture is not None else ""}
        with self._database.transaction():
            if picture is not None:
                self._people.add_picture(hash_, picture.data)
            self._people.set_hashes(Hashes(account_id, own, hash_, hash_))
            sizes = {"width": width, "height": height}
            self._outbox.enqueue(account_id, OutboxKind.AVATAR, _KEY, own, {**payload, **sizes})
        self._note(Hashes(account_id, own, hash_, hash_))
        self._bus.publish(AvatarChanged(account_id, own))
        self._outbox.kick(account_id)

    # what is known

    def _take(self, delivery: Delivery, owner: JID, item: ET.Element | None) -> None:
        account_id, hash_ = delivery.envelope.account_id, wire.parse_metadata(item)
        before = self._find(account_id, owner)
        if before.avatar != hash_ and not self._is_changing(account_id, owner):
            self._set(replace(before, avatar=hash_))
            delivery.events.append(AvatarChanged(account_id, owner))

    def _find(self, account_id: AccountId, owner: JID) -> Hashes:
        return self._hashes.get(owner, {}).get(account_id) or Hashes(account_id, owner, "", "")

    def _set(self, hashes: Hashes) -> None:
        self._people.set_hashes(hashes)
        self._note(hashes)

    def _note(self, hashes: Hashes) -> None:
        self._hashes.setdefault(hashes.jid, {})[hashes.account_id] = hashes

    def _is_changing(self, account_id: AccountId, owner: JID) -> bool:
        """Whether it is ours, and a newer one is on its way to the server."""
        return self._is_own(account_id, owner) and self._outbox.find(account_id, OutboxKind.AVATAR, _KEY) is not None

    def _is_own(self, account_id: AccountId, jid: JID) -> bool:
        account = self._accounts.find_account(account_id)
        return account is not None and account.jid.bare == jid

    def _keep(self, wish: Wish, data: bytes) -> None:
        try:
            self._people.add_picture(wish.hash, data)
        except KnownError as error:
            self._bus.publish(StorageFailed(error))
            return
        self._bus.publish(AvatarChanged(wish.account_id, wish.jid))

    def _tell_contacts(self, account_id: AccountId, stream: Stream) -> None:
        """Presence bears the hash; one that says nothing new is not sent."""
        if wire.CONVERSION not in stream.support.account and self._own_hashes(account_id) is not None:
            stream.send_presence(self._presence())

    def _own_hashes(self, account_id: AccountId) -> Hashes | None:
        account = self._accounts.find_account(account_id)
        return self._hashes.get(account.jid.bare, {}).get(account_id) if account is not None else None

    def _on_account_removed(self, event: AccountRemoved) -> None:
        for of_jid in self._hashes.values():
            of_jid.pop(event.account_id, None)


def _shown(hashes: Hashes) -> str:
    return hashes.avatar or hashes.photo
