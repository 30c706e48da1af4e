"""Changing how an account connects, and removing it from this computer."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from whimbrel.core.services import Services
from whimbrel.model.account import Account
from whimbrel.ui.accounts.account_trouble import AccountTrouble
from whimbrel.ui.accounts.busy_dialog import BusyDialog
from whimbrel.ui.accounts.parts import Advanced
from whimbrel.ui.accounts.trust_section import TrustSection
from whimbrel.ui.widgets.buttons import danger_button, primary_button, secondary_button
from whimbrel.ui.widgets.content_area import ContentArea
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label


class EditAccountDialog(FittingDialog):
    """How an account connects. Its address cannot be changed: that would be another account."""

    def __init__(self, services: Services, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Edit account"), parent, width=420)
        self._services = services
        self._account = account
        address = QLineEdit(str(account.jid))
        address.setReadOnly(True)
        self.address = Field(self.tr("Address"), address)
        self.trouble = AccountTrouble(services)
        self.trouble.show_account(account)
        self.advanced = Advanced(account.settings)
        self.advanced.unfold()
        self.advanced.button.hide()
        self.cancel_button = secondary_button(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        self.save_button = primary_button(self.tr("Save"))
        self.save_button.clicked.connect(self._save)
        self.trust = TrustSection(services, account)
        area = ContentArea(self.tr("How the account connects"))
        area.column.addWidget(self.address)
        area.column.addWidget(self.trouble)
        area.column.addWidget(self.advanced)
        area.column.addWidget(Label(self.tr("Changes reconnect the account."), tone="second", wrap=True))
        area.column.addWidget(self.trust)
        area.column.addStretch(1)
        self.content.addWidget(area, 1)
        self.add_button(self.cancel_button)
        self.add_button(self.save_button, default=True)
        self.advanced.host.line_edit.setFocus()

    def _save(self) -> None:
        settings = self.advanced.read()
        if settings is None:
            return
        if settings != self._account.settings:
            self._services.accounts.change_settings(self._account.id, settings)
        self.accept()


class RemoveAccountDialog(BusyDialog):
    """Asks once before an account is removed from this computer."""

    def __init__(self, services: Services, account: Account, parent: QWidget | None = None) -> None:
        title = self.tr("Remove {address}?").replace("{address}", str(account.jid))
        super().__init__(title, services, parent, width=420)
        self._account = account
        words = self.tr(
            "Its history and contacts on this computer go too, and its password in your keyring. The account at "
            "the provider stays, and you can sign in again."
        )
        self.content.addWidget(Label(words, wrap=True))
        self.remove_button = danger_button(self.tr("Remove"))
        self.remove_button.clicked.connect(self._remove)
        self.inputs = [self.remove_button]
        self.finish_layout()
        self.add_button(self.remove_button)
        self.cancel_button.setDefault(True)
        self.cancel_button.setFocus()

    def _remove(self) -> None:
        self.begin()
        self.attempt.start(
            self.services.accounts.remove(self._account.id),
            domain=self._account.jid.domain,
            account_id=self._account.id,
            on_done=lambda _nothing: self.accept(),
        )
        self.progress.setText(self.tr("Removing…"))
        self.cancel_button.setEnabled(False)

    def reject(self) -> None:
        if not self.attempt.is_running:  # half removed is no state to stop in
            super().reject()
