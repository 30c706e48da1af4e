"""One account's session: hands what the stream tells to those whom it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.incoming import Incoming
from whimbrel.core.outbox import Outbox
from whimbrel.core.presence import Presences
from whimbrel.core.requests import Requests
from whimbrel.core.roster import Roster
from whimbrel.core.roster_sync import RosterSync
from whimbrel.core.stream import PasswordSource, Stream, StreamFactory
from whimbrel.core.worker import OutboxWorker
from whimbrel.model.account import Account, AccountId, ConnectionState, ConnectionStatus
from whimbrel.model.contact import Availability, Subscription
from whimbrel.model.envelope import Envelope
from whimbrel.model.errors import KnownError
from whimbrel.model.events import ConnectionChanged, StorageFailed
from whimbrel.model.jid import JID
from whimbrel.model.stream import PresenceStanza, RosterAnswer, RosterPush, SubscriptionStanza

_ENDED = (ConnectionState.OFFLINE, ConnectionState.FAILED)


@dataclass(frozen=True, slots=True)
class Parts:
    """What every session works with."""

    bus: Bus
    make_stream: StreamFactory
    make_worker: Callable[[AccountId, Stream], OutboxWorker]
    incoming: Incoming
    outbox: Outbox
    roster: Roster
    roster_sync: RosterSync
    presences: Presences
    requests: Requests
    features: Sequence[Feature]


class Session:
    """The StreamHandler of one account, over as many connections as it takes."""

    def __init__(self, account: Account, parts: Parts, password: PasswordSource) -> None:
        self._id = account.id
        self._own = account.jid.bare
        self._parts = parts
        self._online = False
        self.stream = parts.make_stream(account, self, password, lambda: parts.roster_sync.version(account.id))
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
        self._set_online(status.state is ConnectionState.ONLINE)
        self._parts.bus.publish(ConnectionChanged(self._id, status))

    def on_roster(self, answer: RosterAnswer) -> None:
        """The first roster: a new session begins."""
        self._parts.presences.begin(self._id)
        with self._telling():
            self._parts.outbox.begin_session(self._id)
            self._parts.roster_sync.take_answer(self._id, answer)

    def on_roster_push(self, push: RosterPush) -> None:
        """A contact changed."""
        with self._telling():
            self._parts.roster_sync.take_push(self._id, push)

    def on_presence(self, stanza: PresenceStanza) -> None:
        """Presence of a contact, or of our other resources; that strangers are there is not kept."""
        bare = stanza.sender.bare
        gone = stanza.presence.availability is Availability.OFFLINE
        if gone or bare == self._own or self._parts.roster.find(self._id, bare) is not None:
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

    def on_envelopes(self, envelopes: Sequence[Envelope]) -> None:
        """Messages arrived. Raises KnownError DISK_FULL where they are not on disk."""
        self._parts.incoming.receive(envelopes, self.stream)

    def on_acknowledged(self, wire_ids: Sequence[str]) -> None:
        """The server has messages of ours."""
        with self._telling():
            self._parts.outbox.acknowledged(self._id, wire_ids)

    def sees_us(self, jid: JID) -> bool:
        """Whether a contact sees our presence."""
        contact = self._parts.roster.find(self._id, jid)
        return contact is not None and contact.subscription in (Subscription.FROM, Subscription.BOTH)

    def _set_online(self, online: bool) -> None:
        if online == self._online:
            return
        self._online = online
        if online:
            self._parts.presences.resume(self._id)
            self._worker.start()
            for feature in self._parts.features:
                feature.on_online(self._id, self.stream)
        else:
            self._worker.stop()
            self._parts.presences.suspend(self._id)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What could not be written is told, not raised: the server tells it again with the next session."""
        try:
            yield
        except KnownError as error:
            self._parts.bus.publish(StorageFailed(error))
