"""The composition root: builds every object once, in visible order, and takes it down again."""

from __future__ import annotations

import contextlib
import importlib
import linecache
import logging
import signal
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from whimbrel import __version__
from whimbrel.cli import Options
from whimbrel.model.errors import ErrorKind
from whimbrel.platform.application import DesktopApplication
from whimbrel.platform.command import start_command
from whimbrel.platform.instance import Call, SingleInstance
from whimbrel.platform.logs import Logs, setup
from whimbrel.platform.paths import Profile
from whimbrel.platform.secrets import Secrets
from whimbrel.platform.session_state import SessionState
from whimbrel.platform.settings import Settings
from whimbrel.platform.taskbar import claim_identity
from whimbrel.platform.translations import SYSTEM, Translation
from whimbrel.ui.calls import Calls
from whimbrel.ui.context_key import ContextKey
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.theme.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from whimbrel.core.assembly import Foundation
    from whimbrel.core.history import History
    from whimbrel.core.services import Services
    from whimbrel.ui.bridge import Bridge

log = logging.getLogger(__name__)

APPLICATION_ID = "im.whimbrel.Whimbrel"
_WITHOUT_KEYRING = (ErrorKind.KEYRING_UNAVAILABLE, ErrorKind.KEYRING_LOCKED)
_LAST_SECONDS = 1.0  # that tasks have to end
_SWITCH_SECONDS = 0.001  # that a thread which imports may keep the event loop waiting at the start; usually 5 ms
_WORKERS = 8  # threads for name lookups and other calls that block


