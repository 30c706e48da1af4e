"""Where it is measured: a screen, a private Prosody with a roster of a thousand, profiles."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import slixmpp

from tests.bench.process import Measured
from tests.helpers.prosody_data import write_account, write_roster
from tests.helpers.servers import Prosody
from whimbrel.model.account import AccountId, ConnectionSettings, Security
from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Direction, NewMessage, Reference, ReferenceKind
from whimbrel.platform.paths import Profile
from whimbrel.platform.settings import Settings
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.roster import RosterStore

DOMAIN = "bench.test"
OWNER = f"me@{DOMAIN}"
FRIEND = f"friend0@{DOMAIN}"
CONTACTS = 1_000
_BOTH = Subscription.BOTH
PASSWORD = "bench"


class World:
    """Made once for a run of benchmarks."""

    def __init__(self, folder: Path, display: str) -> None:
        data = folder / "prosody" / "data"
        for local in ("me", "friend0"):
            write_account(data, DOMAIN, local, PASSWORD)
        write_roster(data, DOMAIN, "me", {str(jid): (name, [group]) for jid, name, group in people()})
        write_roster(data, DOMAIN, "friend0", {OWNER: ("Me", [])})
        self.server = Prosody(folder / "prosody", DOMAIN)
        self._folder = folder
        self._numbers = itertools.count()
        self.environment = {
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "SSL_CERT_FILE": str(self.server.ca_file),
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        }

    def close(self) -> None:
        """Stop the server."""
        self.server.stop()

    def bare_window(self) -> Measured:
        """The floor for windows."""
        return Measured("tests.bench.bare_window", {}, self.environment)

    def bare_client(self) -> Measured:
        """The floor for connections."""
        return Measured("tests.bench.bare_client", self._login() | {"ca_file": str(self.server.ca_file)}, {})

    def bare_sign_in(self, port: int) -> Measured:
        """The floor for signing in."""
        start = self._login() | {"port": port, "ca_file": str(self.server.ca_file)}
        return Measured("tests.bench.bare_sign_in", start, {})

    def program(self, profile: Path, **start: object) -> Measured:
        """The application on a profile, signed in where the profile has the account."""
        return Measured("tests.bench.program", {**self._login(), "profile": str(profile), **start}, self.environment)

    def profile(self, *, contacts: bool = False, chats: int = 0, port: int = 0) -> Path:
        """A new profile with the account; with the roster of the last time, and conversations with some history.

        ``port``: what to connect to, where not the server itself.
        """
        folder = self._folder / f"profile-{next(self._numbers)}"
        profile = Profile.at(folder)
        profile.create()
        settings = Settings(profile.settings)
        settings.last_tab = 1
        settings.encryption_notice_shown = True
        settings.notifications = False
        settings.save()
        database = Database.open(profile.database, None)
        with database.transaction():
            connection = ConnectionSettings(self.server.host, port or self.server.starttls_port, Security.STARTTLS)
            account = AccountStore(database).add_account(JID.parse(OWNER), connection, remember_password=True)
            roster = [
                Contact(account.id, jid, name, frozenset([group]), Subscription.BOTH) for jid, name, group in people()
            ]
            if contacts:
                RosterStore(database).replace(account.id, roster, None)
            for contact in roster[:chats]:
                add_messages(database, account.id, contact.jid, 40)
        database.close()
        return folder

    def _login(self) -> dict[str, object]:
        return {"jid": OWNER, "password": PASSWORD, "host": self.server.host, "port": self.server.starttls_port}

    def send_burst(self, count: int) -> None:
        """The friend sends so many messages as fast as the server takes them; returns when they are sent."""
        asyncio.run(self._send_burst(count))

    async def _send_burst(self, count: int) -> None:
        client = slixmpp.ClientXMPP(FRIEND, PASSWORD)
        client.ca_certs = self.server.ca_file
        client.register_plugin("xep_0199")
        started = asyncio.Event()
        client.add_event_handler("session_start", lambda _: started.set())
        client.connect(self.server.host, self.server.starttls_port)
        await asyncio.wait_for(started.wait(), 20)
        for number in range(count - 1):
            client.send_message(OWNER, f"message {number} of a burst, of a usual length", mtype="chat")
        client.send_message(OWNER, f"last of {count}", mtype="chat")
        await client["xep_0199"].ping(DOMAIN, timeout=60)
        await client.disconnect(wait=2.0)


def people() -> Iterator[tuple[JID, str, str]]:
    """Address, name and group of a thousand contacts in twenty groups."""
    for number in range(CONTACTS):
        yield JID.parse(f"friend{number}@{DOMAIN}"), f"Friend {number:04}", f"Group {number % 20:02}"


def add_messages(database: Database, account_id: AccountId, other: JID, count: int) -> None:
    """A history of so many messages, a minute apart, the last one an hour ago."""
    conversations, messages = ConversationStore(database), MessageStore(database)
    conversation = conversations.get_conversation(account_id, other)
    first = datetime.now(UTC) - timedelta(hours=1, minutes=count)
    for number in range(count):
        own = number % 3 == 0
        text = f"Message {number}: " + "some words of a conversation " * (1 + number % 4)
        message = messages.add_message(
            NewMessage(
                account_id,
                conversation.id,
                Direction.OUT if own else Direction.IN,
                JID.parse(OWNER) if own else other,
                text,
                first + timedelta(minutes=number),
                DeliveryState.DELIVERED if own else DeliveryState.RECEIVED,
                wire_id=f"{other.local}-{number}",
                references=(
                    Reference(ReferenceKind.ORIGIN, JID.parse(OWNER) if own else other.bare, f"{other.local}-{number}"),
                ),
            )
        )
    conversations.set_last_message(conversation.id, message.time, message.body, own)
    conversations.set_unread(conversation.id, 0)


@contextmanager
def world() -> Iterator[World]:
    """A world that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="whimbrel-bench-"))
    try:
        with _screen() as display:
            made = World(folder, display)
            try:
                yield made
            finally:
                made.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _screen() -> Iterator[str]:
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    screen = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with open(read) as answer:
        display = ":" + answer.readline().strip()
    manager = subprocess.Popen(
        ["openbox"], env={**os.environ, "DISPLAY": display}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield display
    finally:
        for process in (manager, screen):
            process.terminate()
            process.wait(10)
