"""On an account's page: the certificate that is trusted as it is, and the least that a sign-in may be."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from whimbrel.core.services import Services
from whimbrel.model.account import MECHANISMS, Account, is_weaker
from whimbrel.model.events import AccountChanged
from whimbrel.ui.accounts.certificate_dialog import FingerprintLabel
from whimbrel.ui.accounts.trust_dialogs import AcceptWeakerDialog, StopTrustingDialog
from whimbrel.ui.widgets.buttons import link_button
from whimbrel.ui.widgets.label import Label


class TrustSection(QWidget):
    """Says what of an account's sign-in is not as usual, and leads to where that can be undone. May be empty."""

    def __init__(self, services: Services, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._account = account
        self.trusted = QWidget()
        self.stop_button = link_button(self.tr("Stop trusting…"))
        self.stop_button.clicked.connect(self._ask_to_stop)
        column = _column(self.trusted)
        column.addWidget(Label(self.tr("Only this certificate is accepted, whoever issued it:"), wrap=True))
        self.fingerprint = FingerprintLabel(account.certificate)
        column.addWidget(self.fingerprint)
        column.addWidget(self.stop_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.strongest = QWidget()
        self.mechanism = Label(tone="second", wrap=True)
        self.weaker_button = link_button(self.tr("Accept weaker sign-in…"))
        self.weaker_button.clicked.connect(self._ask_for_weaker)
        column = _column(self.strongest)
        column.addWidget(self.mechanism)
        column.addWidget(self.weaker_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout = _column(self)
        layout.setSpacing(12)
        layout.addWidget(self.trusted)
        layout.addWidget(self.strongest)
        self.destroyed.connect(services.bus.subscribe(AccountChanged, self._on_account_changed))
        self._show(account)

    def _show(self, account: Account) -> None:
        """Show what there is to be said of the account as it is now."""
        self._account = account
        words = self.tr("The provider has offered {mechanism} to sign in with. Less than that is refused.")
        self.mechanism.setText(words.replace("{mechanism}", account.mechanism))
        self.fingerprint.show_fingerprint(account.certificate)
        self.trusted.setVisible(bool(account.certificate))
        self.strongest.setVisible(is_weaker(MECHANISMS[-1], account.mechanism))
        self.setVisible(not (self.trusted.isHidden() and self.strongest.isHidden()))

    def _on_account_changed(self, event: AccountChanged) -> None:
        if shiboken6.isValid(self) and event.account.id == self._account.id:
            self._show(event.account)

    def _ask_to_stop(self) -> None:
        StopTrustingDialog(self._services, self._account, self.window()).open()

    def _ask_for_weaker(self) -> None:
        AcceptWeakerDialog(self._services, self._account, self.window()).open()


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    return column
