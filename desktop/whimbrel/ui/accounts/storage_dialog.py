"""What a person decides when the history cannot be opened. Nothing is ever deleted here."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label

_CAN_BE_SET_ASIDE = frozenset({ErrorKind.DATABASE_DAMAGED, ErrorKind.DATABASE_NEWER, ErrorKind.DATABASE_KEY_MISSING})


class StorageTroubleDialog(FittingDialog):
    """Says why the history cannot be opened and offers what helps; closing it means to quit."""

    retry_requested = Signal()
    set_aside_requested = Signal()
    quit_requested = Signal()

    def __init__(self, error: KnownError, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("The history cannot be opened"), parent, width=460)
        self._answered = False
        self.error_box = ErrorBox()
        self.error_box.show_error(error)
        self.content.addWidget(self.error_box)
        self.quit_button = secondary_button(self.tr("Quit"))
        self.quit_button.clicked.connect(self.reject)
        self.set_aside_button = secondary_button(self.tr("Set it aside and start fresh"))
        self.set_aside_button.clicked.connect(lambda: self._answer(self.set_aside_requested))
        self.retry_button = primary_button(self.tr("Try again"))
        self.retry_button.clicked.connect(lambda: self._answer(self.retry_requested))
        self.add_button(self.quit_button, left=True)
        if error.kind in _CAN_BE_SET_ASIDE:
            words = self.tr(
                "Set aside, the file stays beside the new one under another name, and your contacts come back from "
                "your provider. You will be asked to sign in again."
            )
            self.content.addWidget(Label(words, tone="second", wrap=True))
            self.add_button(self.set_aside_button)
        else:
            self.set_aside_button.hide()
        self.content.addStretch(1)
        self.add_button(self.retry_button, default=True)
        self.retry_button.setFocus()

    def reject(self) -> None:
        if not self._answered:
            self._answered = True
            self.quit_requested.emit()
        super().reject()

    def _answer(self, signal: object) -> None:
        self._answered = True
        self.accept()
        signal.emit()  # type: ignore[attr-defined]  # PySide6's stubs do not name the type of a bound signal
