"""An account's connection: comes up stage by stage, stays up, comes back. The only owner of reconnecting."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import ssl
from collections.abc import Awaitable, Callable, Sequence

from slixmpp.jid import InvalidJID as SlixmppInvalidJID

from whimbrel.model.account import Account, ConnectionState, ConnectionStatus
from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.model.stream import ResumableSession, Support
from whimbrel.xmpp.answers import Answers
from whimbrel.xmpp.backoff import Backoff
from whimbrel.xmpp.binding import Binding
from whimbrel.xmpp.boundary import guard
from whimbrel.xmpp.client import Client
from whimbrel.xmpp.dialer import Dialer
from whimbrel.xmpp.handler import ClientExtension, ConnectionHandler, Tap
from whimbrel.xmpp.resolver import Lookup
from whimbrel.xmpp.returning import Returning
from whimbrel.xmpp.sending import Sending
from whimbrel.xmpp.session import USUAL_WATCH, Session, Watch
from whimbrel.xmpp.sessions import Sessions
from whimbrel.xmpp.synchronising import synchronise

log = logging.getLogger(__name__)

_CLOSE_SECONDS = 3.0


class Connection(Sending):
    """Connects one account and keeps it connected; satisfies ``core.stream.Stream``.

    Args:
        handler: told synchronously what happens.
        password: asked before each attempt to connect.
        roster_version: the version of the roster on disk, None where there is none.
        saved_session: the session that was on disk when the program started, None where there is none.
        deadline: seconds that each stage may take.
        watch: how the server is watched once online.
        tap: is told of all that is said and heard.
    """

    def __init__(
        self,
        account: Account,
        handler: ConnectionHandler,
        password: Callable[[], Awaitable[str]],
        roster_version: Callable[[], str | None],
        saved_session: Callable[[], ResumableSession | None] = lambda: None,
        *,
        features: Sequence[ClientExtension] = (),
        deadline: float = 15.0,
        watch: Watch = USUAL_WATCH,
        lookup: Lookup | None = None,
        backoff: Backoff | None = None,
        tap: Tap | None = None,
    ) -> None:
        self._account = account
        self._tap = tap
        self._handler = handler
        self._password = password
        self._roster_version = roster_version
        self._features = features
        self._deadline = deadline
        self._watch = watch
        answers = Answers(account.id, features)
        self._sessions = Sessions(account, handler, answers, saved_session, f"whimbrel.{secrets.token_hex(4)}")
        self._returning = Returning(backoff or Backoff())
        self._dialer = Dialer(
            account.jid.domain,
            account.settings,
            deadline=deadline,
            on_stage=self._on_stage,
            lookup=lookup,
            trusted=account.certificate,
        )
        self._status = ConnectionStatus(ConnectionState.OFFLINE)
        self._presence = OwnPresence()
        self._active = True
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._mechanism = account.mechanism  # the strongest ever offered: less would be a downgrade
        self._retry = asyncio.Event()
        self._client: Client | None = None

    # its life

    @property
    def status(self) -> ConnectionStatus:
        """The present state."""
        return self._status

    @property
    def support(self) -> Support:
        """What can be used in this session; known from ``on_roster`` on, kept when it is resumed."""
        session = self._sessions.session
        return session.support if session is not None else Support()

    @property
    def next_sequence(self) -> int | None:
        """The number that the next stanza of ours will have (XEP-0198; the first has 1).

        None in a session that cannot be resumed.
        """
        session = self._sessions.session
        management = session.management if session is not None else None
        return management.next_sequence if management is not None and management.resumable else None

    def start(self) -> None:
        """Connect and stay connected. Does nothing where it already runs."""
        if self._task is None or self._task.done():
            self._stopping = False
            self._task = asyncio.get_running_loop().create_task(self._run(), name=f"connection of {self._account.jid}")

    def retry_now(self) -> None:
        """End a wait at once; also leaves FAILED, for one more try."""
        self._retry.set()

    def check_now(self) -> None:
        """Something happened to the network or the machine: make sure of the server, or end a wait."""
        state = self._status.state
        session = self._sessions.session
        if state is ConnectionState.ONLINE and session is not None:
            session.check()
        elif state is not ConnectionState.FAILED:
            self._returning.hurry()
            if state is ConnectionState.WAITING:
                self._retry.set()

    async def stop(self) -> None:
        """Send unavailable presence, close the stream properly (at most 3 s) and become OFFLINE."""
        task, self._task = self._task, None
        if task is not None:
            self._stopping = True
            client, session = self._client, self._sessions.session
            try:
                if client is not None and session is not None and session.client is client and session.ready:
                    session.send_presence(OwnPresence(Availability.OFFLINE))
                    await client.close(_CLOSE_SECONDS)
            finally:
                task.cancel()
            await asyncio.wait({task})
        self._sessions.forget()
        self._set(ConnectionState.OFFLINE)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._retry.clear()
            error = await self._attempt()
            if self._stopping:
                return
            was_online = self._status.state is ConnectionState.ONLINE
            if error.kind is ErrorKind.RESOURCE_CONFLICT:
                self._sessions.forget()
            if not self._returning.comes_back(error):
                self._set(ConnectionState.FAILED, error)
                await self._retry.wait()
                self._returning.reset()
                continue
            wait = self._returning.next_wait(error, lost=was_online and self._sessions.session is not None)
            if not wait:
                self._set(ConnectionState.RESOLVING)
            else:
                self._set(ConnectionState.WAITING, error, loop.time() + wait)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._retry.wait()

    async def _attempt(self) -> KnownError:
        """Connect once and stay until the stream ends; returns why it ended."""
        try:
            password = await self._password()
            last = self._sessions.last()
            first = self._returning.take_elsewhere() or (last.location if last is not None else "")
            self._client = await self._dialer.dial(lambda context: self._make_client(password, context), first)
            return await self._live(self._client)
        except KnownError as error:
            return error
        except Exception as error:  # a fault of ours must not end the reconnecting for good
            log.exception("connecting failed for a reason that is not known")
            stage = self._status.state.value
            return KnownError(ErrorKind.STREAM_ERROR, f"{type(error).__name__}: {error}", stage=stage)
        finally:
            self._drop()

    def _make_client(self, password: str, context: ssl.SSLContext) -> Client:
        jid = self._account.jid.bare.with_resource(self._sessions.resource)
        try:
            client = Client(jid, password, context, mechanism=self._mechanism)
        except SlixmppInvalidJID as error:
            raise KnownError(ErrorKind.ADDRESS_INVALID, str(error), subject=str(jid)) from error
        if self._tap is not None:
            client.tap = self._tap
        return client

    async def _live(self, client: Client) -> KnownError:
        """Take a secured stream through its remaining stages, then stay until its end."""
        binding = Binding(client, self._sessions.resource, self._sessions.last(), self._sessions)
        self._on_stage(ConnectionState.AUTHENTICATING)
        client.stage = ConnectionState.AUTHENTICATING
        await self._within(client, client.authenticated_at, ConnectionState.AUTHENTICATING)
        self._mechanism = client.mechanism
        self._on_stage(ConnectionState.BINDING)
        await self._within(client, binding.done, ConnectionState.BINDING)
        session = self._sessions.session
        if session is None:
            client.fail(ErrorKind.STREAM_ERROR, "no session")  # unless it ended because the disk could not keep that
            return client.ended.result()
        if not session.ready:
            await self._synchronise(client, session)
        if not client.ended.done():
            self._go_online(client, session)
        return await asyncio.shield(client.ended)

    async def _synchronise(self, client: Client, session: Session) -> None:
        self._on_stage(ConnectionState.SYNCHRONISING)
        version = self._roster_version()
        work = asyncio.ensure_future(
            synchronise(session, client, self._account.id, version, self._features, self._deadline)
        )
        try:
            await client.until(work)
            work.result()
        finally:
            work.cancel()

    def _go_online(self, client: Client, session: Session) -> None:
        resumed, session.was_online = session.was_online, True
        client.stage = ConnectionState.ONLINE
        self._returning.succeeded()
        session.watch(self._watch)
        if session.recovered:
            session.send_presence(OwnPresence(Availability.OFFLINE))
            session.recovered = False
        if self._presence.availability is not Availability.OFFLINE or resumed:
            session.send_presence(self._presence)
        session.send_active(self._active)
        self._set(ConnectionState.ONLINE, full_jid=session.own, resumed=resumed)

    async def _within(self, client: Client, step: asyncio.Future[None], stage: ConnectionState) -> None:
        try:
            async with asyncio.timeout(self._deadline):
                await client.until(step)
        except TimeoutError as error:
            raise KnownError(ErrorKind.NO_ANSWER, subject=self._account.jid.domain, stage=stage.value) from error

    def _drop(self) -> None:
        """Let go of the stream."""
        client, self._client = self._client, None
        if client is not None:
            self._mechanism = client.mechanism
            self._returning.send_to(client.redirection)
            client.fail(ErrorKind.CONNECTION_LOST, "dropped")
            client.abort()
        self._sessions.end_stream()

    def _on_stage(self, stage: ConnectionState) -> None:
        if self._status.state is not stage:
            self._set(stage)

    def _set(
        self,
        state: ConnectionState,
        error: KnownError | None = None,
        retry_at: float | None = None,
        *,
        full_jid: JID | None = None,
        resumed: bool = False,
    ) -> None:
        status = ConnectionStatus(state, error, retry_at, full_jid, self._mechanism, resumed)
        if status != self._status:
            self._status = status
            log.info("connection %d: %s", self._account.id, state.value)
            guard(self._handler.on_status)(status)

    # what it sends

    def send_presence(self, presence: OwnPresence) -> None:
        """Broadcast presence; remembered, and sent again by itself in each new session."""
        self._presence = presence
        if self._status.state is ConnectionState.ONLINE:
            with contextlib.suppress(KnownError):  # the stream has just ended: it goes out with the next one
                self._online().send_presence(presence)

    def set_active(self, active: bool) -> None:
        """Whether the person is looking (XEP-0352); remembered, and told again in each session."""
        if active is not self._active:
            self._active = active
            if self._status.state is ConnectionState.ONLINE:
                with contextlib.suppress(KnownError):
                    self._online().send_active(active)

    def _open(self) -> Session:
        """The session, where it takes requests: from ``on_roster`` on."""
        session = self._sessions.session
        if session is None or not session.ready or session.client is None or self._stopping:
            raise KnownError(ErrorKind.NOT_CONNECTED)
        return session

    def _online(self) -> Session:
        if self._status.state is not ConnectionState.ONLINE:
            raise KnownError(ErrorKind.NOT_CONNECTED)
        return self._open()
