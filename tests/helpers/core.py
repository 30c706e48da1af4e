"""The whole core on a real database on disk, with fake streams. Also for tests that have no event loop of asyncio's."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from tests.helpers.fake_history import FakeHistory
from tests.helpers.fake_stream import FakeStream
from whimbrel.composition import make_features
from whimbrel.core.assembly import Foundation, build_services, lay_foundation
from whimbrel.core.bus import Bus
from whimbrel.core.ports import HistoryReader, PasswordKeeper
from whimbrel.core.registration import Registrar
from whimbrel.core.services import Services
from whimbrel.core.stream import PasswordSource, RosterVersion, SavedSession, StreamHandler
from whimbrel.core.tasks import Tasks
from whimbrel.features.blocking.service import Blocking
from whimbrel.features.fetching.tools import Advance, Fetcher, FetchTools
from whimbrel.model.account import Account, AccountId, ConnectionSettings, Credentials
from whimbrel.model.contact import Contact, OwnPresence
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import AccountAdded, Event
from whimbrel.model.fetched import Fetched
from whimbrel.model.form import RegistrationForm
from whimbrel.model.jid import JID
from whimbrel.platform.media_cache import MediaCache
from whimbrel.storage.database import Database

E = TypeVar("E", bound=Event)


class FakeKeeper:
    """Passwords in memory; ``works`` False: the keyring keeps nothing for good."""

    def __init__(self) -> None:
        self.works = True
        self.kept: dict[JID, str] = {}
        self.session: dict[JID, str] = {}

    async def get_password(self, jid: JID) -> str | None:
        return self.session.get(jid) or self.kept.get(jid)

    async def set_password(self, jid: JID, password: str) -> bool:
        (self.kept if self.works else self.session)[jid] = password
        return self.works

    def keep_for_session(self, jid: JID, password: str) -> None:
        self.session[jid] = password

    async def forget(self, jid: JID) -> None:
        self.kept.pop(jid, None)
        self.session.pop(jid, None)


class FakeChoice:
    """What the person chose, in memory."""

    def __init__(self) -> None:
        self.own_presence = OwnPresence()
        self.send_read_markers = True
        self.send_last_seen = False
        self.fetch_up_to = 10_000_000
        self.send_typing = True
        self.accept_attention = False
        self.strangers_may_write = True
        self.keep_days = 0


class NoFetcher:
    """Fetches nothing; ``asked`` holds what was to be fetched."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(self, url: str, target: Path, most: int, advance: Advance, *, unencrypted: bool = False) -> Fetched:
        self.asked.append(url)
        raise KnownError(ErrorKind.NO_NETWORK)


def measure_png(path: Path) -> tuple[int, int] | None:
    """Width and height of a PNG, without Qt."""
    head = path.read_bytes()[:24]
    return struct.unpack(">II", head[16:24]) if head.startswith(b"\x89PNG") else None


class FakeRegistrar:
    """Offers ``form``; what is submitted is kept in ``submitted``."""

    def __init__(self) -> None:
        self.form = RegistrationForm("", (), is_data_form=False)
        self.error: Exception | None = None
        self.submitted: list[dict[str, list[str]]] = []
        self.closed = False

    async def fetch_form(self, domain: str, settings: ConnectionSettings) -> RegistrationForm:
        if self.error is not None:
            raise self.error
        return self.form

    async def submit(
        self, domain: str, settings: ConnectionSettings, form: RegistrationForm, values: dict[str, list[str]]
    ) -> Credentials:
        self.submitted.append(values)
        if self.error is not None:
            raise self.error
        return Credentials(JID.parse(f"{values['username'][0]}@{domain}"), values["password"][0])

    async def close(self) -> None:
        self.closed = True


