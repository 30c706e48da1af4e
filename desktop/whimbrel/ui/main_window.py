"""The main window. It shows before any service exists; ``attach`` gives it what it acts through."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from whimbrel.platform.session_state import MAIN, SessionState
from whimbrel.platform.settings import Settings
from whimbrel.ui.effects import Effects
from whimbrel.ui.menus import NEEDS_ACCOUNT, fill_menu_bar, show_offline_action
from whimbrel.ui.shortcuts import Actions
from whimbrel.ui.theme.theme import Theme
from whimbrel.ui.window_place import WindowPlace

if TYPE_CHECKING:
    from whimbrel.core.services import Services
    from whimbrel.platform.notify import Notifier
    from whimbrel.platform.secrets import Secrets
    from whimbrel.ui.bridge import Bridge
    from whimbrel.ui.conductor import Conductor
    from whimbrel.ui.faults.troubles import Troubles
    from whimbrel.ui.widgets.notice_bar import NoticeBar

_SIZE = (1120, 760)
_MINIMUM = (360, 420)
_FRAME = QSize(2, 40)  # what the desktop draws around a window, about
_LEFT_WIDTH = 320
_ZOOM_STEP = 10
_NORMAL_ZOOM = 100


class MainWindow(QMainWindow):
    """A frame: menu bar, notices, and a page. What happens in it is conducted by ``ui/conductor.py``."""

    quit_requested = Signal()
    idle_minutes_changed = Signal(int)

    def __init__(self, theme: Theme, settings: Settings, session: SessionState | None = None) -> None:
        super().__init__()
        self.theme = theme
        self.settings = settings
        self.session = session or SessionState()
        self.conductor: Conductor | None = None
        self.troubles: Troubles | None = None
        self._finishing = False
        Effects(theme, settings, self).idle_minutes_changed.connect(self.idle_minutes_changed)
        self.setWindowTitle("Whimbrel")
        self.setMinimumSize(*_MINIMUM)
        self.resize(*_SIZE)
        self._place = WindowPlace(self, MAIN, self.session, otherwise=settings.geometry)  # as older versions kept it
        self.resize(self.size().boundedTo(self.screen().availableSize() - _FRAME))
        self.actions_by_name = Actions(self)
        self.show_offline = show_offline_action(settings, self)
        fill_menu_bar(self, self.actions_by_name, self.show_offline)
        self.actions_by_name.set_enabled((*NEEDS_ACCOUNT, "add_account", "settings"), False)
        self._column = QVBoxLayout()
        self.pages = QStackedWidget()
        self.pages.addWidget(_waiting_page(bool(settings.splitter)))
        self._lay_out()
        self._connect()
        if settings.set_aside is not None:
            self._say_set_aside(settings.set_aside.name)

    def watch_troubles(self, troubles: Troubles) -> None:
        """Let faults be shown, and reported from the menu."""
        self.troubles = troubles
        troubles.told.connect(self.say_fault)
        self.actions_by_name.connect("report_problem", troubles.report)

    def add_bar(self, bar: QWidget) -> None:
        """Put a line of somebody else's above everything."""
        self._column.insertWidget(0, bar)
        bar.show()

    def attach(self, services: Services, bridge: Bridge, secrets: Secrets, notifier: Notifier | None = None) -> None:
        """Fill the window, once the core is there. Without a notifier it makes its own."""
        from whimbrel.ui.activity import Activity
        from whimbrel.ui.avatars import AvatarPictures
        from whimbrel.ui.conductor import Conductor

        Activity(services.accounts, self)
        AvatarPictures(services, bridge, self)
        self.conductor = Conductor(self, services, bridge, secrets, notifier)
        self.conductor.quit_requested.connect(self.quit_requested)

    def come_to_front(self, token: str = "") -> None:
        """Come to the front, also from the tray; ``token``: what the desktop gave whoever asked for it."""
        from whimbrel.platform.activation import activate

        self.show()
        if self.isMinimized():
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        activate(self, token)

    def open_uri(self, uri: str) -> None:
        """Do what an ``xmpp:`` link asks for."""
        self.come_to_front()
        if self.conductor is not None:
            self.conductor.open_link(uri)

    def say(self, text: str) -> None:
        """Tell calmly of something that went wrong elsewhere and what to do."""
        self.failure.show_text(text)

    def say_fault(self) -> None:
        """Tell that Whimbrel itself is at fault; the log has the rest."""
        self.say(self.tr("Something went wrong inside Whimbrel. It goes on; restart it if anything looks odd."))

    def _say_set_aside(self, name: str) -> None:
        words = self.tr(
            "The file of your settings could not be read, or not all of it. It is kept as {file}; "
            "what was not understood is as it usually is."
        )
        self.say(words.replace("{file}", name))

    def say_unencrypted(self, *, is_locked: bool = False) -> None:
        """Tell, once, that the history is not encrypted, for want of a keyring or of one that is open."""
        if self.settings.encryption_notice_shown:
            return
        self.settings.encryption_notice_shown = True
        words = self.tr(
            "There is no usable keyring, so the history on this computer is not encrypted. "
            "It becomes so by itself once there is one."
        )
        if is_locked:
            words = self.tr(
                "The keyring is locked, so the history on this computer is not encrypted. "
                "It becomes so at the next start at which you unlock it."
            )
        self.notice.show_text(words)

    def finish(self) -> None:
        """Close for good, keeping size and place."""
        self._finishing = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.save()
        if self._finishing:
            self.session.end()
            if self.conductor is not None:
                self.conductor.finish()
            event.accept()
            return
        event.ignore()
        if self.conductor is None or self.conductor.on_close():
            self.quit_requested.emit()

    def save(self) -> None:
        """Keep where the window and the line between its panes stand."""
        self._place.note()
        if self.conductor is not None and self.conductor.view is not None:
            self.settings.splitter = self.conductor.view.split.save()

    def _zoom(self, percent: int) -> None:
        self.settings.zoom = percent

    def _connect(self) -> None:
        actions = self.actions_by_name
        actions.connect("quit", self.quit_requested.emit)
        actions.connect("zoom_in", lambda: self._zoom(self.theme.zoom + _ZOOM_STEP))
        actions.connect("zoom_out", lambda: self._zoom(self.theme.zoom - _ZOOM_STEP))
        actions.connect("zoom_reset", lambda: self._zoom(_NORMAL_ZOOM))

    @cached_property
    def notice(self) -> NoticeBar:
        """The line above everything."""
        return self._add_bar(0)

    @cached_property
    def failure(self) -> NoticeBar:
        """The line beneath everything."""
        return self._add_bar(self._column.count())

    def _add_bar(self, position: int) -> NoticeBar:
        from whimbrel.ui.widgets.notice_bar import NoticeBar

        bar = NoticeBar()
        self._column.insertWidget(position, bar)
        return bar

    def _lay_out(self) -> None:
        central = QWidget()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.pages, 1)
        central.setLayout(self._column)
        self.setCentralWidget(central)


def _waiting_page(outlined: bool) -> QWidget:
    """What shows until the core is there: the outline of the panes where the person has seen them before.

    Drawn by the stylesheet: a painter's overloads would build all of the namespace Qt before the first paint.
    """
    page = QFrame()
    page.setProperty("surface", "base")
    if outlined:
        side = QFrame()
        side.setProperty("surface", "side")
        side.setFixedWidth(_LEFT_WIDTH)
        layout = QHBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(side)
        layout.addStretch(1)
    return page
