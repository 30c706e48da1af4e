"""An account's connection: comes up stage by stage, stays up, comes back. The only owner of reconnecting."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import ssl
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from slixmpp.jid import InvalidJID as SlixmppInvalidJID

from whimbrel.model.account import Account, ConnectionState, ConnectionStatus
from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.model.stream import ResumableSession, Support
from whimbrel.xmpp.answers import Answers
from whimbrel.xmpp.backoff import Backoff
from whimbrel.xmpp.boundary import guard
from whimbrel.xmpp.client import Client
from whimbrel.xmpp.dialer import Dialer
from whimbrel.xmpp.messages import build_extension, build_message
from whimbrel.xmpp.presence import build_presence, build_subscription
from whimbrel.xmpp.resolver import Lookup
from whimbrel.xmpp.roster import build_item, build_removal
from whimbrel.xmpp.session import Session, SessionHandler

log = logging.getLogger(__name__)

_CLOSE_SECONDS = 3.0
_STEADY_SECONDS = 60.0  # online for this long: the next fault begins with the shortest wait again


class ConnectionHandler(SessionHandler, Protocol):
    """What a connection tells; see ``core.stream.StreamHandler``."""

    def on_status(self, status: ConnectionStatus) -> None:
        """The connection entered another state."""


class ClientExtension(Protocol):
    """What a feature adds to every stream."""

    @property
    def namespaces(self) -> Sequence[str]:
        """What it adds to our service discovery (XEP-0030)."""


class Connection:
    """Connects one account and keeps it connected; satisfies ``core.stream.Stream``.

    Args:
        handler: told synchronously what happens.
        password: asked before each attempt to connect.
        roster_version: the version of the roster on disk, None where there is none.
        saved_session: the session that was on disk when the program started, None where there is none.
        deadline: seconds that each stage may take.
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
        lookup: Lookup | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self._account = account
        self._handler = handler
        self._password = password
        self._roster_version = roster_version
        self._saved_session = saved_session
        self._answers = Answers(namespace for feature in features for namespace in feature.namespaces)
        self._deadline = deadline
        self._backoff = backoff or Backoff()
        resource = account.settings.resource or f"whimbrel.{secrets.token_hex(4)}"
        self._jid = account.jid.bare.with_resource(resource)
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
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._mechanism = account.mechanism  # the strongest ever offered: less would be a downgrade
        self._retry = asyncio.Event()
        self._client: Client | None = None
        self._session: Session | None = None

    # its life

    @property
    def status(self) -> ConnectionStatus:
        """The present state."""
        return self._status

    @property
    def support(self) -> Support:
        """What can be used in this session; known from ``on_roster`` on."""
        return self._session.support if self._session is not None else Support()

    @property
    def next_sequence(self) -> int | None:
        """The number that the next stanza of ours will have (XEP-0198), None where they are not counted."""
        return None

    def check_now(self) -> None:
        """Make sure of the server, or end a wait."""
        if self._status.state is ConnectionState.WAITING:
            self.retry_now()

    def set_active(self, active: bool) -> None:
        """Whether the person is looking (XEP-0352)."""

    def start(self) -> None:
        """Connect and stay connected. Does nothing where it already runs."""
        if self._task is None or self._task.done():
            self._stopping = False
            self._task = asyncio.get_running_loop().create_task(self._run(), name=f"connection of {self._account.jid}")

    def retry_now(self) -> None:
        """End a wait at once; also leaves FAILED, for one more try."""
        self._retry.set()

    async def stop(self) -> None:
        """Send unavailable presence, close the stream properly (at most 3 s) and become OFFLINE."""
        task, self._task = self._task, None
        if task is not None:
            self._stopping = True
            client = self._client
            if client is not None and self._session is not None:
                client.send_element(build_presence(OwnPresence(Availability.OFFLINE)))
                await client.close(_CLOSE_SECONDS)
            task.cancel()
            await asyncio.wait({task})
        self._set(ConnectionState.OFFLINE)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._retry.clear()
            began = loop.time()
            error = await self._attempt()
            if self._stopping:
                return
            if self._status.state is ConnectionState.ONLINE and loop.time() - began >= _STEADY_SECONDS:
                self._backoff.reset()
            if not error.mends_itself:
                self._set(ConnectionState.FAILED, error)
                await self._retry.wait()
                self._backoff.reset()
                continue
            wait = self._backoff.next_wait()
            self._set(ConnectionState.WAITING, error, loop.time() + wait)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._retry.wait()

    async def _attempt(self) -> KnownError:
        """Connect once and stay until the stream ends; returns why it ended."""
        try:
            password = await self._password()
            self._client = await self._dialer.dial(lambda context: self._make_client(password, context))
            return await self._live(self._client)
        except KnownError as error:
            return error
        except Exception as error:
            log.exception("connecting failed for a reason that is not known")
            stage = self._status.state.value
            return KnownError(ErrorKind.STREAM_ERROR, f"{type(error).__name__}: {error}", stage=stage)
        finally:
            self._drop()

    def _make_client(self, password: str, context: ssl.SSLContext) -> Client:
        try:
            return Client(self._jid, password, context, mechanism=self._mechanism)
        except SlixmppInvalidJID as error:
            raise KnownError(ErrorKind.ADDRESS_INVALID, str(error), subject=str(self._jid)) from error

    async def _live(self, client: Client) -> KnownError:
        """Take a secured stream through its remaining stages, then stay until its end."""
        self._on_stage(ConnectionState.AUTHENTICATING)
        client.stage = ConnectionState.AUTHENTICATING
        await self._within(client, client.authenticated_at, ConnectionState.AUTHENTICATING)
        self._mechanism = client.mechanism
        self._on_stage(ConnectionState.BINDING)
        await self._within(client, client.negotiated, ConnectionState.BINDING)
        own = _bound_address(client)
        session = Session(client, self._account.id, own, self._handler, self._answers, self._deadline)
        client.stage = ConnectionState.SYNCHRONISING
        self._on_stage(ConnectionState.SYNCHRONISING)
        watching = asyncio.ensure_future(session.watch())
        try:
            await session.fetch_roster(self._roster_version())
            if not client.ended.done():
                self._go_online(client, session)
            return await watching
        except KnownError as error:
            return client.ended.result() if client.ended.done() else error
        finally:
            watching.cancel()
            session.close()

    def _go_online(self, client: Client, session: Session) -> None:
        self._session = session
        client.stage = ConnectionState.ONLINE
        if self._presence.availability is not Availability.OFFLINE:
            client.send_element(build_presence(self._presence))
        self._set(ConnectionState.ONLINE, full_jid=session.own)

    async def _within(self, client: Client, step: asyncio.Future[None], stage: ConnectionState) -> None:
        try:
            async with asyncio.timeout(self._deadline):
                await client.until(step)
        except TimeoutError as error:
            raise KnownError(ErrorKind.NO_ANSWER, subject=self._account.jid.domain, stage=stage.value) from error

    def _drop(self) -> None:
        """Let go of the stream."""
        client, self._client, self._session = self._client, None, None
        if client is not None:
            self._mechanism = client.mechanism
            client.fail(ErrorKind.CONNECTION_LOST, "dropped")
            client.abort()

    def _on_stage(self, stage: ConnectionState) -> None:
        if self._status.state is not stage and self._status.state is not ConnectionState.ONLINE:
            self._set(stage)

    def _set(
        self,
        state: ConnectionState,
        error: KnownError | None = None,
        retry_at: float | None = None,
        full_jid: JID | None = None,
    ) -> None:
        status = ConnectionStatus(state, error, retry_at, full_jid, self._mechanism)
        if status != self._status:
            self._status = status
            guard(self._handler.on_status)(status)

    # what it sends

    def send_presence(self, presence: OwnPresence) -> None:
        """Broadcast presence; remembered, and sent again by itself in each new session."""
        self._presence = presence
        if self._client is not None and self._session is not None:
            self._client.send_element(build_presence(presence))

    def send_message(self, message: OutgoingMessage) -> None:
        """Hand a message over and ask the server to acknowledge it. Raises KnownError(NOT_CONNECTED) unless ONLINE.

        A server without XEP-0198 acknowledges nothing: then it counts as acknowledged when an answer to a later
        ping proves that the server has read it.
        """
        client, session = self._online()
        client.send_element(build_message(message))
        if client.acknowledges:
            client.ask_for_acknowledgement()
        else:
            session.confirm_by_ping(message.wire_id)

    def send_extension(self, to: JID, type_: str, wire_id: str, extensions: tuple[ET.Element, ...]) -> None:
        """Send a message stanza without a body. Raises KnownError(NOT_CONNECTED) unless ONLINE."""
        self._online()[0].send_element(build_extension(to, type_, wire_id, extensions))

    def send_subscription(self, to: JID, kind: str, message: str = "") -> None:
        """Send subscribe, subscribed, unsubscribe or unsubscribed. Raises KnownError(NOT_CONNECTED) unless ONLINE."""
        self._online()[0].send_element(build_subscription(to, kind, message))

    async def request(self, kind: str, to: JID | None, payload: ET.Element, *, timeout: float = 15.0) -> ET.Element:
        """Send an iq (``kind``: get or set) and return the answer's whole ``<iq/>``. ``to`` None: our own server.

        Raises:
            KnownError: NOT_CONNECTED, NO_ANSWER, or what the error stanza means (``xmpp/errors.py``).
        """
        return await self._online()[1].ask(kind, to, payload, timeout)

    async def collect(
        self,
        to: JID | None,
        payload: ET.Element,
        belongs: Callable[[ET.Element], bool],
        *,
        timeout: float = 30.0,
    ) -> tuple[ET.Element, list[ET.Element]]:
        """Send an iq of type set; return its answer, and the messages before it that belong to it (XEP-0313).

        Raises:
            KnownError: as :meth:`request`.
        """
        return await self._online()[1].collect(to, payload, belongs, timeout)

    async def set_contact(self, jid: JID, name: str, groups: frozenset[str]) -> None:
        """Add or change a roster entry (RFC 6121 section 2.3). Raises KnownError as :meth:`request`."""
        await self.request("set", None, build_item(jid, name, groups))

    async def remove_contact(self, jid: JID) -> None:
        """Remove a roster entry and both subscriptions (RFC 6121 section 2.5). Raises KnownError as :meth:`request`."""
        await self.request("set", None, build_removal(jid))

    def _online(self) -> tuple[Client, Session]:
        if self._client is None or self._session is None or self._client.ended.done():
            raise KnownError(ErrorKind.NOT_CONNECTED)
        return self._client, self._session


def _bound_address(client: Client) -> JID:
    """The full address that the server gave us."""
    try:
        return JID.parse(str(client.boundjid))
    except InvalidJID as error:
        raise KnownError(
            ErrorKind.STREAM_ERROR, f"bound to {client.boundjid}", stage=ConnectionState.BINDING.value
        ) from error
