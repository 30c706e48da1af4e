"""The accounts of this profile: how each is doing, how it connects, its password, its end."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from whimbrel.core.services import Services
from whimbrel.model.account import Account, AccountId, ConnectionState
from whimbrel.ui.accounts.account_row import ACCOUNT_ROLE, STATE_ROLE, TROUBLE_ROLE, AccountRow
from whimbrel.ui.accounts.account_trouble import AccountTrouble
from whimbrel.ui.accounts.create_dialog import CreateAccountDialog
from whimbrel.ui.accounts.edit_dialogs import EditAccountDialog, RemoveAccountDialog
from whimbrel.ui.accounts.parts import Keyring
from whimbrel.ui.accounts.sign_in_dialog import SignInDialog
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.errors import explain
from whimbrel.ui.theme.avatar import repaint_with_pictures
from whimbrel.ui.widgets.buttons import danger_button, secondary_button
from whimbrel.ui.widgets.flow_row import FlowRow
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.words import connection_words

_LIST_HEIGHT = 184  # pixels


class AccountsPanel(QWidget):
    """A list of accounts with what can be done with each; ``add_account_button`` is for its owner to place."""

    def __init__(self, services: Services, bridge: Bridge, secrets: Keyring, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._secrets = secrets
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Accounts"))
        self.list.setProperty("kind", "input")
        self.list.setItemDelegate(AccountRow(self.list))
        repaint_with_pictures(self.list.viewport())
        self.list.setMinimumHeight(_LIST_HEIGHT)
        self.state = Label(tone="second", wrap=True, name=self.tr("State"))
        self.trouble = AccountTrouble(services)
        self.edit_button = secondary_button(self.tr("Edit…"))
        self.password_button = secondary_button(self.tr("Password…"))
        self.remove_button = danger_button(self.tr("Remove…"))
        self.add_account_button = secondary_button(self.tr("Add account…"))
        actions = FlowRow()
        for button in (self.edit_button, self.password_button, self.remove_button):
            actions.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.list, 1)
        column.addWidget(self.state)
        column.addWidget(self.trouble)
        column.addLayout(actions)
        self.setFocusProxy(self.list)
        self._connect(bridge)
        self._fill()

    def _connect(self, bridge: Bridge) -> None:
        self.list.currentItemChanged.connect(lambda *_: self._on_selected())
        self.list.itemActivated.connect(lambda _item: self._edit())
        self.edit_button.clicked.connect(self._edit)
        self.password_button.clicked.connect(self._ask_password)
        self.remove_button.clicked.connect(self._ask_removal)
        menu = QMenu(self)
        menu.addAction(self.tr("Sign in…")).triggered.connect(self._sign_in)
        menu.addAction(self.tr("Create an account…")).triggered.connect(self._create)
        self.add_account_button.setMenu(menu)
        for signal in (bridge.account_added, bridge.account_changed, bridge.account_removed, bridge.connection_changed):
            signal.connect(self._fill)

    def _fill(self, _event: object = None) -> None:
        chosen = self._chosen()
        row = max(0, self.list.currentRow())
        self.list.clear()
        for account in self._services.accounts.list_accounts():
            item = QListWidgetItem()
            words, trouble = self._state(account.id)
            item.setData(ACCOUNT_ROLE, account)
            item.setData(STATE_ROLE, words)
            item.setData(TROUBLE_ROLE, trouble)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, str(account.jid))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, words)
            self.list.addItem(item)
            if chosen is not None and account.id == chosen.id:
                self.list.setCurrentItem(item)
        if self.list.currentItem() is None and self.list.count():
            self.list.setCurrentRow(min(row, self.list.count() - 1) if chosen is not None else self._first_trouble())
        self._on_selected()

    def _first_trouble(self) -> int:
        rows = (row for row in range(self.list.count()) if self.list.item(row).data(TROUBLE_ROLE))
        return next(rows, 0)

    def _state(self, account_id: AccountId) -> tuple[str, bool]:
        status = self._services.accounts.status(account_id)
        if status.state is ConnectionState.FAILED and status.error is not None:
            return explain(status.error), True
        now = asyncio.get_event_loop().time() if status.retry_at is not None else 0.0
        return connection_words(status, now), False

    def _chosen(self) -> Account | None:
        item = self.list.currentItem()
        account = item.data(ACCOUNT_ROLE) if item is not None else None
        return account if isinstance(account, Account) else None

    def _on_selected(self) -> None:
        item = self.list.currentItem()
        for button in (self.edit_button, self.password_button, self.remove_button):
            button.setEnabled(item is not None)
        self.state.setText(item.data(STATE_ROLE) if item is not None else self.tr("There is no account yet."))
        self.trouble.show_account(self._chosen())
        self.state.setVisible(self.trouble.isHidden())

    def _sign_in(self) -> None:
        SignInDialog(self._services, self._secrets, parent=self.window()).open()

    def _create(self) -> None:
        CreateAccountDialog(self._services, self._secrets, self.window()).open()

    def _edit(self) -> None:
        if (account := self._chosen()) is not None:
            EditAccountDialog(self._services, account, self.window()).open()

    def _ask_password(self) -> None:
        if (account := self._chosen()) is not None:
            SignInDialog(self._services, self._secrets, account, parent=self.window()).open()

    def _ask_removal(self) -> None:
        if (account := self._chosen()) is not None:
            RemoveAccountDialog(self._services, account, self.window()).open()
