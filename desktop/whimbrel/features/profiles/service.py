"""Profiles (XEP-0054, XEP-0292): fetched when they are shown; our own is edited without losing what else is in it."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Callable, Collection, Mapping

from whimbrel.core.action import Action, Outcome
from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.offers.profiles import Profiles as Port
from whimbrel.core.online import OnlineStreams
from whimbrel.core.outbox import Outbox
from whimbrel.core.pep import can_publish, fetch_item, publish
from whimbrel.core.stream import Stream
from whimbrel.features.profiles import wire
from whimbrel.model.account import AccountId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed
from whimbrel.model.jid import JID
from whimbrel.model.outbox import OutboxKind, OutboxRow
from whimbrel.model.profile import Profile
from whimbrel.storage.accounts import AccountStore

_KEY = "profile"
_NO_ANSWER = (ErrorKind.NOT_CONNECTED, ErrorKind.CONNECTION_LOST, ErrorKind.NO_ANSWER)
_ABSENT = (ErrorKind.NOT_FOUND, ErrorKind.UNAVAILABLE)
"""Nobody has written a vCard yet (XEP-0054 section 3.1)."""
_NONE = (*_ABSENT, ErrorKind.NOT_ALLOWED, ErrorKind.REFUSED)
"""There is none to be shown."""


class Profiles(Feature):
    """Asks for both kinds of vCard; the newer one goes before.

    Args:
        may_ask: whether an address may be asked: a contact's that is not blocked.
    """

    name = "profiles"

    def __init__(
        self, bus: Bus, accounts: AccountStore, outbox: Outbox, may_ask: Callable[[AccountId, JID], bool]
    ) -> None:
        self._bus = bus
        self._accounts = accounts
        self._outbox = outbox
        self._may_ask = may_ask
        self._streams = OnlineStreams()

    def offers(self) -> Mapping[type[object], object]:
        """Profiles."""
        return {Port: self}

    def actions(self) -> Mapping[OutboxKind, Action]:
        """PROFILE."""
        return {OutboxKind.PROFILE: PublishProfile(self._bus)}

    def on_online(self, account_id: AccountId, stream: Stream, *, resumed: bool) -> None:
        """Now it can be asked."""
        self._streams.note(account_id, stream)

    async def fetch(self, account_id: AccountId, jid: JID) -> Profile:
        """The profile of an address."""
        account = self._accounts.find_account(account_id)
        is_own = account is not None and account.jid.bare == jid.bare
        if is_own and (row := self._outbox.find(account_id, OutboxKind.PROFILE, _KEY)) is not None:
            return wire.from_payload(row.payload)
        if not is_own and not self._may_ask(account_id, jid.bare):
            return Profile()
        owner = None if is_own else jid.bare
        stream = self._streams.get(account_id)
        newer, older = await asyncio.gather(fetch_newer(stream, owner), fetch_older(stream, owner))
        return wire.merge(wire.parse_card(wire.find_card(newer)), wire.parse_card(wire.find_card(older)))

    def set_own(self, account_id: AccountId, profile: Profile) -> None:
        """Tell this of ourselves. Raises KnownError DISK_FULL."""
        account = self._accounts.find_account(account_id)
        if account is not None:
            payload = {**wire.to_payload(profile)}
            self._outbox.enqueue(account_id, OutboxKind.PROFILE, _KEY, account.jid.bare, payload)
            self._outbox.kick(account_id)


async def fetch_newer(stream: Stream, owner: JID | None, none: Collection[ErrorKind] = _NONE) -> ET.Element | None:
    """The item with a vCard of the newer kind; None after an error of a kind in ``none``. Raises KnownError."""
    try:
        return await fetch_item(stream, owner, wire.NODE)
    except KnownError as error:
        if error.kind in none:
            return None
        raise


async def fetch_older(stream: Stream, owner: JID | None, none: Collection[ErrorKind] = _NONE) -> ET.Element | None:
    """The answer with a vCard of the older kind; None after an error of a kind in ``none``. Raises KnownError."""
    try:
        return await stream.request("get", owner, wire.build_query())
    except KnownError as error:
        if error.kind in none:
            return None
        raise


class PublishProfile:
    """PROFILE: the payload is the profile. What else our vCards tell is read first, and kept.

    Where it cannot be read, nothing is written.
    """

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        """Both kinds, where the server takes them. Twice is once."""
        profile = wire.from_payload(row.payload)
        older = wire.find_card(await fetch_older(stream, None, _ABSENT))
        published = can_publish(stream.support)
        newer = wire.find_card(await fetch_newer(stream, None, _ABSENT)) if published else None
        try:
            await stream.request("set", None, wire.build_older(older, profile))
        except KnownError as error:
            if not published or error.mends_itself or error.kind in _NO_ANSWER:
                raise
        if published:  # after the other: a server that converts has written over it
            await publish(stream, wire.NODE, wire.ITEM, wire.build_newer(newer, profile))
        return Outcome.DONE

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """The person is told."""
        self._bus.publish(ActionFailed(row.account_id, row.kind.value, row.lane, error))
