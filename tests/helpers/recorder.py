"""A stream handler that notes what it is told and lets a test wait for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from tests.helpers.certificates import Authority
from tests.helpers.hostile import HostileServer, Peer
from whimbrel.model.account import Account, AccountId, ConnectionSettings, ConnectionState, ConnectionStatus, Security
from whimbrel.model.contact import Contact
from whimbrel.model.envelope import Envelope
from whimbrel.model.errors import KnownError
from whimbrel.model.jid import JID
from whimbrel.model.stream import PresenceStanza, ResumableSession, RosterAnswer, RosterPush, SubscriptionStanza
from whimbrel.xmpp.backoff import Backoff
from whimbrel.xmpp.connection import Connection
from whimbrel.xmpp.handler import ClientExtension
from whimbrel.xmpp.resolver import Lookup
from whimbrel.xmpp.session import USUAL_WATCH, Watch


class Recorder:
    """Notes everything; ``wait_for`` returns when a condition over it holds."""

    def __init__(self) -> None:
        self.statuses: list[ConnectionStatus] = []
        self.rosters: list[RosterAnswer] = []
        self.pushes: list[RosterPush] = []
        self.presences: list[PresenceStanza] = []
        self.subscriptions: list[SubscriptionStanza] = []
        self.envelopes: list[Envelope] = []
        self.acknowledged: list[str] = []
        self.sessions: list[ResumableSession | None] = []
        self.recovered: list[int] = []
        self.counted: list[int] = []
        self.version: str | None = None
        self.contacts: dict[JID, Contact] = {}
        self.on_next_envelope: Callable[[Envelope], None] | None = None
        self._changed = asyncio.Event()

    def on_status(self, status: ConnectionStatus) -> None:
        self.statuses.append(status)
        self._changed.set()

    def on_roster(self, answer: RosterAnswer) -> None:
        self.rosters.append(answer)
        self.version = answer.version
        self._changed.set()

    def on_roster_push(self, push: RosterPush) -> None:
        self.pushes.append(push)
        self.version = push.version
        self._changed.set()

    def on_presence(self, stanza: PresenceStanza) -> None:
        self.presences.append(stanza)
        self._changed.set()

    def on_subscription(self, stanza: SubscriptionStanza) -> None:
        self.subscriptions.append(stanza)
        self._changed.set()

    def on_session(self, session: ResumableSession | None) -> None:
        self.sessions.append(session)
        self._changed.set()

    def on_recovered(self, handled: int) -> None:
        self.recovered.append(handled)
        self._changed.set()

    def on_counted(self, handled: int) -> None:
        self.counted.append(handled)
        self._changed.set()

    def on_envelopes(self, envelopes: Sequence[Envelope], handled: int | None = None) -> None:
        if handled is not None:
            self.counted.append(handled)
        self._changed.set()
        for envelope in envelopes:
            if self.on_next_envelope is not None:
                self.on_next_envelope(envelope)
            self.envelopes.append(envelope)

    def on_acknowledged(self, wire_ids: Sequence[str]) -> None:
        self.acknowledged += wire_ids
        self._changed.set()

    def sees_us(self, jid: JID) -> bool:
        return True

    async def wait_for(self, condition: Callable[[], object], seconds: float = 20.0) -> None:
        """Wait until something noted makes the condition true."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def wait_for_state(self, *states: ConnectionState) -> ConnectionStatus:
        """Wait for the next time that the connection is in one of these states."""
        await self.wait_for(lambda: self.statuses and self.statuses[-1].state in states)
        return self.statuses[-1]

    async def outcome(self) -> KnownError | None:
        """How an attempt to connect ends: None for online."""
        status = await self.wait_for_state(ConnectionState.ONLINE, ConnectionState.WAITING, ConnectionState.FAILED)
        return status.error


def connection(
    recorder: Recorder,
    *,
    jid: str = "alice@example.test",
    password: str = "secret",
    host: str = "127.0.0.1",
    port: int = 0,
    security: Security = Security.STARTTLS,
    deadline: float = 10.0,
    lookup: Lookup | None = None,
    mechanism: str = "",
    certificate: str = "",
    saved: ResumableSession | None = None,
    resource: str = "",
    watch: Watch = USUAL_WATCH,
    features: Sequence[ClientExtension] = (),
) -> Connection:
    """A connection that tells a recorder; its first retry is far away."""
    settings = ConnectionSettings(host, port, security, resource)

    async def give_password() -> str:
        return password

    return Connection(
        Account(AccountId(1), JID.parse(jid), settings, mechanism=mechanism, certificate=certificate),
        recorder,
        give_password,
        lambda: recorder.version,
        lambda: saved,
        features=features,
        watch=watch,
        deadline=deadline,
        lookup=lookup,
        backoff=Backoff(first=100),
    )


@asynccontextmanager
async def signed_in(
    authority: Authority, *offer: str, items: str = ""
) -> AsyncIterator[tuple[Connection, Recorder, Peer]]:
    """A connection that is online at a scripted server, which offers this beside binding."""
    ready = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.sign_in("alice@example.test/desk", items, *offer)
        ready.set()
        await asyncio.Event().wait()

    recorder = Recorder()
    async with HostileServer(script, certificate=authority.issue("example.test")) as server:
        stream = connection(recorder, port=server.port)
        stream.start()
        assert await recorder.outcome() is None
        await ready.wait()
        yield stream, recorder, server.peers[0]
        with contextlib.suppress(ConnectionError):
            await server.peers[0].send("</stream:stream>")
        await stream.stop()
