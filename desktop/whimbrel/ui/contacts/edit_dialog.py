"""Dialogs that ask for one line: a name, groups, a group's name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.ui.errors import explain
from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label


class EditDialog(FittingDialog):
    """Asks for one line and hands it on.

    Args:
        title: what this does.
        about: whom it concerns, or "".
        field: the labelled input.
        button: the words of the button that does it.
        submit: does it; what it raises (KnownError) is said at the field and the dialog stays.
    """

    def __init__(
        self,
        title: str,
        about: str,
        field: tuple[Field, QLineEdit],
        button: str,
        submit: Callable[[str], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self._submit = submit
        self._field, self.edit = field
        if about:
            self.content.addWidget(Label(about, tone="second", wrap=True))
        self.content.addWidget(self._field)
        self.content.addStretch(1)
        self.add_button(secondary_button(self.tr("Cancel"))).clicked.connect(self.reject)
        self.button = self.add_button(primary_button(button), default=True)
        self.button.clicked.connect(self.submit)
        self.edit.textEdited.connect(lambda: self._field.set_error(None))
        self.edit.selectAll()
        self.edit.setFocus()

    def submit(self) -> None:
        """Do it, and close where that went well."""
        try:
            self._submit(self.edit.text())
        except KnownError as error:
            self._field.set_error(explain(error))
            self.edit.setFocus()
        else:
            self.accept()


def required(text: str) -> str:
    """The text; raises KnownError(FIELD_REQUIRED) where there is none."""
    if not text:
        raise KnownError(ErrorKind.FIELD_REQUIRED)
    return text
