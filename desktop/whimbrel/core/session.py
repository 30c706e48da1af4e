"""One account's session: hands what the stream tells to those whom it concerns."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.handover import Handover
from whimbrel.core.incoming import Incoming
from whimbrel.core.outbox import Outbox
from whimbrel.core.presence import Presences
from whimbrel.core.requests import Requests
from whimbrel.core.roster import Roster
from whimbrel.core.roster_sync import RosterSync
from whimbrel.core.stream import PasswordSource, Stream, StreamFactory
from whimbrel.core.tasks import Tasks
from whimbrel.core.worker import OutboxWorker
from whimbrel.model.account import Account, AccountId, ConnectionState, ConnectionStatus
from whimbrel.model.contact import Availability
from whimbrel.model.envelope import Envelope
from whimbrel.model.errors import KnownError
from whimbrel.model.events import ConnectionChanged, StorageFailed
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.model.stream import PresenceStanza, ResumableSession, RosterAnswer, RosterPush, SubscriptionStanza
from whimbrel.storage.sessions import SessionStore

_log = logging.getLogger(__name__)

_PATIENCE = (2.0, 5.0, 15.0)  # seconds between tries to find out what the server has
_DISK_PATIENCE = 30.0  # seconds until the disk may have room
_ENDED = (ConnectionState.OFFLINE, ConnectionState.FAILED)


@dataclass(frozen=True, slots=True)
class Parts:
    """What every session works with."""

    bus: Bus
    make_stream: StreamFactory
    make_worker: Callable[[AccountId, Stream], OutboxWorker]
    incoming: Incoming
    outbox: Outbox
    handover: Handover
    roster: Roster
    roster_sync: RosterSync
    presences: Presences
    requests: Requests
    sessions: SessionStore
    tasks: Tasks
    features: Sequence[Feature]


class Session:
    """The StreamHandler of one account, over as many connections as it takes."""

    def __init__(self, account: Account, parts: Parts, password: PasswordSource) -> None:
        self._id = account.id
        self._own = account.jid.bare
        self._parts = parts
        self._online = False
        self._confirming: asyncio.Task[None] | None = None
        self.stream = parts.make_stream(
            account,
            self,
            password,
            lambda: parts.roster_sync.version(account.id),
            lambda: parts.sessions.find_session(account.id),
        )
        self._worker = parts.make_worker(account.id, self.stream)

    def start(self) -> None:
        """Show our presence; connect, unless that was done, and stay connected."""
        self._parts.outbox.attach(self._id, self._worker)
        self.stream.send_presence(self._parts.presences.effective)
        self.stream.start()

    async def stop(self) -> None:
        """Close the stream properly."""
        await self.stream.stop()
        self._set_online(False)
        self._parts.outbox.attach(self._id, None)

    # the stream's word

    def on_status(self, status: ConnectionStatus) -> None:
        """The connection entered another state."""
        if status.state in _ENDED:
            self._parts.presences.forget(self._id)
        self._set_online(status.state is ConnectionState.ONLINE, resumed=status.resumed)
        self._parts.bus.publish(ConnectionChanged(self._id, status))

    def on_roster(self, answer: RosterAnswer) -> None:
        """The first roster: a new session begins."""
        self._parts.presences.begin(self._id)
        with self._telling():
            self._parts.handover.begin_session(self._id)
            self._parts.roster_sync.take_answer(self._id, answer)

    def on_session(self, session: ResumableSession | None) -> None:
        """A session began."""
        with self._telling():
            self._parts.handover.forget_sequences(self._id)  # first: the program may end between the two
            self._parts.sessions.set_session(self._id, session)

    def on_recovered(self, handled: int) -> None:
        """The session of before the program's start is known still."""
        with self._telling():
            self._parts.handover.recovered(self._id, handled)

    def on_counted(self, handled: int) -> None:
        """Stanzas of the server's are done with. Raises KnownError DISK_FULL where that is not on disk."""
        self._parts.sessions.set_handled(self._id, handled)

    def on_roster_push(self, push: RosterPush) -> None:
        """A contact changed."""
        with self._telling():
            self._parts.roster_sync.take_push(self._id, push)

    def on_presence(self, stanza: PresenceStanza) -> None:
        """Presence of a contact, or of our other resources; that strangers are there is not kept."""
        bare = stanza.sender.bare
        gone = stanza.presence.availability is Availability.OFFLINE
        if gone or bare == self._own or self._parts.roster.find(self._id, bare) is not None:
            self._each_feature(lambda feature: feature.on_presence(self._id, stanza))
            self._parts.presences.take(self._id, stanza)

    def on_subscription(self, stanza: SubscriptionStanza) -> None:
        """A subscription is asked for, granted, ended or refused."""
        if stanza.sender.bare == self._own:
            return
        with self._telling():
            if stanza.kind == "unsubscribed":
                self._parts.roster_sync.take_unsubscribed(self._id, stanza.sender.bare)
            else:
                self._parts.requests.take(self._id, stanza)

    def on_envelopes(self, envelopes: Sequence[Envelope], handled: int | None = None) -> None:
        """Messages arrived. Raises KnownError DISK_FULL where they are not on disk."""

        def count() -> None:
            if handled is not None:
                self._parts.sessions.set_handled(self._id, handled)

        self._parts.incoming.receive(envelopes, self.stream, count)

    def on_acknowledged(self, wire_ids: Sequence[str]) -> None:
        """The server has messages of ours."""
        with self._telling():
            self._parts.handover.acknowledged(self._id, wire_ids)

    def sees_us(self, jid: JID) -> bool:
        """Whether a contact sees our presence."""
        return self._parts.roster.sees_us(self._id, jid)

    def _set_online(self, online: bool, *, resumed: bool = False) -> None:
        if online == self._online:
            return
        self._online = online
        if not online:
            self._worker.stop()
            self._parts.presences.suspend(self._id)
            if self._confirming is not None:
                self._confirming.cancel()
            return
        self._parts.presences.resume(self._id)
        self._worker.start()
        self._each_feature(lambda feature: feature.on_online(self._id, self.stream, resumed=resumed))
        if messages := self._parts.handover.unconfirmed(self._id):
            self._confirming = self._parts.tasks.start(self._confirm(messages), name="confirm what was sent")

    def _each_feature(self, tell: Callable[[Feature], None]) -> None:
        """Each in its own right: a fault of one is loud, and takes the session from no other."""
        for feature in self._parts.features:
            try:
                tell(feature)
            except KnownError as error:
                self._parts.bus.publish(StorageFailed(error))
            except Exception as error:  # noqa: BLE001 - loud; and the session is the other features' too
                self._parts.bus.on_fault(error)

    async def _confirm(self, messages: Sequence[Message]) -> None:
        """Find out what of ours the server has; then send the rest again.

        Where an archive keeps failing while the stream lives, the rest goes out all the same, under its ids.
        """
        left: Sequence[Feature] = self._parts.features
        for seconds in (*_PATIENCE, None):
            left = [feature for feature in left if not await self._looks(feature, messages)]
            if not left:
                break
            if seconds is not None:
                await asyncio.sleep(seconds)
        await self._requeue()

    async def _looks(self, feature: Feature, messages: Sequence[Message]) -> bool:
        """Whether a feature could look for messages. A fault of ours proves as little as no answer does."""
        try:
            await feature.confirm_sent(self._id, self.stream, messages)
        except KnownError as error:
            _log.debug("what the server has of ours is not known yet: %s", error)
            return False
        except Exception as error:  # noqa: BLE001 - loud; and it is tried again, for what it would have found
            self._parts.bus.on_fault(error)
            return False
        return True

    async def _requeue(self) -> None:
        """Send again what is unconfirmed still, as soon as the disk lets us."""
        while True:
            try:
                self._parts.handover.requeue(self._id)
                return
            except KnownError as error:
                self._parts.bus.publish(StorageFailed(error))
            await asyncio.sleep(_DISK_PATIENCE)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What cannot be written is told, and ends the stream: the server tells it again with the next one."""
        try:
            yield
        except KnownError as error:
            self._parts.bus.publish(StorageFailed(error))
            raise
