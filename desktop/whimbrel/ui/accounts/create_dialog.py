"""Creating an account at a provider, and signing in with it (XEP-0077)."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QWidget

from whimbrel.core.registration import Registrar
from whimbrel.core.services import Services
from whimbrel.model.account import Account, ConnectionSettings, Credentials
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.form import RegistrationForm
from whimbrel.ui.accounts.busy_dialog import BusyDialog
from whimbrel.ui.accounts.form_view import USERNAME, FormView
from whimbrel.ui.accounts.input import read_provider
from whimbrel.ui.accounts.parts import Advanced, Keyring, RememberPassword
from whimbrel.ui.accounts.providers import SUGGESTED_PROVIDERS
from whimbrel.ui.errors import explain
from whimbrel.ui.run import run
from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.label import Label

_AT_PROVIDER = frozenset(
    {ErrorKind.HOST_UNKNOWN, ErrorKind.REGISTRATION_CLOSED, ErrorKind.NOT_XMPP, ErrorKind.CONNECTION_REFUSED}
)


class CreateAccountDialog(BusyDialog):
    """First the provider, then the provider's form, then signed in: nothing is typed twice.

    Args:
        provider: what to start with, a domain or a pasted invitation.
    """

    signed_in = Signal(object)  # Account

    def __init__(
        self, services: Services, secrets: Keyring, parent: QWidget | None = None, *, provider: str = ""
    ) -> None:
        super().__init__(self.tr("Create an account"), services, parent, width=420)
        self._registrar: Registrar | None = None
        self._domain = ""
        self._username = ""
        self._settings = ConnectionSettings()
        self._trusted = ("", "")  # a domain, and the certificate that the person trusts there
        self._credentials: Credentials | None = None
        self._entered: dict[str, list[str]] = {}
        self.form: FormView | None = None
        self.provider_box = QComboBox()
        self.provider = Field(self.tr("Provider"), self.provider_box)
        self.advanced = Advanced()
        self.intro = Label(
            self.tr(
                "A provider keeps your account and carries your messages. Any will do: you can chat with everybody."
            ),
            tone="second",
            wrap=True,
        )
        self.form_area = QScrollArea()
        self.remember = RememberPassword(secrets)
        self.back_button = secondary_button(self.tr("Back"))
        self.continue_button = primary_button(self.tr("Continue"))
        self.create_button = primary_button(self.tr("Create account"))
        self._set_up_inputs(provider)
        self._lay_out()
        self._show_step()
        self.provider_box.setFocus()

    def reject(self) -> None:
        was_running = self.attempt.is_running
        super().reject()
        if not was_running:
            self._close_registrar()

    def accept(self) -> None:
        super().accept()
        self._close_registrar()

    def show_failure(self, error: KnownError) -> None:
        if self._credentials is not None:
            text = self.tr("The account {address} was created, but signing in did not work yet.")
            words = text.replace("{address}", str(self._credentials.jid))
            self.error_box.show_text(f"{words} {explain(error)}", error.detail)
            return
        if self.form is None:
            if error.kind in _AT_PROVIDER:
                self.provider_box.setFocus()
            self.error_box.show_error(error)
            return
        name = error.subject if error.subject in self.form.controls else ""
        if not name and error.kind is ErrorKind.NAME_TAKEN:
            name = USERNAME
        if not self.form.show_error(name, explain(_without_subject(error) if name else error)):
            self.error_box.show_error(error)
        elif error.detail and error.kind is not ErrorKind.NAME_TAKEN:
            self.error_box.show_error(_without_subject(error))
        self._reveal_focus()

    @property
    def whose(self) -> str:
        return str(self._credentials.jid) if self._credentials is not None else self._domain

    def again(self, trusted: str = "") -> None:
        if trusted:
            self._trusted = (self._domain, trusted)
        if self.form is None:
            self._fetch()
            return
        if trusted and self._credentials is None:
            self._close_registrar()
            self._registrar = self.services.registrar(self._certificate)
        self._create()

    @property
    def _certificate(self) -> str:
        domain, certificate = self._trusted
        return certificate if domain == self._domain else ""

    def set_busy(self, busy: bool) -> None:
        super().set_busy(busy)
        self.back_button.setEnabled(not busy and self._credentials is None)

    def _set_up_inputs(self, provider: str) -> None:
        self.provider_box.setEditable(True)
        self.provider_box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.provider_box.addItems(list(SUGGESTED_PROVIDERS))
        self.provider_box.setCurrentIndex(-1)
        line = self.provider_box.lineEdit()
        if line is not None:
            line.setPlaceholderText(self.tr("Choose one, or type its address"))
            line.setAccessibleName(self.tr("Provider"))
            line.setText(provider)
        self.continue_button.clicked.connect(self._fetch)
        self.create_button.clicked.connect(self._create)
        self.back_button.clicked.connect(self._go_back)

    def _lay_out(self) -> None:
        self.form_area.setWidgetResizable(True)
        self.form_area.setFrameShape(QFrame.Shape.NoFrame)
        self.form_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.form_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for widget in (self.intro, self.provider, self.advanced):
            self.content.addWidget(widget)
        self.content.addWidget(self.form_area, 1)
        self.content.addWidget(self.remember)
        self.inputs = [self.provider, self.advanced, self.form_area, self.remember]
        self.inputs += [self.continue_button, self.create_button]
        self.add_button(self.back_button, left=True)
        self.finish_layout(self.create_button, self.continue_button)

    def _show_step(self) -> None:
        """Show the provider's form where there is one, else the choice of the provider."""
        at_form = self.form is not None
        fillable = self.form is not None and not self.form.is_web_only
        first: tuple[QWidget, ...] = (self.intro, self.provider, self.advanced, self.continue_button)
        second: tuple[QWidget, ...] = (self.form_area, self.back_button)
        to_fill: tuple[QWidget, ...] = (self.remember, self.create_button)
        for widgets, shown in ((first, not at_form), (second, at_form), (to_fill, fillable)):
            for widget in widgets:
                widget.setVisible(shown)
        (self.create_button if at_form else self.continue_button).setDefault(True)
        title = self.tr("Create an account at {domain}").replace("{domain}", self._domain)
        self.title.setText(title if at_form else self.tr("Create an account"))
        self._fit_form()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the form takes another height when a field says what is wrong with it."""
        if watched is self.form and event.type() == QEvent.Type.LayoutRequest:
            self._fit_form()
        return super().eventFilter(watched, event)

    def _fit_form(self) -> None:
        if self.form is not None:
            width = self.width() - 48
            height = self.form.heightForWidth(width) if self.form.hasHeightForWidth() else 0
            wanted = max(height, self.form.sizeHint().height()) + 4
            self.form_area.setMinimumHeight(min(wanted, self.screen().availableGeometry().height() // 2))
        else:
            self.form_area.setMinimumHeight(0)

    def _fetch(self) -> None:
        self.provider.set_error(None)
        self.error_box.clear()
        settings = self.advanced.read()
        try:
            jid = read_provider(self.provider_box.currentText())
        except KnownError as error:
            self.fail_field(self.provider, self._provider_words(error))
            return
        if settings is None:
            return
        self.provider_box.setEditText(jid.domain)
        self._domain, self._username, self._settings = jid.domain, jid.local, settings
        self.begin()
        self.attempt.start(self._fetch_form(), domain=jid.domain, on_done=self._on_form)

    def _provider_words(self, error: KnownError) -> str:
        if error.kind is ErrorKind.ADDRESS_EMPTY:
            return self.tr("Choose a provider, or type its address.")
        if error.kind is ErrorKind.ADDRESS_INVALID:
            return self.tr("This is not a provider’s address. It looks like example.org.")
        return explain(error)

    async def _fetch_form(self) -> RegistrationForm:
        self._close_registrar()
        self._registrar = self.services.registrar(self._certificate)
        return await self._registrar.fetch_form(self._domain, self._settings)

    def _on_form(self, form: RegistrationForm) -> None:
        self.form = FormView(form, self._domain)
        if self._username:
            self.form.restore({USERNAME: [self._username]})
        self.form.restore(self._entered)
        self.form.installEventFilter(self)
        self.form_area.setWidget(self.form)
        self._show_step()
        for control in self.form.controls.values():
            control.editor.setFocus()
            return
        if self.form.link is not None:
            self.form.link.open_button.setFocus()

    def _go_back(self) -> None:
        if self.form is not None:
            self._entered |= self.form.entered()
            self.form_area.takeWidget().deleteLater()
            self.form = None
        self._close_registrar()
        self.error_box.clear()
        self._show_step()
        self.provider_box.setFocus()

    def _create(self) -> None:
        if self.form is None or self._registrar is None:
            return
        self.error_box.clear()
        self.form.clear_errors()
        if self._credentials is not None:
            self._sign_in(self._credentials)
        elif (values := self.form.read()) is not None:
            self.begin()
            coroutine = self._registrar.submit(self._domain, self._settings, self.form.form, values)
            self.attempt.start(coroutine, domain=self._domain, on_done=self._on_created)
        else:
            self._reveal_focus()

    def _on_created(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._sign_in(credentials)

    def _sign_in(self, credentials: Credentials) -> None:
        self.create_button.setText(self.tr("Sign in"))
        self.create_button.setAccessibleName(self.tr("Sign in"))
        self.begin()
        self.form_area.setEnabled(False)
        self.attempt.start(
            self.services.accounts.sign_in(
                credentials.jid, credentials.password, self._settings, self.remember.chosen, self._certificate
            ),
            domain=credentials.jid.domain,
            on_done=self._on_signed_in,
        )

    def _on_signed_in(self, account: Account) -> None:
        self.signed_in.emit(account)
        self.accept()

    def _close_registrar(self) -> None:
        registrar, self._registrar = self._registrar, None
        application = QCoreApplication.instance()
        if registrar is not None and application is not None:
            run(application, registrar.close(), on_error=lambda _error: None)

    def _reveal_focus(self) -> None:
        focus = self.focusWidget()
        if self.form is not None and focus is not None and self.form.isAncestorOf(focus):
            self.form_area.ensureWidgetVisible(focus, 0, 32)


def _without_subject(error: KnownError) -> KnownError:
    """The error for words beneath the field itself, which need not name it."""
    return KnownError(error.kind, error.detail, stage=error.stage)
