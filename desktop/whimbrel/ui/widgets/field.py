"""An input with its label above and its error beneath."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.label import Label


class Field(QWidget):
    """A column of label, input and, where there is one, error line. The input's accessible name is the label."""

    def __init__(self, label_text: str, line_edit: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line_edit = line_edit if line_edit is not None else QLineEdit()
        self.line_edit.setAccessibleName(label_text.replace("&", ""))
        self.label = Label(label_text, size=SMALL, tone="second")
        self.label.setBuddy(self.line_edit)
        self.error = Label(size=SMALL, tone="error", wrap=True, name=QCoreApplication.translate("ErrorBox", "Error"))
        self.error.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.error.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.label, self.line_edit, self.error):
            layout.addWidget(widget)
        self.setFocusProxy(self.line_edit)

    def set_error(self, text: str | None) -> None:
        """Say what is wrong with the input, or None for nothing."""
        self.error.setText(text or "")
        self.error.setVisible(bool(text))
        self.line_edit.setAccessibleDescription(text or "")
        self.line_edit.setProperty("invalid", bool(text))
        self.line_edit.style().unpolish(self.line_edit)
        self.line_edit.style().polish(self.line_edit)
