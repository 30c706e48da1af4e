"""What keeps an account from being connected, with the next step for each reason."""

from __future__ import annotations

import shiboken6
from PySide6.QtWidgets import QWidget

from whimbrel.core.services import Services
from whimbrel.model.account import Account, ConnectionState
from whimbrel.model.errors import CertificateError, ErrorKind, KnownError
from whimbrel.model.events import ConnectionChanged
from whimbrel.ui.accounts.certificate_dialog import CertificateDialog
from whimbrel.ui.accounts.trust_dialogs import AcceptWeakerDialog
from whimbrel.ui.widgets.error_box import ErrorBox

_AT_PASSWORD = frozenset({ErrorKind.PASSWORD_WRONG, ErrorKind.PASSWORD_NEEDED})


class AccountTrouble(ErrorBox):
    """Why an account is not connected, where somebody must decide first; hidden where that is not so."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._account: Account | None = None
        self._error: KnownError | None = None
        self.destroyed.connect(services.bus.subscribe(ConnectionChanged, self._on_connection_changed))

    def show_account(self, account: Account | None) -> None:
        """Show what is wrong with an account now."""
        error = None
        if account is not None:
            status = self._services.accounts.status(account.id)
            error = status.error if status.state is ConnectionState.FAILED else None
        if (account, error) == (self._account, self._error):
            return
        self._account, self._error = account, error
        if account is None or error is None:
            self.clear()
            return
        self.show_error(error)
        if isinstance(error, CertificateError):
            self.offer(self.tr("Show the certificate…"), lambda: self._show_certificate(account, error))
        elif error.kind is ErrorKind.WEAKER_MECHANISM:
            self.offer(self.tr("Accept weaker sign-in…"), lambda: self._ask_for_weaker(account))
        elif error.kind not in _AT_PASSWORD:
            self.offer(self.tr("Try again"), lambda: self._services.accounts.retry_now(account.id))

    def _on_connection_changed(self, event: ConnectionChanged) -> None:
        if shiboken6.isValid(self) and self._account is not None and event.account_id == self._account.id:
            self.show_account(self._services.accounts.find(event.account_id))

    def _show_certificate(self, account: Account, error: CertificateError) -> None:
        accounts = self._services.accounts
        dialog = CertificateDialog(error, str(account.jid), self.window())
        dialog.trust_requested.connect(lambda fingerprint: self._trust(account, fingerprint))
        dialog.retry_requested.connect(lambda: accounts.retry_now(account.id))
        dialog.open()

    def _trust(self, account: Account, fingerprint: str) -> None:
        try:
            self._services.accounts.trust_certificate(account.id, fingerprint)
        except KnownError as error:
            self.show_error(error)

    def _ask_for_weaker(self, account: Account) -> None:
        AcceptWeakerDialog(self._services, account, self.window()).open()
