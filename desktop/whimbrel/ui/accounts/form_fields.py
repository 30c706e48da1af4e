"""One control for each kind of field of a registration form (XEP-0004 section 3.3, XEP-0077 section 14.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from whimbrel.model.form import FieldType, FormField
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.ui.accounts.parts import PasswordEdit
from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.label import Label

_LONGEST_LABEL = 200  # characters shown of a label or option
_LONGEST_TEXT = 2000  # characters shown of a description or instructions
_LONGEST_VALUE = 10_000  # characters sent in one field
_LIST_ROWS = 5
_TRUE = frozenset({"1", "true"})


def field_label(field: FormField) -> str:
    """What a person reads: the provider's label, else the translated one of a well-known field, else its name."""
    known = _well_known().get(field.name)
    return shortened(field.label, _LONGEST_LABEL) or known or shortened(field.name, _LONGEST_LABEL)


def shortened(text: str, limit: int = _LONGEST_TEXT) -> str:
    """Foreign text, cut where it is unreasonably long."""
    stripped = text.strip()
    return stripped if len(stripped) <= limit else f"{stripped[: limit - 1]}…"


class FormControl(QWidget):
    """A field of a form on the screen: label, input, help, error line."""

    def __init__(self, field: FormField, editor: QWidget, *, own_label: bool = False) -> None:
        super().__init__()
        self.form_field = field
        self.editor = editor
        label = field_label(field)
        self._frame = Field(_escaped(label), editor)
        self._frame.label.setWordWrap(True)
        self._frame.label.setAccessibleName(label)
        self._frame.label.setVisible(not own_label)
        if field.required:
            self._frame.label.setText(f"{_escaped(label)} *")
        editor.setAccessibleName(label)
        self.help = Label(shortened(field.description), size=SMALL, tone="second", wrap=True)
        self.help.setVisible(bool(field.description.strip()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._frame)
        layout.addWidget(self.help)
        self.setFocusProxy(editor)
        self.set_error(None)

    def values(self) -> list[str]:
        """What was entered, as XEP-0004 sends it; nothing entered is an empty list."""
        raise NotImplementedError

    def set_values(self, values: list[str]) -> None:
        """Put in what was entered before."""
        raise NotImplementedError

    def problem(self) -> str:
        """What is wrong with what was entered, in words; "" for nothing."""
        values = self.values()
        if self.form_field.required and not any(value.strip() for value in values):
            return QCoreApplication.translate("Form", "This field must be filled in.")
        if sum(map(len, values)) > _LONGEST_VALUE:
            return QCoreApplication.translate("Form", "This is too long. Make it shorter.")
        return ""

    def set_error(self, text: str | None) -> None:
        """Say what is wrong, or None for nothing."""
        self._frame.set_error(text)
        required = QCoreApplication.translate("Form", "Required") if self.form_field.required else ""
        parts = (text or "", required, self.help.text())
        self.editor.setAccessibleDescription(" ".join(part for part in parts if part))


class _TextControl(FormControl):
    def __init__(self, field: FormField) -> None:
        self._edit = PasswordEdit() if field.type is FieldType.TEXT_PRIVATE else QLineEdit()
        self._edit.setText(_first(field))
        super().__init__(field, self._edit)

    def values(self) -> list[str]:
        return [self._edit.text()] if self._edit.text() else []

    def set_values(self, values: list[str]) -> None:
        self._edit.setText(values[0] if values else "")


class _JidControl(_TextControl):
    def values(self) -> list[str]:
        return [value.strip() for value in super().values()]

    def problem(self) -> str:
        if problem := super().problem():
            return problem
        try:
            for value in self.values():
                JID.parse(value)
        except InvalidJID:
            return QCoreApplication.translate(
                "Form", "This is not an address. An address looks like alice@example.org."
            )
        return ""


class _LinesControl(FormControl):
    def __init__(self, field: FormField) -> None:
        self._edit = QPlainTextEdit("\n".join(field.values))
        self._edit.setProperty("kind", "input")
        self._edit.setTabChangesFocus(True)
        self._edit.setFixedHeight(self._edit.fontMetrics().lineSpacing() * 4 + 16)
        super().__init__(field, self._edit)

    def values(self) -> list[str]:
        text = self._edit.toPlainText()
        return text.split("\n") if text else []

    def set_values(self, values: list[str]) -> None:
        self._edit.setPlainText("\n".join(values))


class _CheckControl(FormControl):
    def __init__(self, field: FormField) -> None:
        mark = " *" if field.required else ""
        self._box = QCheckBox(_escaped(field_label(field)) + mark)
        self._box.setChecked(_first(field).strip().lower() in _TRUE)
        super().__init__(field, self._box, own_label=True)

    def values(self) -> list[str]:
        return ["1" if self._box.isChecked() else "0"]

    def set_values(self, values: list[str]) -> None:
        self._box.setChecked(bool(values) and values[0] in _TRUE)


class _ChoiceControl(FormControl):
    def __init__(self, field: FormField) -> None:
        self._combo = QComboBox()
        self._combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        default = _first(field)
        if default not in {value for _label, value in field.options}:
            self._combo.addItem(QCoreApplication.translate("Form", "Choose…"), "")
        for label, value in field.options:
            self._combo.addItem(shortened(label, _LONGEST_LABEL) or value, value)
        super().__init__(field, self._combo)
        self.set_values([default])

    def values(self) -> list[str]:
        value = str(self._combo.currentData() or "")
        return [value] if value else []

    def set_values(self, values: list[str]) -> None:
        self._combo.setCurrentIndex(max(0, self._combo.findData(values[0] if values else "")))


class _ChoicesControl(FormControl):
    def __init__(self, field: FormField) -> None:
        self._list = QListWidget()
        self._list.setProperty("kind", "input")
        for label, value in field.options:
            item = QListWidgetItem(shortened(label, _LONGEST_LABEL) or value)
            item.setData(Qt.ItemDataRole.UserRole, value)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            self._list.addItem(item)
        super().__init__(field, self._list)
        self.set_values(list(field.values))
        rows = min(max(1, len(field.options)), _LIST_ROWS)
        self._list.setFixedHeight(rows * max(self._list.sizeHintForRow(0), 20) + 8)

    def values(self) -> list[str]:
        items = [self._list.item(row) for row in range(self._list.count())]
        checked = [item for item in items if item.checkState() == Qt.CheckState.Checked]
        return [str(item.data(Qt.ItemDataRole.UserRole)) for item in checked]

    def set_values(self, values: list[str]) -> None:
        for row in range(self._list.count()):
            item = self._list.item(row)
            wanted = item.data(Qt.ItemDataRole.UserRole) in values
            item.setCheckState(Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)


_CONTROLS: Mapping[FieldType, Callable[[FormField], FormControl]] = {
    FieldType.TEXT_SINGLE: _TextControl,
    FieldType.TEXT_PRIVATE: _TextControl,
    FieldType.TEXT_MULTI: _LinesControl,
    FieldType.BOOLEAN: _CheckControl,
    FieldType.LIST_SINGLE: _ChoiceControl,
    FieldType.LIST_MULTI: _ChoicesControl,
    FieldType.JID_SINGLE: _JidControl,
}


def make_control(field: FormField) -> FormControl | None:
    """The control of a field; None for FIXED and HIDDEN ones, into which nothing is entered."""
    factory = _CONTROLS.get(field.type)
    return factory(field) if factory is not None else None


def _first(field: FormField) -> str:
    return field.values[0] if field.values else ""


def _escaped(text: str) -> str:
    """Text whose ampersands are no mnemonics."""
    return text.replace("&", "&&")


def _well_known() -> Mapping[str, str]:
    """The fields that XEP-0077 defines."""
    translate = QCoreApplication.translate
    return {
        "username": translate("Form", "Username"),
        "password": translate("Form", "Password"),
        "email": translate("Form", "Email address"),
        "nick": translate("Form", "Nickname"),
        "name": translate("Form", "Full name"),
        "first": translate("Form", "Given name"),
        "last": translate("Form", "Family name"),
        "address": translate("Form", "Street address"),
        "city": translate("Form", "City"),
        "state": translate("Form", "Region"),
        "zip": translate("Form", "Postal code"),
        "phone": translate("Form", "Telephone number"),
        "url": translate("Form", "Web page"),
        "date": translate("Form", "Date"),
        "misc": translate("Form", "Other details"),
        "text": translate("Form", "Other text"),
    }