class HelperTasks(Tasks):
    """Without a running loop, work is done at once; what would wait for ever is not for such tests."""

    def start(self, coroutine: Coroutine[Any, Any, Any], *, name: str) -> asyncio.Task[Any]:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            loop = asyncio.new_event_loop()
            try:
                task = loop.create_task(coroutine, name=name)
                loop.run_until_complete(task)
                loop.run_until_complete(asyncio.sleep(0))  # what was called soon: acknowledgements
                return task
            finally:
                loop.close()
        return super().start(coroutine, name=name)

    async def wait_all(self) -> None:
        """Wait until everything has ended."""
        while self._running:
            await asyncio.wait(set(self._running))


class Core:
    """A core under test. ``faults`` holds what subscribers and tasks raised; ``events`` what was published."""

    def __init__(
        self,
        folder: Path,
        *,
        key: bytes | None = None,
        fetcher: Fetcher | None = None,
        passwords: PasswordKeeper | None = None,
    ) -> None:
        self.fetcher = fetcher or NoFetcher()
        self.path = folder / "history.db"
        self.faults: list[BaseException] = []
        self.events: list[Event] = []
        self.keeper = FakeKeeper()
        self.choice = FakeChoice()
        self.registrar: Registrar = FakeRegistrar()
        self.history = FakeHistory()
        self.streams: dict[AccountId, FakeStream] = {}
        self.connects = False  # whether new streams come online by themselves
        self.database = Database.open(self.path, key)
        self.tasks = HelperTasks(self.faults.append)
        self.base: Foundation = lay_foundation(
            self.database, self.choice, RecordingBus(self.events, self.faults), self.tasks
        )
        self.features = make_features(
            self.base,
            self.choice,
            FetchTools(
                self.fetcher,
                MediaCache(folder / "cache" / "media"),
                measure_png,
                getattr(self.fetcher, "at_home", None),
            ),
        )
        self.services: Services = build_services(
            self.base,
            self.features,
            make_stream=self._make_stream,
            passwords=passwords or self.keeper,
            blocker=next(feature for feature in self.features if isinstance(feature, Blocking)),
            history=self.find_history(),
            registrar=lambda _certificate: self.registrar,
        )

    def find_history(self) -> HistoryReader:
        """What the interface is told of the history: what a test says."""
        return self.history

    def add_account(self, jid: str = "me@example.org") -> Account:
        """An account that was signed in before; its stream is made and started, and offline."""
        account = self.base.stores.accounts.add_account(JID.parse(jid), ConnectionSettings(), True)
        self.keeper.kept[account.jid] = "secret"
        self.services.bus.publish(AccountAdded(account))
        self.services.accounts.start_all()
        return account

    def online(self, *contacts: Contact, jid: str = "me@example.org") -> FakeStream:
        """An account that is online with these contacts."""
        stream = self.stream(self.add_account(jid).id)
        stream.go_online(*contacts)
        return stream

    def stream(self, account_id: AccountId) -> FakeStream:
        """The stream of an account."""
        return self.streams[account_id]

    async def settle(self) -> None:
        """Let what is running go as far as it can."""
        for _ in range(40):
            await asyncio.sleep(0)

    def published(self, kind: type[E]) -> list[E]:
        """The events of a kind so far."""
        return [event for event in self.events if isinstance(event, kind)]

    def close(self) -> None:
        """Let go of the file, as a killed program does: nothing else is written."""
        self.database.close()

    def _make_stream(
        self,
        account: Account,
        handler: StreamHandler,
        password: PasswordSource,
        roster_version: RosterVersion,
        saved_session: SavedSession,
    ) -> FakeStream:
        stream = FakeStream(account, handler, password, roster_version, saved_session)
        stream.connects = self.connects
        self.streams[account.id] = stream
        return stream


class RecordingBus(Bus):
    """Keeps what is published."""

    def __init__(self, events: list[Event], faults: list[BaseException]) -> None:
        super().__init__(faults.append)
        self._events = events

    def publish(self, event: Event) -> None:
        self._events.append(event)
        super().publish(event)


def make_services(folder: Path) -> Services:
    """The services alone; use :class:`Core` to reach the streams and the database too."""
    return Core(folder).services
