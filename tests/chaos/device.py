"""One device as a process of its own: the real core, streams, features and database, without a window.

Its first line on stdin is its :class:`Setup`; every further line is an order, in JSON. What it answers are lines of
JSON on stdout, each written at once, so that what was said before a ``kill -9`` has been said:

- ``{"do": "send", "to": …, "body": …}`` → ``submitted`` once the message is on disk; ``refused`` each time that it
  could not be written (then it is tried again, as a person does, before anything else is sent);
- ``{"do": "find", "bodies": …}`` → ``found``: which of these messages are on disk;
- ``{"do": "state"}`` → ``state``, how far everything is;
- ``{"do": "arm", "point": …, "passing": …}``: die there (``tests/helpers/crash.py``); without a point: do not;
- ``{"do": "fill"}`` and ``{"do": "empty"}``: the disk is full, and is not any more;
- ``{"do": "wake"}``: the machine has slept;
- ``{"do": "retry"}``: what the person does with *Retry now*;
- ``{"do": "stop"}``: the proper end.

What the log says above WARNING, and what nobody caught, is told as ``fault``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.helpers import crash
from whimbrel import app
from whimbrel.core.assembly import Foundation
from whimbrel.core.history import History
from whimbrel.core.services import Services
from whimbrel.model.account import Account, ConnectionSettings, Security
from whimbrel.model.errors import KnownError
from whimbrel.model.jid import JID
from whimbrel.platform.paths import Profile
from whimbrel.platform.secrets import Secrets
from whimbrel.platform.settings import Settings
from whimbrel.storage.database import Database

KEY = bytes(32)
PASSWORD = "correct horse"
_LOG_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s"
_AGAIN_SECONDS = 0.2
_QUIET = ("asyncio", "slixmpp.plugins", "slixmpp.stringprep")
_OURS = ("whimbrel", "asyncio")
_COUNT = (
    "SELECT jid, count(message.id) FROM conversation LEFT JOIN message ON conversation_id = conversation.id"
    " GROUP BY conversation.id"
)
_HAS = "SELECT 1 FROM message WHERE body = ?"
_WAITING = "SELECT count(*) FROM message WHERE direction = 'out' AND state NOT IN ('sent', 'delivered', 'read')"


@dataclass(frozen=True, slots=True)
class Setup:
    """What a device is told when it starts.

    ``debug``: its log holds every stanza. ``point``: where it dies (``passing``: the how-manieth time), armed before
    the history is opened.
    """

    folder: str
    jid: str
    host: str
    port: int
    direct_tls: bool
    debug: bool = False
    point: str = ""
    passing: int = 1

    def to_json(self) -> str:
        """As the first line on stdin."""
        return json.dumps(asdict(self))


def tell(kind: str, value: object) -> None:
    """Write a line, at once."""
    os.write(sys.stdout.fileno(), json.dumps({kind: value}).encode() + b"\n")


class FaultTeller(logging.Handler):
    """Tells what must not be in the log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        """Tell a record of our code."""
        if record.name.partition(".")[0] in _OURS:
            tell("fault", logging.Formatter().format(record))


class NoWindow:
    """What stands where the window would."""

    conductor = troubles = None

    def __init__(self, theme: Any, settings: Settings, session: Any) -> None:
        """There is nothing to show."""


class FaultLog:
    """Faults of the core, in the log."""

    def report(self, error: BaseException, where: str) -> None:
        """Loudly."""
        logging.getLogger("whimbrel").critical("fault in %s", where, exc_info=error)


class Headless(app.Application):
    """The program as ``app.py`` builds it, but for the window. Its password is given, its history's key is known."""

    def __init__(self, setup: Setup) -> None:
        profile = Profile.at(Path(setup.folder))
        secrets = Secrets(profile.name, session_only=True)
        secrets.keep_for_session(JID.parse(setup.jid), PASSWORD)
        without: Any = None
        logs: Any = FaultLog()
        super().__init__(profile, Settings(profile.settings), secrets, without, logs)
        self._history = History(Database.open(profile.database, KEY), None)

    def build(self) -> tuple[Services, Foundation, Database]:
        """Build everything that is not the window."""
        assert self._history is not None
        self.services = self._build(self._history)
        assert self._base is not None
        return self.services, self._base, self._history.database


