"""The dialogs that the main window opens: made when asked for, one of each kind, never blocking."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from whimbrel.core.services import Services
from whimbrel.model.account import Account
from whimbrel.model.errors import KnownError
from whimbrel.platform.settings import Settings
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.shortcuts import Actions
from whimbrel.ui.theme.theme import Theme

if TYPE_CHECKING:
    from whimbrel.platform.logs import Logs
    from whimbrel.platform.secrets import Secrets
    from whimbrel.ui.settings.page import Page


class Dialogs(QObject):
    """Opens dialogs over a window. ``account_dialog_closed``: one that may have signed in has closed."""

    account_dialog_closed = Signal()

    def __init__(self, window: QWidget, services: Services, bridge: Bridge, secrets: Secrets) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._bridge = bridge
        self._secrets = secrets
        self._open: dict[str, QDialog] = {}

    @property
    def is_signing_in(self) -> bool:
        """Whether a dialog that signs in is open."""
        return "sign_in" in self._open or "create_account" in self._open

    def sign_in(
        self,
        account: Account | None = None,
        error: KnownError | None = None,
        address: str = "",
        *,
        asked_for: bool = True,
    ) -> None:
        """*Sign in*, for a new account or again for one that exists; ``asked_for`` as for :meth:`review_requests`."""
        from whimbrel.ui.accounts.sign_in_dialog import SignInDialog

        self._show(
            "sign_in",
            lambda: SignInDialog(self._services, self._secrets, account, error, self._window, address=address),
            activate=asked_for,
        )

    def create_account(self, provider: str = "") -> None:
        """*Create an account*, at a provider to begin with."""
        from whimbrel.ui.accounts.create_dialog import CreateAccountDialog

        self._show(
            "create_account",
            lambda: CreateAccountDialog(self._services, self._secrets, self._window, provider=provider),
        )

    def accounts(self) -> None:
        """*Accounts*."""
        from whimbrel.ui.accounts.accounts_dialog import AccountsDialog

        self._show("accounts", lambda: AccountsDialog(self._services, self._bridge, self._secrets, self._window))

    def profile(self) -> None:
        """*Profile*, where there is an account."""
        from whimbrel.ui.accounts.profile_dialog import ProfileDialog

        if accounts := self._services.accounts.list_accounts():
            self._show("profile", lambda: ProfileDialog(self._services, accounts, self._window))

    def add_contact(self, jid: str = "") -> None:
        """*Add contact*, with an address or link to begin with."""
        from whimbrel.ui.contacts.add_dialog import AddContactDialog

        self._show("add_contact", lambda: AddContactDialog(self._services, None, jid, self._window))

    def review_requests(self, *, asked_for: bool = True) -> None:
        """*Contact request*: every one that waits, one after the other.

        Args:
            asked_for: the person wants it now; else it leaves the keyboard and the stack of windows as they are.
        """
        from whimbrel.ui.contacts.request_dialog import RequestDialog

        self._show("request", lambda: RequestDialog(self._services, self._bridge, self._window), activate=asked_for)

    def is_showing(self, name: str) -> bool:
        """Whether a dialog is open, by the stem of the method that opens it."""
        return name in self._open

    def settings(
        self,
        settings: Settings,
        theme: Theme,
        actions: Actions,
        logs: Logs | None = None,
        page: type[Page] | None = None,
    ) -> None:
        """*Settings*, at the first of its pages or at another."""
        from whimbrel.ui.settings.dialog import SettingsDialog
        from whimbrel.ui.settings.page import PageContext

        context = PageContext(settings, theme, self._services, self._bridge, self._secrets, actions, logs)
        self._show("settings", lambda: SettingsDialog(context, self._window))
        dialog = self._open["settings"]
        if page is not None and isinstance(dialog, SettingsDialog):
            dialog.show_page(page)

    def shortcuts(self) -> None:
        """*Keyboard shortcuts*."""
        from whimbrel.ui.settings.shortcuts_dialog import ShortcutsDialog

        self._show("shortcuts", lambda: ShortcutsDialog(self._window))

    def ask_close(self, on_chosen: Callable[[bool], None]) -> None:
        """What closing the window means; the answer, whether to keep running, is remembered by who asks."""
        from whimbrel.ui.settings.close_dialog import CloseDialog

        def make() -> QDialog:
            dialog = CloseDialog(self._window)
            dialog.chosen.connect(on_chosen)
            return dialog

        self._show("close", make)

    def about(self) -> None:
        """*About Whimbrel*."""
        from whimbrel.ui.settings.about_dialog import AboutDialog

        self._show("about", lambda: AboutDialog(self._window))

    def _show(self, name: str, make: Callable[[], QDialog], *, activate: bool = True) -> None:
        dialog = self._open.get(name)
        if dialog is None:
            dialog = make()
            self._open[name] = dialog
            dialog.finished.connect(lambda _result: self._on_finished(name))
            dialog.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not activate)
        dialog.show()
        if activate:
            dialog.raise_()
            dialog.activateWindow()

    def _on_finished(self, name: str) -> None:
        self._open.pop(name, None)
        if name in ("sign_in", "create_account"):
            self.account_dialog_closed.emit()
