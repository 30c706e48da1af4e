"""*Accounts*, in a window of its own."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from whimbrel.core.services import Services
from whimbrel.ui.accounts.accounts_panel import AccountsPanel
from whimbrel.ui.accounts.parts import Keyring
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.widgets.buttons import primary_button
from whimbrel.ui.widgets.fitting_dialog import FittingDialog


class AccountsDialog(FittingDialog):
    """The list of accounts with what can be done with each."""

    def __init__(self, services: Services, bridge: Bridge, secrets: Keyring, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Accounts"), parent, width=480)
        self.panel = AccountsPanel(services, bridge, secrets)
        self.content.addWidget(self.panel, 1)
        self.add_button(self.panel.add_account_button, left=True)
        self.close_button = self.add_button(primary_button(self.tr("Close")), default=True)
        self.close_button.clicked.connect(self.accept)
