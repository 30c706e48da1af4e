"""The real program in the test's own process: window, core, stream, database; driven through Qt's event loop."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import qasync
from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from tests.helpers.servers import Server
from whimbrel.app import Application
from whimbrel.core.services import Services
from whimbrel.model.account import Account, ConnectionSettings, ConnectionState, Security
from whimbrel.model.jid import JID
from whimbrel.platform.logs import setup
from whimbrel.platform.paths import Profile
from whimbrel.platform.secrets import Secrets
from whimbrel.platform.settings import Settings
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.theme.theme import Theme

T = TypeVar("T")
_TURN_MILLISECONDS = 10


class Program:
    """One start of the program over a profile folder. ``start`` again on the same folder is the next day."""

    def __init__(self, qapp: QApplication, folder: Path, *, session_only: bool = True) -> None:
        self.profile = Profile.at(folder)
        self.profile.create()
        self.logs = setup(self.profile)
        self.faults: list[BaseException] = []
        self.logs.on_fault = self.faults.append
        self._qapp = qapp
        self.loop = qasync.QEventLoop(qapp, already_running=True)  # so that a test is a turn of the event loop
        asyncio.set_event_loop(self.loop)
        self.logs.watch_loop(self.loop)
        self.secrets = Secrets(self.profile.name, session_only=session_only)
        self.settings = Settings(self.profile.settings)
        self.application = Application(self.profile, self.settings, self.secrets, Theme.install(qapp), self.logs)
        self.ended = False
        self.window.show()

    @property
    def window(self) -> MainWindow:
        """The main window."""
        return self.application.window

    @property
    def services(self) -> Services:
        """What the window acts through."""
        assert self.application.services is not None
        return self.application.services

    def load(self) -> None:
        """Do what happens behind the first window."""
        self.run(self.application.load())

    def run(self, coroutine: Coroutine[Any, Any, T], timeout: float = 30.0) -> T:
        """Let the program run until a coroutine has ended; raises TimeoutError."""
        task = self.loop.create_task(asyncio.wait_for(coroutine, timeout))
        self.until(task.done, timeout + 1)
        return task.result()  # type: ignore[no-any-return]  # qasync is untyped

    def until(self, condition: Callable[[], object], timeout: float = 30.0) -> None:
        """Let the program run until a condition holds; raises TimeoutError."""
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError
            self._qapp.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _TURN_MILLISECONDS)
            self._qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def sign_in(self, server: Server, user: str, password: str, security: Security = Security.STARTTLS) -> Account:
        """Sign in without the dialog."""
        jid = JID.parse(f"{user}@{server.domain}")
        return self.run(self.services.accounts.sign_in(jid, password, settings_for(server, security), True))

    def is_online(self) -> bool:
        """Whether every account is online."""
        accounts = self.services.accounts
        listed = accounts.list_accounts()
        return bool(listed) and all(accounts.status(a.id).state is ConnectionState.ONLINE for a in listed)

    def quit(self) -> None:
        """What *Quit* does."""
        self.window.finish()
        self.run(self.application.close())
        self._end()

    def _end(self) -> None:
        self.ended = True
        self.window.deleteLater()
        self.run(asyncio.sleep(0))
        self.loop.stop()
        asyncio.events._set_running_loop(None)  # what the loop of qasync set in its constructor
        self._qapp.aboutToQuit.disconnect(self.loop._after_run_forever)
        self.loop._after_run_forever()
        self.loop.close()
        QTimer.singleShot(0, lambda: self._qapp.exit(0))  # quit could be refused by a window
        self._qapp.exec()  # qasync's stop has told the application to exit: until it has, no event loop of Qt's runs
        asyncio.set_event_loop(None)
        self.logs.close()
        gc.collect()


def settings_for(server: Server, security: Security = Security.STARTTLS) -> ConnectionSettings:
    """How to reach a server of the tests."""
    port = server.direct_tls_port if security is Security.DIRECT_TLS else server.starttls_port
    return ConnectionSettings(server.host, port, security)


def drive(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a loop of qasync's; what Qt does between two such calls finds it running, as in the program.

    The last one is to be followed by :func:`leave`.
    """
    task = loop.create_task(coroutine)
    task.add_done_callback(lambda _done: loop.stop())
    loop.run_forever()
    asyncio.events._set_running_loop(loop)
    return task.result()


def leave() -> None:
    """No loop is running, or current, any more."""
    asyncio.events._set_running_loop(None)
    asyncio.set_event_loop(None)


async def until(condition: Callable[[], object], timeout: float = 20.0) -> None:
    """Wait, within the event loop, until a condition holds; raises TimeoutError."""
    async with asyncio.timeout(timeout):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(_TURN_MILLISECONDS / 1000)
