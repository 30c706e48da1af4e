"""Who is fuzzed: the whole core with a real stream and a real database, at the scripted server; and what must hold."""

from __future__ import annotations

import asyncio
import logging
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from tests.fuzz.archive import Archive
from tests.fuzz.server import OWN, Responder
from tests.helpers.certificates import Authority
from tests.helpers.hostile import HostileServer
from tests.helpers.real_core import RealCore
from whimbrel.model.account import AccountId, ConnectionSettings, ConnectionState, ConnectionStatus, Security
from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.errors import KnownError
from whimbrel.model.events import ConnectionChanged, ContactChanged, MessageAdded, RosterReplaced
from whimbrel.model.jid import JID

GOOD = None
"""In a batch: the place of an honest message."""

Batch = Sequence[bytes | None]

OLD = 300
"""Messages that the archive has from the beginning."""

_SECONDS = 30.0
_ATTEMPTS = 3
_OUTCOMES = (ConnectionState.ONLINE, ConnectionState.WAITING, ConnectionState.FAILED)
_EXPECTED = "Inconsistent sequence numbers from the server"  # slixmpp's, about an <a/> that makes no sense
_FRIEND = "alice@example.test"
_REFUSED = "{jabber:client}error/{urn:ietf:params:xml:ns:xmpp-stanzas}service-unavailable"


class Finding(Exception):
    """Something that must hold does not."""


class Listener(logging.Handler):
    """Keeps what is logged at ERROR and above, whoever logs it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one that is not expected."""
        if not record.getMessage().startswith(_EXPECTED):
            self.lines.append(logging.Formatter().format(record)[-3000:])


