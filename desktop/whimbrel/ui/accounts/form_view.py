"""A provider's registration form on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from whimbrel.model.form import FieldType, FormField, RegistrationForm
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.ui.accounts.form_fields import FormControl, make_control, shortened
from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.buttons import icon_button, link_button
from whimbrel.ui.widgets.label import Label

USERNAME = "username"


def web_address(text: str) -> QUrl | None:
    """The address of a web page, http or https; None for anything else, which is never opened."""
    url = QUrl(text.strip(), QUrl.ParsingMode.StrictMode)
    return url if url.isValid() and url.scheme() in ("http", "https") and url.host() else None


def _without_label(field: FormField) -> FormField:
    """A legacy field has no label of its own: the well-known one is translated."""
    return replace(field, label="")


class WebLink(QWidget):
    """A web page of the provider: a link, and its address to be read and copied."""

    def __init__(self, url: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._url = url.strip()
        self._target = web_address(url)
        self.open_button = link_button(self.tr("Open the provider's web page"))
        self.open_button.clicked.connect(self._open)
        self.open_button.setVisible(self._target is not None)
        address = Label(shortened(self._url), size=SMALL, tone="second", wrap=True, name=self.tr("Web address"))
        address.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.copy_button = icon_button("copy", self.tr("Copy web address"), size=16)
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._url))
        row = QHBoxLayout()
        row.addWidget(address, 1)
        row.addWidget(self.copy_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(row)

    def _open(self) -> None:
        if self._target is not None:
            QDesktopServices.openUrl(self._target)


class FormView(QWidget):
    """Shows a form and reads what was entered.

    Args:
        domain: of the provider, to check the username as a part of an address there.
    """

    def __init__(self, form: RegistrationForm, domain: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = form
        self._domain = domain
        self.controls: dict[str, FormControl] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        if form.instructions.strip():
            layout.addWidget(Label(shortened(form.instructions), tone="second", wrap=True))
        for field in form.fields if form.is_data_form else map(_without_label, form.fields):
            if (widget := self._widget(field)) is not None:
                layout.addWidget(widget)
        if any(control.form_field.required for control in self.controls.values()):
            layout.addWidget(Label(self.tr("* required"), size=SMALL, tone="second"))
        self.link = WebLink(form.url) if form.url.strip() else None
        if self.link is not None:
            layout.addWidget(self.link)
        layout.addStretch(1)

    @property
    def is_web_only(self) -> bool:
        """Whether there is nothing to fill in, so that the account is made elsewhere."""
        return not self.controls

    def entered(self) -> dict[str, list[str]]:
        """What was entered, by field, without checking it."""
        return {name: control.values() for name, control in self.controls.items()}

    def restore(self, entered: Mapping[str, list[str]]) -> None:
        """Put in what was entered before, where there still is such a field."""
        for name, values in entered.items():
            if name in self.controls and values:
                self.controls[name].set_values(values)

    def read(self) -> dict[str, list[str]] | None:
        """What is to be sent, hidden fields too; None where something is wrong, which the fields then say."""
        wrong: FormControl | None = None
        for name, control in self.controls.items():
            problem = control.problem() or (self._username_problem() if name == USERNAME else "")
            control.set_error(problem or None)
            wrong = wrong or (control if problem else None)
        if wrong is not None:
            wrong.editor.setFocus()
            return None
        hidden = {f.name: list(f.values) for f in self.form.fields if f.type is FieldType.HIDDEN and f.name}
        return hidden | self.entered()

    def show_error(self, name: str, text: str) -> bool:
        """Say at a field what is wrong with it; False where there is no such field."""
        control = self.controls.get(name)
        if control is None:
            return False
        control.set_error(text)
        control.editor.setFocus()
        return True

    def clear_errors(self) -> None:
        """Forget what was wrong."""
        for control in self.controls.values():
            control.set_error(None)

    def _widget(self, field: FormField) -> QWidget | None:
        if field.type is FieldType.FIXED:
            text = "\n".join(part for part in (field.label, *field.values) if part.strip())
            return Label(shortened(text), wrap=True) if text else None
        if not field.name or field.name in self.controls:
            return None
        control = make_control(field)
        if control is not None:
            self.controls[field.name] = control
        return control

    def _username_problem(self) -> str:
        control = self.controls[USERNAME]
        name = "".join(control.values()).strip()
        local, at, domain = name.partition("@")
        if at and domain.lower() == self._domain.lower():
            name = local
        control.set_values([name])
        try:
            good = not name or JID.parse(f"{name}@{self._domain}").local != ""
        except InvalidJID:
            good = False
        if good and "/" not in name:
            return ""
        return self.tr("This cannot be part of an address. Use letters, digits, “-”, “_” and “.”.")
