"""What the actions of the menus and keys do in a window, once the core is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID
from whimbrel.ui.chats.menu import Line
from whimbrel.ui.dialogs import Dialogs
from whimbrel.ui.main_view import MainView
from whimbrel.ui.palette import Palette
from whimbrel.ui.search.asking_dialogs import ask_delete_old, ask_export
from whimbrel.ui.search.palette_messages import PaletteMessages
from whimbrel.ui.shortcuts import CHATS_BY_NUMBER

if TYPE_CHECKING:
    from whimbrel.ui.main_window import MainWindow
    from whimbrel.ui.settings.page import Page

_IN_PALETTE = (
    "search_everywhere",
    *Line,
    "add_contact",
    "add_account",
    "accounts",
    "settings",
    "export_all",
    "delete_old",
    "shortcuts",
    "report_problem",
    "xml_console",
    "quit",
)


class Commands(QObject):
    """Connects each action of a window with what it does.

    Args:
        open_conversation: shows the conversation of an account with an address.
        view: the main view, where there is one by now.
    """

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        dialogs: Dialogs,
        open_conversation: Callable[[AccountId, JID], None],
        view: Callable[[], MainView | None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._dialogs = dialogs
        self._open = open_conversation
        self._view = view
        self._palette: Palette | None = None
        self._connect()

    def open_notes(self) -> None:
        """Show the conversation with oneself: of the account whose conversation shows, else of the first."""
        accounts = self._services.accounts.list_accounts()
        view = self._view()
        current = view.area.current if view is not None else None
        chosen = [account for account in accounts if current is not None and account.id == current.account_id]
        for account in (chosen or accounts)[:1]:
            self._open(account.id, account.jid.bare)

    def show_palette(self) -> None:
        """*Go to*."""
        view = self._view()
        if view is None or self._palette is not None:
            return
        actions = [self._window.actions_by_name[name] for name in _IN_PALETTE]
        self._palette = Palette(self._services, self._open, actions, self._window)
        self._palette.find_messages = PaletteMessages(self._services, view.show_result, self._palette).find
        self._palette.destroyed.connect(self._on_palette_gone)
        self._palette.show_up()

    def show_settings(self, page: type[Page] | None = None) -> None:
        """*Settings*, at a page."""
        window = self._window
        logs = window.troubles.diagnosis.logs if window.troubles is not None else None
        self._dialogs.settings(window.settings, window.theme, window.actions_by_name, logs, page)

    def show_console(self) -> None:
        """*XML console*."""
        from whimbrel.ui.console.window import show_console

        show_console(self._services, self._window)

    def _connect(self) -> None:
        window, connect = self._window, self._window.actions_by_name.connect
        connect("palette", self.show_palette)
        connect("new_conversation", self.show_palette)
        connect("add_account", self._dialogs.sign_in)
        connect("accounts", self._dialogs.accounts)
        connect("profile", self._dialogs.profile)
        connect("add_contact", self._dialogs.add_contact)
        connect("notes", self.open_notes)
        connect("settings", self.show_settings)
        connect("shortcuts", self._dialogs.shortcuts)
        connect("about", self._dialogs.about)
        connect("xml_console", self.show_console)
        self._connect_view("search_everywhere", lambda view: view.search_everywhere())
        connect("export_all", lambda: ask_export(self._services, None, window))
        connect("delete_old", lambda: ask_delete_old(self._services, window))
        self._connect_view("next_chat", lambda view: view.go(1))
        self._connect_view("previous_chat", lambda view: view.go(-1))
        self._connect_view("next_unread", lambda view: view.go(1, unread_only=True))
        self._connect_view("previous_unread", lambda view: view.go(-1, unread_only=True))
        self._connect_view("next_region", lambda view: view.focus_region(1))
        self._connect_view("previous_region", lambda view: view.focus_region(-1))
        self._connect_view("close_conversation", lambda view: view.close_conversation())
        self._connect_view("open_window", lambda view: view.open_current_window())
        for line in Line:
            self._connect_view(line, partial(MainView.act_on_chat, line=line))
        for number in range(1, CHATS_BY_NUMBER + 1):
            self._connect_view(f"chat_{number}", partial(MainView.go_to, number=number))

    def _connect_view(self, name: str, act: Callable[[MainView], None]) -> None:
        """Let an action do something with the main view, where there is one."""

        def on_triggered() -> None:
            if (view := self._view()) is not None:
                act(view)

        self._window.actions_by_name.connect(name, on_triggered)

    def _on_palette_gone(self) -> None:
        self._palette = None