class World:
    """A victim that is online at a server which says what it is given to say."""

    def __init__(self, core: RealCore, account_id: AccountId, responder: Responder, archive: Archive) -> None:
        self.core = core
        self.responder = responder
        self.counts: Counter[str] = Counter()
        self._account_id = account_id
        self.archive = archive
        self._good: list[str] = []
        self._missing: set[str] = set()
        self._trusted = {JID.parse(OWN), JID.parse("example.test")}  # who may know that it is there
        self._outcome: ConnectionState | None = None  # of the latest attempt to connect
        self._ended_with = ""  # why the latest stream ended
        self._changed = asyncio.Event()
        self._loads: list[asyncio.Future[None]] = []
        self._listener = Listener()

    def __enter__(self) -> World:
        logging.getLogger().addHandler(self._listener)
        self.core.services.bus.subscribe(MessageAdded, self._on_added)
        self.core.services.bus.subscribe(ConnectionChanged, self._on_connection)
        self.core.services.bus.subscribe(ContactChanged, lambda event: self._on_contact(event.contact))
        self.core.services.bus.subscribe(RosterReplaced, lambda _: self._on_roster())
        self._on_roster()
        return self

    def __exit__(self, *_: object) -> None:
        for load in self._loads:
            load.cancel()
        logging.getLogger().removeHandler(self._listener)

    @property
    def status(self) -> ConnectionStatus:
        """How its stream is."""
        return self.core.services.accounts.status(self._account_id)

    @property
    def online(self) -> bool:
        """Whether its stream is up."""
        return self.status.state is ConnectionState.ONLINE

    async def say(self, batch: Batch) -> None:
        """Send a batch and wait until its honest messages are on disk. Raises Finding."""
        assert self.responder.peer is not None
        pieces = [self._good_message() if piece is GOOD else piece for piece in batch]
        try:
            await self.responder.peer.send(*pieces)
        except ConnectionError:
            self.counts["cut while sending"] += 1
        await self._until(lambda: not self._missing or not self.online)
        self._check()
        if self._missing:
            raise Finding(f"the stream ended and {min(self._missing)} is not stored: {self.status.error}")

    def act(self, random: Random) -> None:
        """Do what a person does: write, look at a conversation, scroll back in one."""
        services = self.core.services
        conversations = services.conversations.list_conversations()
        if not conversations or random.random() < 0.3:
            friend = services.conversations.open(self._account_id, JID.parse(_FRIEND))
            services.outbox.submit(friend.id, f"mine {random.random()}")
            return
        chosen = random.choice(conversations).id
        viewed = random.random() < 0.5
        services.unread.set_viewed(chosen, viewed)
        services.history.set_shown(chosen, viewed)
        gaps = services.history.coverage(chosen).gaps
        gap = random.choice(gaps) if gaps and random.random() < 0.5 else None
        self._loads.append(asyncio.ensure_future(services.history.load(chosen, gap)))

    async def reconnect(self) -> None:
        """End the connection from the server's side and have another. Raises Finding."""
        assert self.responder.peer is not None
        await self.responder.peer.close()
        await self._until(lambda: not self.online)
        self.counts[f"ended with {self._ended_with}"] += 1
        for _ in range(_ATTEMPTS):
            self.counts["connections"] += 1
            self._outcome = None
            self.core.services.accounts.retry_now(self._account_id)
            await self._until(lambda: self._outcome is not None)
            if self.online:
                async with asyncio.timeout(_SECONDS):
                    await self.responder.online.wait()
                self._check()
                return
        raise Finding(f"it does not come back: {self.status.error}")

    def check_stored(self) -> None:
        """Every honest message is on disk, once. Raises Finding."""
        rows = self.core.database.rows("SELECT body, COUNT(*) FROM message WHERE body LIKE 'good %' GROUP BY body")
        found = {str(body): int(count) for body, count in rows}
        lost = [body for body in self._good if body not in found]
        twice = [body for body in self._good if found.get(body, 0) > 1]
        for name, number in (("honest messages", len(self._good)), ("lost", len(lost)), ("duplicated", len(twice))):
            self.counts[name] = number
        if lost or twice:
            raise Finding(f"lost: {lost[:5]}, stored twice: {twice[:5]}")

    def _good_message(self) -> bytes:
        """The next honest message, as it comes live; the archive has it too."""
        number = len(self._good)
        body = f"good {number}"
        self._good.append(body)
        self._missing.add(body)
        inner = (
            f"<body>{body}</body><origin-id xmlns='urn:xmpp:sid:0' id='go{number}'/>"
            "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
        )
        head = f"<message from='{_FRIEND}/laptop' to='{OWN}/desk' type='chat' id='g{number}'"
        self.archive.add(f"a{number}", _FRIEND, f"{head} xmlns='jabber:client'>{inner}</message>")
        return f"{head}>{inner}<stanza-id xmlns='urn:xmpp:sid:0' by='{OWN}' id='a{number}'/></message>".encode()

    def _check(self) -> None:
        """Raises Finding where something that must hold does not."""
        faults = [repr(fault) for fault in [*self.core.faults, *self._failed_loads()]]
        strangers = [text for text in map(self._told_a_stranger, self.responder.sent_by_client) if text]
        logged, self._listener.lines = self._listener.lines, []
        self.core.faults.clear()
        self.core.events.clear()
        self.responder.sent_by_client.clear()
        for name, found in (("fault", faults), ("logged", logged), ("told a stranger", strangers)):
            if found:
                raise Finding(f"{name}: {found[0]}")

    def _failed_loads(self) -> list[BaseException]:
        """Why older messages were not fetched, but for what may happen at any server."""
        done = [load for load in self._loads if load.done() and not load.cancelled()]
        self._loads = [load for load in self._loads if not load.done()]
        errors = [load.exception() for load in done]
        return [error for error in errors if error is not None and not isinstance(error, KnownError)]

    def _told_a_stranger(self, element: ET.Element) -> str:
        """What goes to somebody who may not see it online: not what the person wrote, nor a refusal."""
        to = element.get("to")
        written = element.find("{jabber:client}body") is not None and to == _FRIEND
        allowed = to is None or written or JID.parse(to).bare in self._trusted or element.find(_REFUSED) is not None
        return "" if allowed else ET.tostring(element, encoding="unicode")

    def _on_contact(self, contact: Contact) -> None:
        if contact.subscription in (Subscription.FROM, Subscription.BOTH):
            self._trusted.add(contact.jid.bare)

    def _on_roster(self) -> None:
        for contact in self.core.services.roster.list_contacts():
            self._on_contact(contact)

    def _on_added(self, event: MessageAdded) -> None:
        self._missing.discard(event.message.body)
        self.counts["messages stored"] += 1
        if not self._missing:
            self._changed.set()

    def _on_connection(self, event: ConnectionChanged) -> None:
        if event.status.error is not None:
            self._ended_with = event.status.error.kind.value
        if event.status.state in _OUTCOMES:
            self._outcome = event.status.state
        self._changed.set()

    async def _until(self, condition: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError as error:
            raise Finding(
                f"nothing happens any more: {self.status}, not stored: {sorted(self._missing)[:5]}"
            ) from error


@asynccontextmanager
async def world(authority: Authority, folder: Path) -> AsyncIterator[World]:
    """A victim with its database in a folder, online."""
    archive = Archive()
    archive.fill(OLD)
    responder = Responder(archive)
    core = RealCore(folder)
    async with HostileServer(responder.serve, certificate=authority.issue("example.test")) as server:
        settings = ConnectionSettings(server.host, server.port, Security.STARTTLS)
        account = await core.services.accounts.sign_in(JID.parse(OWN), "secret", settings, False)
        await responder.online.wait()
        with World(core, account.id, responder, archive) as made:
            yield made
        if responder.peer is not None:
            await responder.peer.close()
        await core.services.accounts.stop_all()
        await core.tasks.cancel_all()
        core.close()
