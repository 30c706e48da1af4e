"""The line that says what went wrong, and what to do, where it happened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from whimbrel.model.errors import KnownError
from whimbrel.ui.errors import explain
from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.widgets.buttons import link_button
from whimbrel.ui.widgets.label import Label


class ErrorBox(QFrame):
    """A calm red surface with the words of an error; the technical text is behind *Details*. Hidden when empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "error")
        self.label = Label(tone="on-error", wrap=True, name=QCoreApplication.translate("ErrorBox", "Error"))
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details = Label(tone="on-error", size=SMALL, wrap=True)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details_button = link_button(QCoreApplication.translate("ErrorBox", "Details"))
        self.details_button.setProperty("tone", "on-error")
        self.details_button.clicked.connect(self._toggle_details)
        self.next_step = link_button("")
        self.next_step.setProperty("tone", "on-error")
        self.next_step.clicked.connect(self._on_next_step)
        self._act: Callable[[], None] | None = None
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.label, 1)
        row.addWidget(self.details_button, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self.details)
        layout.addWidget(self.next_step, 0, Qt.AlignmentFlag.AlignLeft)
        self.clear()

    def show_error(self, error: KnownError) -> None:
        """Show the words of an error, and tell assistive technology."""
        self.show_text(explain(error), error.detail)

    def show_text(self, text: str, detail: str = "") -> None:
        """Show words of one's own."""
        self.label.setText(text)
        self.details.setText(detail)
        self.details.hide()
        self.details_button.setVisible(bool(detail))
        self._act = None
        self.next_step.hide()
        self.show()
        announce(self, text, urgent=True)

    def offer(self, words: str, act: Callable[[], None]) -> None:
        """Offer a next step beneath the words of the error that is shown."""
        self._act = act
        self.next_step.setText(words)
        self.next_step.setAccessibleName(words)
        self.next_step.show()

    def clear(self) -> None:
        """Forget the error and hide."""
        self.label.setText("")
        self.details.setText("")
        self._act = None
        self.hide()

    def _on_next_step(self) -> None:
        if self._act is not None:
            self._act()

    def _toggle_details(self) -> None:
        self.details.setVisible(self.details.isHidden())
