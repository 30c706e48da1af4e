"""*Accounts*: how each is doing, and what can be changed of it."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt

from whimbrel.ui.accounts.accounts_panel import AccountsPanel
from whimbrel.ui.settings.page import Page


class AccountsPage(Page):
    """What the window *Accounts* has."""

    name = QT_TRANSLATE_NOOP("SettingsPages", "Accounts")
    icon = "users"

    def build(self) -> None:
        """Make the page's controls."""
        context = self.context
        panel = self.panel = AccountsPanel(context.services, context.bridge, context.secrets)
        self.add(panel, self.tr("Accounts"), keywords=self.tr("address, connection, online, offline"))
        words = self.tr("sign in, register, create")
        self.add(panel.add_account_button, panel.add_account_button.text(), keywords=words)
        self.column.setAlignment(panel.add_account_button, Qt.AlignmentFlag.AlignLeading)
        for button, keywords in (
            (panel.edit_button, self.tr("change, port, connection, encryption")),
            (panel.password_button, self.tr("log in")),
            (panel.remove_button, self.tr("delete, sign out, log out")),
        ):
            self.let_find(button, button.text(), keywords=keywords)
