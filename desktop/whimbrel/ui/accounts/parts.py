"""Inputs that the dialogs about accounts share: password, *Remember password*, *Advanced*."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from whimbrel.model.account import ConnectionSettings, Security
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.ui.accounts.input import read_host, read_port, read_resource
from whimbrel.ui.errors import explain
from whimbrel.ui.run import run
from whimbrel.ui.theme.growth import keep_icon_size
from whimbrel.ui.theme.icons import chevron, icon
from whimbrel.ui.theme.theme import SMALL, grown, theme
from whimbrel.ui.widgets.buttons import icon_button, link_button
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.label import Label

_PORT_WIDTH = 120  # pixels, where letters have their usual size


class Keyring(Protocol):
    """What the dialogs need to know of ``platform/secrets.py``."""

    async def usable(self) -> bool:
        """Whether there is a keyring that keeps passwords safely."""


class PasswordEdit(QLineEdit):
    """A line for a password, with a button that shows what was typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhNoAutoUppercase | self.inputMethodHints()
        )
        self.reveal = icon_button("eye", "", self, size=16)
        self.reveal.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reveal.setCursor(Qt.CursorShape.ArrowCursor)
        self.reveal.clicked.connect(lambda: self._show_password(self.echoMode() is QLineEdit.EchoMode.Password))
        self.setTextMargins(0, 0, self.reveal.width() - 4, 0)
        self._show_password(False)

    def hide_password(self) -> None:
        """Stop showing what was typed."""
        self._show_password(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.reveal.move(self.width() - self.reveal.width() - 3, (self.height() - self.reveal.height()) // 2)

    def _show_password(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.setEchoMode(mode)
        name = self.tr("Hide password") if shown else self.tr("Show password")
        self.reveal.setIcon(icon("eye-off" if shown else "eye"))
        self.reveal.setAccessibleName(name)
        self.reveal.setToolTip(name)


class RememberPassword(QWidget):
    """The choice whether the password goes into the keyring; says so where there is none to be used."""

    def __init__(self, keyring: Keyring, chosen: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QCheckBox(self.tr("Remember password"))
        self.box.setAccessibleName(self.tr("Remember password"))
        self.box.setChecked(chosen)
        self._where = Label(self.tr("in your keyring"), tone="second")
        self._note = Label(size=SMALL, tone="second", wrap=True)
        self._note.hide()
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.box)
        row.addWidget(self._where)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self._note)
        self.box.toggled.connect(self._on_toggled)
        self._on_toggled(chosen)
        run(self, keyring.usable(), on_done=self._on_usable, on_error=lambda _error: self._on_usable(False))

    @property
    def chosen(self) -> bool:
        """Whether the password is to be remembered."""
        return self.box.isChecked()

    def _on_usable(self, usable: bool) -> None:
        if not usable:
            self.box.setChecked(False)
            self.box.setEnabled(False)
            self._where.hide()
            self._say(
                self.tr("There is no keyring that Whimbrel can use, so the password is kept for this session only.")
            )

    def _on_toggled(self, chosen: bool) -> None:
        self._say("" if chosen else self.tr("The password is kept for this session only."))

    def _say(self, text: str) -> None:
        self._note.setText(text)
        self._note.setVisible(bool(text))
        self.box.setAccessibleDescription(text)


class Advanced(QWidget):
    """Host, port, security and resource, behind a button."""

    def __init__(self, settings: ConnectionSettings | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        shown = settings if settings is not None else ConnectionSettings()
        self.button = link_button(self.tr("Advanced"))
        keep_icon_size(self.button, 14)
        self.host = Field(self.tr("Host"), QLineEdit(shown.host))
        self.port = Field(self.tr("Port"), QLineEdit(str(shown.port) if shown.port else ""))
        self._security = QComboBox()
        for security, name in _security_names():
            self._security.addItem(name, security)
        self._security.setCurrentIndex(self._security.findData(shown.security))
        self.security = Field(self.tr("Security"), self._security)
        self.resource = Field(self.tr("Resource"), QLineEdit(shown.resource))
        self._line(self.host).setPlaceholderText(self.tr("found by itself"))
        self._line(self.port).setPlaceholderText("5222")
        self._line(self.resource).setPlaceholderText(self.tr("chosen by itself"))
        self.body = QWidget()
        self._lay_out()
        self.button.clicked.connect(lambda: self.unfold(self.body.isHidden()))
        theme().changed.connect(self._style)
        self.unfold(shown != ConnectionSettings())

    def unfold(self, shown: bool = True) -> None:
        """Show what is behind the button, or hide it."""
        self.body.setVisible(shown)
        self._style()

    def read(self) -> ConnectionSettings | None:
        """What was entered; None where something is wrong, which the fields then say."""
        self.clear_errors()
        good = True
        values: list[str | int] = []
        for field, reader in ((self.host, read_host), (self.port, read_port), (self.resource, read_resource)):
            try:
                values.append(reader(self._line(field).text()))
            except KnownError as error:
                self.show_error(field, self._words(field, error), focus=good)
                good = False
        if not good:
            return None
        host, port, resource = values
        return ConnectionSettings(str(host), int(port), self._security.currentData(), str(resource))

    def show_error(self, field: Field, text: str, *, focus: bool = True) -> None:
        """Say at a field what is wrong with it."""
        self.unfold()
        field.set_error(text)
        if focus:
            field.line_edit.setFocus()

    def clear_errors(self) -> None:
        """Forget what was wrong."""
        for field in (self.host, self.port, self.resource):
            field.set_error(None)

    def set_resource(self, resource: str) -> None:
        """Take the resource of an address that was typed with one."""
        self._line(self.resource).setText(resource)

    def _words(self, field: Field, error: KnownError) -> str:
        if field is self.port:
            return self.tr("A number from 1 to 65535, or empty.")
        if error.kind is ErrorKind.TOO_LONG:
            return explain(error)
        if field is self.host:
            return self.tr("This is not a host name. Leave it empty to have it found.")
        return self.tr("This cannot be a resource. Leave it empty to have one chosen.")

    @staticmethod
    def _line(field: Field) -> QLineEdit:
        assert isinstance(field.line_edit, QLineEdit)
        return field.line_edit

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(12)
        for field, stretch in ((self.host, 1), (self.port, 0)):
            aligned = QVBoxLayout()  # keeps an error beneath one from moving the other
            aligned.addWidget(field)
            aligned.addStretch(1)
            first.addLayout(aligned, stretch)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(first)
        column.addWidget(self.security)
        column.addWidget(self.resource)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.body)

    def _style(self) -> None:
        self.port.setFixedWidth(grown(_PORT_WIDTH))
        name = chevron(not self.body.isHidden(), self.layoutDirection())
        self.button.setIcon(icon(name, theme().tokens.accent))


def _security_names() -> list[tuple[Security, str]]:
    return [
        (Security.AUTOMATIC, QCoreApplication.translate("Security", "Automatic")),
        (Security.DIRECT_TLS, QCoreApplication.translate("Security", "Direct TLS")),
        (Security.STARTTLS, QCoreApplication.translate("Security", "STARTTLS")),
    ]
