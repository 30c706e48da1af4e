"""Signing in with an account that exists at a provider; and giving its password again when it is asked for."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from whimbrel.core.services import Services
from whimbrel.model.account import Account, ConnectionSettings
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.ui.accounts.busy_dialog import BusyDialog
from whimbrel.ui.accounts.connecting import sign_in_again
from whimbrel.ui.accounts.input import read_address
from whimbrel.ui.accounts.parts import Advanced, Keyring, PasswordEdit, RememberPassword
from whimbrel.ui.widgets.buttons import primary_button
from whimbrel.ui.widgets.field import Field

_LONGEST_PASSWORD = 1023  # characters; SASLprep output beyond 1023 octets is refused by servers (RFC 7613)
_AT_PASSWORD = frozenset({ErrorKind.PASSWORD_WRONG, ErrorKind.PASSWORD_NEEDED})
_AT_ADDRESS = frozenset({ErrorKind.ACCOUNT_EXISTS, ErrorKind.ACCOUNT_DISABLED})
_AT_HOST = frozenset({ErrorKind.HOST_UNKNOWN, ErrorKind.CONNECTION_REFUSED, ErrorKind.NOT_XMPP})


class SignInDialog(BusyDialog):
    """Asks for address and password.

    Args:
        account: one that exists and whose password is asked for again; None for a new one.
        error: why it is asked for again.
        address: what to start with, an address or a pasted ``xmpp:`` link.
    """

    signed_in = Signal(object)  # Account

    def __init__(
        self,
        services: Services,
        secrets: Keyring,
        account: Account | None = None,
        error: KnownError | None = None,
        parent: QWidget | None = None,
        *,
        address: str = "",
    ) -> None:
        super().__init__(self.tr("Sign in"), services, parent)
        self._account = account
        self._trusted = ("", "")  # a domain, and the certificate that the person trusts there
        self.address = Field(self.tr("Address"), QLineEdit(str(account.jid) if account else address))
        self.password_edit = PasswordEdit()
        self.password = Field(self.tr("Password"), self.password_edit)
        self.remember = RememberPassword(secrets, account.remember_password if account else True)
        self.advanced = Advanced(account.settings if account else None)
        self.sign_in_button = primary_button(self.tr("Sign in"))
        self.sign_in_button.clicked.connect(self._submit)
        self.inputs = [self.address, self.password, self.remember, self.advanced, self.sign_in_button]
        for widget in self.inputs[:-1]:
            self.content.addWidget(widget)
        if account is not None:
            self._address_edit.setReadOnly(True)
        else:
            self._address_edit.setPlaceholderText(self.tr("name@example.org"))
        if error is not None:
            self.error_box.show_error(error)
        self.finish_layout(self.sign_in_button)
        (self.password_edit if account or address else self._address_edit).setFocus()

    def show_failure(self, error: KnownError) -> None:
        if error.kind in _AT_HOST and self._has_host:
            self.advanced.unfold()
            self.advanced.host.line_edit.setFocus()
        elif error.kind in _AT_PASSWORD:
            self.password_edit.setFocus()
            self.password_edit.selectAll()
        elif error.kind in _AT_ADDRESS | _AT_HOST:
            self._address_edit.setFocus()
        self.error_box.show_error(error)

    @property
    def whose(self) -> str:
        return self._address_edit.text()

    def again(self, trusted: str = "") -> None:
        jid = self._read_address()
        if jid is not None and trusted and self._account is not None:
            self.services.accounts.trust_certificate(self._account.id, trusted)
        elif jid is not None and trusted:
            self._trusted = (jid.domain, trusted)
        self._submit()

    @property
    def _address_edit(self) -> QLineEdit:
        assert isinstance(self.address.line_edit, QLineEdit)
        return self.address.line_edit

    @property
    def _has_host(self) -> bool:
        line = self.advanced.host.line_edit
        return isinstance(line, QLineEdit) and bool(line.text().strip())

    def _submit(self) -> None:
        for field in (self.address, self.password):
            field.set_error(None)
        self.error_box.clear()
        jid = self._read_address()
        settings = self.advanced.read()
        password_is_good = self._password_is_good()
        if jid is None:
            self.address.line_edit.setFocus()
        elif settings is not None and password_is_good:
            self._connect(jid, settings)

    def _read_address(self) -> JID | None:
        try:
            jid = read_address(self._address_edit.text())
        except KnownError as error:
            self.fail_field(self.address, error)
            return None
        if jid.resource:
            self.advanced.set_resource(jid.resource)
        self._address_edit.setText(str(jid.bare))
        return jid.bare

    def _password_is_good(self) -> bool:
        password = self.password_edit.text()
        if not password:
            self.fail_field(self.password, self.tr("Enter the password."))
        elif len(password) > _LONGEST_PASSWORD:
            self.fail_field(self.password, KnownError(ErrorKind.TOO_LONG))
        else:
            return True
        return False

    def _connect(self, jid: JID, settings: ConnectionSettings) -> None:
        self.password_edit.hide_password()
        self.begin()
        password, remember = self.password_edit.text(), self.remember.chosen
        accounts = self.services.accounts
        if self._account is None:
            domain, certificate = self._trusted
            coroutine = accounts.sign_in(jid, password, settings, remember, certificate if domain == jid.domain else "")
            self.attempt.start(coroutine, domain=jid.domain, on_done=self._on_signed_in)
            return
        account_id = self._account.id
        self.attempt.start(
            sign_in_again(self.services, account_id, settings, password, remember),
            domain=jid.domain,
            account_id=account_id,
            on_done=lambda _status: self._on_signed_in(accounts.find(account_id)),
        )

    def _on_signed_in(self, account: Account | None) -> None:
        self.password_edit.clear()
        if account is not None:
            self.signed_in.emit(account)
        self.accept()