class Application:
    """One running program: one profile, one window."""

    def __init__(self, profile: Profile, settings: Settings, secrets: Secrets, theme: Theme, logs: Logs) -> None:
        self.session = SessionState(profile.session)
        self.session.begin()
        self.window = MainWindow(theme, settings, self.session)
        self.calls = Calls(self.window)
        self._theme = theme
        self._watches = QObject()  # owns what watches the desktop
        self._wirings: list[Callable[[MainWindow], object]] = [self.calls.use]
        self.services: Services | None = None
        self._profile = profile
        self._settings = settings
        self._secrets = secrets
        self._logs = logs
        self._history: History | None = None
        self._base: Foundation | None = None
        self._stop_watching: list[Callable[[], None]] = []

    def wire_window(self, wire: Callable[[MainWindow], object]) -> None:
        """Do something with the window, and with each that takes its place."""
        self._wirings.append(wire)
        wire(self.window)

    def _renew_window(self, language: str) -> None:
        """Build the window anew, in another language: the core goes on; what was open or begun is there again."""
        from whimbrel.ui.bridge import Bridge
        from whimbrel.ui.renewal import Renewal

        services, base = self.services, self._base
        if services is None or base is None:
            return
        renewal = Renewal(self.window)
        self.session.renew()
        base.tasks.start(renewal.bury(), name="bury the former window")
        Translation.use_in_application(language)
        self.window = MainWindow(self._theme, self._settings, self.session)
        for wire in self._wirings:
            wire(self.window)
        self.window.attach(services, Bridge(services.bus, self.window), self._secrets)
        renewal.finish(self.window, services)

    async def load(self) -> None:
        """Build everything behind the window; connect beside it. Returns early where the person quits instead."""
        import asyncio  # not before the first paint

        from whimbrel.core.retention import Retention
        from whimbrel.core.search import Search
        from whimbrel.ui.bridge import Bridge
        from whimbrel.ui.opening import open_with_person

        self._watch_troubles()
        loop = asyncio.get_running_loop()
        room = loop.run_in_executor(None, importlib.import_module, "whimbrel.xmpp.connection")
        history = await open_with_person(self._profile.database, self._secrets, self.window)
        if history is None:
            self.window.quit_requested.emit()
            return
        self._history = history
        services = self._build(history)
        self.services = services
        if self.window.troubles is not None:
            self.window.troubles.services = services
        bridge = Bridge(services.bus, self.window)
        bridge.hold()  # until the panes are there, which hear it then
        await room
        services.accounts.start_all()
        await loop.run_in_executor(None, importlib.import_module, "whimbrel.ui.conductor")
        self._attach(services, history, bridge)
        bridge.release()
        self.calls.be_ready(has_account=bool(services.accounts.list_accounts()))
        self._watch(services)
        services.offer(Search).start()
        services.offer(Retention).start()

    async def close(self) -> None:
        """Send unavailable presence, close streams (3 s at most), end what runs, close the history: in this order.

        What fails on the way is raised after all the rest was closed too.
        """
        async with contextlib.AsyncExitStack() as stack:
            if self.window.troubles is not None:
                self.window.troubles.hush()
                stack.callback(self.window.troubles.finish)
            stack.callback(self._settings.save)
            stack.callback(self._secrets.close)
            if self._history is not None:
                stack.callback(self._history.database.close)
            if self._base is not None:
                stack.push_async_callback(self._base.tasks.cancel_all)
            if self.services is not None:
                stack.push_async_callback(self.services.accounts.stop_all)
            for stop in self._stop_watching:
                stack.callback(stop)
            if self.window.conductor is not None:
                stack.push_async_callback(self.window.conductor.withdraw)

    def _watch_troubles(self) -> None:
        """Show faults, those of until now too; note that the program runs."""
        from whimbrel.platform.diagnosis import Diagnosis
        from whimbrel.platform.last_run import LastRun
        from whimbrel.ui.faults.troubles import Troubles

        diagnosis = Diagnosis(self._logs, self._settings, LastRun(self._profile.running))
        self.window.watch_troubles(Troubles(diagnosis, self.window))

    def _build(self, history: History) -> Services:
        from whimbrel.composition import compose_services
        from whimbrel.core.assembly import lay_foundation
        from whimbrel.core.bus import Bus
        from whimbrel.core.tasks import Tasks

        base = lay_foundation(history.database, self._settings, Bus(self._on_fault), Tasks(self._on_fault))
        self._base = base
        return compose_services(base, self._settings, self._secrets, self._profile)

    def _attach(self, services: Services, history: History, bridge: Bridge) -> None:
        from whimbrel.platform.idle import IdleWatch
        from whimbrel.ui.errors import explain
        from whimbrel.ui.renewal import LanguageWatch

        self.window.attach(services, bridge, self._secrets)
        if history.notice is not None and history.notice.kind in _WITHOUT_KEYRING:
            self.window.say_unencrypted(is_locked=history.notice.kind is ErrorKind.KEYRING_LOCKED)
        elif history.notice is not None:
            self.window.say(explain(history.notice))
        idle = IdleWatch(parent=self._watches)
        idle.idle_changed.connect(lambda away: services.presence.set_idle(away, self._settings.idle_minutes * 60.0))
        self.wire_window(lambda window: window.idle_minutes_changed.connect(idle.start))
        idle.start(self._settings.idle_minutes)
        self._stop_watching.append(idle.stop)
        LanguageWatch(self._settings, lambda: self.window, self._renew_window)

    def _watch(self, services: Services) -> None:
        """Make sure of the servers when something happened to the network or the machine; heed the desktop."""
        from whimbrel.platform.clock import ClockWatch
        from whimbrel.platform.network import NetworkWatch
        from whimbrel.platform.suspend import SuspendWatch
        from whimbrel.platform.wishes import WishesWatch

        network = NetworkWatch(parent=self._watches)
        network.changed.connect(services.accounts.set_network)
        suspend = SuspendWatch(parent=self._watches)
        suspend.woke.connect(services.accounts.check_now)
        clock = ClockWatch(parent=self._watches)
        clock.jumped.connect(services.accounts.check_now)
        wishes = WishesWatch(parent=self._watches)
        wishes.changed.connect(self._theme.follow)
        for watch in (network, suspend, clock, wishes):
            watch.start()
            self._stop_watching.append(watch.stop)

    def _on_fault(self, error: BaseException) -> None:
        self._logs.report(error, "the core")