class Device:
    """The running device."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._application = Headless(setup)
        self._services, self._base, self._database = self._application.build()
        self._sends: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._sending = asyncio.ensure_future(self._send_all())
        self.stopped = asyncio.Event()

    def start(self) -> None:
        """Connect, as the program does when it starts; the first time, with an account that was just added."""
        setup = self._setup
        if not self._services.accounts.list_accounts():
            security = Security.DIRECT_TLS if setup.direct_tls else Security.STARTTLS
            settings = ConnectionSettings(setup.host, setup.port, security)
            self._base.stores.accounts.add_account(JID.parse(setup.jid), settings, True)
        self._services.accounts.start_all()
        tell("started", os.getpid())

    @property
    def _account(self) -> Account:
        return self._services.accounts.list_accounts()[0]

    async def obey(self, order: dict[str, Any]) -> None:
        """Do what a line says."""
        match order["do"]:
            case "send":
                self._sends.put_nowait((order["to"], order["body"]))
            case "find":
                tell("found", [body for body in order["bodies"] if self._database.row(_HAS, (body,))])
            case "state":
                tell("state", self._state())
            case "arm":
                crash.arm(crash.Point(order["point"]) if order["point"] else None, order["passing"])
            case "fill":
                pages = self._database.row("PRAGMA page_count")
                assert pages is not None
                self._database.row(f"PRAGMA max_page_count = {pages[0]}")
            case "empty":
                self._database.row("PRAGMA max_page_count = 1000000000")
            case "wake":
                self._services.accounts.check_now()
            case "retry":
                self._services.accounts.retry_now(self._account.id)
            case "stop":
                await self._stop()

    async def _send_all(self) -> None:
        while True:
            to, body = await self._sends.get()
            while not self._submit(to, body):  # noqa: ASYNC110 - a disk does not tell when it has room
                await asyncio.sleep(_AGAIN_SECONDS)

    def _submit(self, to: str, body: str) -> bool:
        try:
            conversation = self._services.conversations.open(self._account.id, JID.parse(to))
            self._services.outbox.submit(conversation.id, body)
        except KnownError:
            tell("refused", body)
            return False
        tell("submitted", body)
        return True

    def _state(self) -> dict[str, Any]:
        waiting = self._database.row(_WAITING)
        assert waiting is not None
        return {
            "connection": self._services.accounts.status(self._account.id).state.value,
            "waiting": waiting[0],
            "outbox": sum(not row.in_flight for row in self._base.outbox.pending(self._account.id)),
            "missing": self._count_missing(),
            "messages": dict(self._database.rows(_COUNT)),
        }

    def _count_missing(self) -> int:
        """Gaps that are known, ends that are being looked for, and what is done to find out."""
        conversations = self._services.conversations.list_conversations()
        coverages = [self._services.history.coverage(conversation.id) for conversation in conversations]
        looking = sum(task.get_name().startswith("archive") for task in asyncio.all_tasks())
        return looking + sum(len(coverage.gaps) + coverage.loading for coverage in coverages)

    async def _stop(self) -> None:
        self._sending.cancel()
        await self._application.close()
        self.stopped.set()


async def _live(setup: Setup, reader: asyncio.StreamReader) -> None:
    asyncio.get_running_loop().set_exception_handler(_on_loop_exception)
    device = Device(setup)
    device.start()
    while not device.stopped.is_set():
        line = await reader.readline()
        if not line:  # whoever gave the orders is gone
            os.kill(os.getpid(), signal.SIGKILL)
        await device.obey(json.loads(line))


def _on_loop_exception(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    logging.getLogger("asyncio").error("%s", context.get("message"), exc_info=context.get("exception"))


def _log_to(path: Path, debug: bool) -> None:
    file = logging.FileHandler(path, encoding="utf-8")
    file.setFormatter(logging.Formatter(_LOG_FORMAT))
    logging.basicConfig(level=logging.DEBUG if debug else logging.INFO, handlers=[file, FaultTeller()])
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


async def _main() -> None:
    reader = asyncio.StreamReader(limit=2**20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    setup = Setup(**json.loads(await reader.readline()))
    profile = Profile.at(Path(setup.folder))
    profile.create()
    _log_to(profile.logs / "device.log", setup.debug)
    setattr(app, "MainWindow", NoWindow)  # noqa: B010 - the one thing that is not built
    crash.install()
    if setup.point:
        crash.arm(crash.Point(setup.point), setup.passing)
    await _live(setup, reader)


if __name__ == "__main__":
    asyncio.run(_main())
