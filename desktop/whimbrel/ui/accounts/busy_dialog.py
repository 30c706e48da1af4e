"""The base of the dialogs that do something which takes a while: errors, progress, cancelling."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCloseEvent
from PySide6.QtWidgets import QPushButton, QWidget

from whimbrel.core.services import Services
from whimbrel.model.errors import CertificateError, KnownError
from whimbrel.ui.accounts.certificate_dialog import CertificateDialog
from whimbrel.ui.accounts.connecting import Attempt
from whimbrel.ui.errors import explain
from whimbrel.ui.widgets.buttons import secondary_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label


class BusyDialog(FittingDialog):
    """Put inputs into ``self.content`` and list them in ``self.inputs``, then call :meth:`finish_layout`."""

    def __init__(self, title: str, services: Services, parent: QWidget | None = None, *, width: int = 380) -> None:
        super().__init__(title, parent, width=width)
        self.services = services
        self.inputs: list[QWidget] = []
        self._had_focus: QWidget | None = None
        self.error_box = ErrorBox()
        self.progress = Label(tone="second", wrap=True, name=self.tr("Progress"))
        self.progress.hide()
        self.cancel_button = secondary_button(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        self.attempt = Attempt(services, self)
        self.attempt.progress.connect(self._on_progress)
        self.attempt.failed.connect(self._on_failed)
        self.attempt.ended.connect(self._on_ended)

    def finish_layout(self, *buttons: QPushButton) -> None:
        """Add what every dialog of this kind ends with; the last of ``buttons`` is what Enter presses."""
        self.content.addWidget(self.error_box)
        self.content.addWidget(self.progress)
        self.content.addStretch(1)
        self.add_button(self.cancel_button)
        for button in buttons:
            self.add_button(button, default=button is buttons[-1])

    @property
    def whose(self) -> str:
        """For whom a certificate could be trusted: the address, or the provider where there is no address yet."""
        return ""

    def again(self, trusted: str = "") -> None:
        """Try again what failed because of a certificate. ``trusted``: accept only that one from now on."""

    def set_busy(self, busy: bool) -> None:
        """While something is under way nothing can be changed, only cancelled; then the keyboard goes back."""
        if busy:
            self._had_focus = self.focusWidget()
        for widget in self.inputs:
            widget.setEnabled(not busy)
        self.cancel_button.setEnabled(True)
        if busy:
            self.cancel_button.setFocus()
            return
        if self.focusWidget() is self.cancel_button and self._had_focus is not None:
            self._had_focus.setFocus()
        self._had_focus = None
        self.progress.setText("")
        self.progress.hide()

    def begin(self) -> None:
        """Forget old errors and become busy."""
        self.error_box.clear()
        self.progress.show()
        self.set_busy(True)

    def show_failure(self, error: KnownError) -> None:
        """Say what went wrong; override to say it at the field that it concerns."""
        self.error_box.show_error(error)

    def fail_field(self, field: Field, error: KnownError | str) -> None:
        """Say at a field what is wrong with it, and put the cursor there."""
        field.set_error(explain(error) if isinstance(error, KnownError) else error)
        field.line_edit.setFocus()

    def reject(self) -> None:
        """While something is under way: cancel that. Else: close."""
        if self.attempt.is_running:
            self.cancel_button.setEnabled(False)
            self.attempt.cancel()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.attempt.cancel()
        super().reject()
        event.accept()

    def _on_progress(self, words: str) -> None:
        self.progress.setText(words)
        if QAccessible.isActive():
            announcement = QAccessibleAnnouncementEvent(self.progress, words)
            announcement.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
            QAccessible.updateAccessibility(announcement)

    def _on_failed(self, error: KnownError) -> None:
        self.show_failure(error)
        if isinstance(error, CertificateError):
            self.error_box.offer(self.tr("Show the certificate…"), lambda: self._show_certificate(error))

    def _show_certificate(self, error: CertificateError) -> None:
        dialog = CertificateDialog(error, self.whose, self)
        dialog.trust_requested.connect(self.again)
        dialog.retry_requested.connect(self.again)
        dialog.open()

    def _on_ended(self) -> None:
        self.set_busy(False)