def run(options: Options, secrets: Secrets | None = None) -> int:
    """Run the program until the person quits; returns its exit status. ``secrets``: the keyring's, where not given."""
    claim_identity(APPLICATION_ID)
    app = DesktopApplication([APPLICATION_ID])
    ContextKey(app)
    Translation.install(app).use()
    app.setApplicationName("whimbrel")
    app.setApplicationDisplayName("Whimbrel")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName(APPLICATION_ID)
    app.setQuitOnLastWindowClosed(False)
    profile = Profile.default() if options.profile is None else Profile.at(options.profile)
    try:
        profile.create()
        logs = setup(profile, options.debug, options.log_xml)
        instance = SingleInstance(profile)
        first = instance.try_become_first()
    except OSError as error:
        from whimbrel.ui.start_trouble import say_unwritable

        return say_unwritable(app, error)
    logs.watch_qt()
    try:
        if first:
            return _run_first(app, profile, instance, logs, options, secrets or Secrets(profile.name))
        if instance.send(_call(options)):
            return 0
        from whimbrel.ui.start_trouble import say_unanswered

        return say_unanswered(app)
    except Exception as error:  # noqa: BLE001 - nobody else would tell of it
        logs.report(error, "the start")
        from whimbrel.ui.start_trouble import say_fault

        return say_fault(app, logs)
    finally:
        instance.release()
        logs.close()


def _call(options: Options) -> Call:
    return Call.from_environment(options.uri, new_conversation=options.new_conversation, hidden=options.hidden)


def _run_first(
    app: DesktopApplication,
    profile: Profile,
    instance: SingleInstance,
    logs: Logs,
    options: Options,
    secrets: Secrets,
) -> int:
    logs.watch_hard_crashes()
    settings = Settings(profile.settings)
    if settings.language != SYSTEM:
        Translation.install(app).use(settings.language)
    application = Application(profile, settings, secrets, Theme.install(app), logs)
    instance.called.connect(application.calls.receive)
    app.uri_opened.connect(lambda uri: application.calls.receive(Call(uri)))
    application.calls.start(_call(options))
    app.processEvents()  # the first paint; everything else is loaded behind it
    log.debug("first paint")
    from qasync import QEventLoop

    from whimbrel.platform.garbage import GarbageCollector
    from whimbrel.platform.threads import DaemonThreads
    from whimbrel.ui.theme.icons import logo

    app.setWindowIcon(logo())
    collector = GarbageCollector(app)
    loop = QEventLoop(app)
    loop.set_default_executor(DaemonThreads("worker", _WORKERS))
    logs.watch_loop(loop)
    with loop:
        loop.run_until_complete(_live(application, app, start_command(options.profile)))
    collector.stop()
    return 0


async def _live(application: Application, app: DesktopApplication, restart: list[str]) -> None:
    """From the first paint to the last farewell."""
    import asyncio  # not before the first paint

    from whimbrel.platform.garbage import GarbageCollector
    from whimbrel.ui.session_end import SessionEnd

    quitting = asyncio.Event()
    application.wire_window(lambda window: window.quit_requested.connect(quitting.set))
    app.quit_asked.connect(quitting.set)
    app.hands_on_quitting = True
    application.wire_window(lambda window: SessionEnd(app, window, restart))
    loop = asyncio.get_running_loop()
    if sys.platform != "win32":  # there the event loop cannot
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, quitting.set)

    async def load() -> None:
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_SECONDS)
        try:
            await application.load()
        finally:
            sys.setswitchinterval(usual)
        linecache.clearcache()  # PySide6 looks into the source of each module, which stays there: 9 MB
        GarbageCollector.spare_the_living()

    loading = asyncio.ensure_future(load())
    loading.add_done_callback(lambda done: None if done.cancelled() else done.result())
    await quitting.wait()
    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)
    application.window.finish()
    await application.close()
    left = asyncio.all_tasks() - {asyncio.current_task()}  # of widgets, and of notifications
    for task in left:
        task.cancel()
    if left:
        await asyncio.wait(left, timeout=_LAST_SECONDS)
