"""Who is blocked, and lets go of them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.errors import KnownError
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.widgets.buttons import secondary_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.label import Label

_ROWS = 6
_KEY = Qt.ItemDataRole.UserRole


class BlockedList(QWidget):
    """The blocked addresses of all accounts, with a button that unblocks those that are chosen."""

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Blocked addresses"))
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.state = Label(tone="second", wrap=True)
        self.unblock = secondary_button(self.tr("Unblock"))
        self.unblock.clicked.connect(self._on_unblock)
        self.list.itemSelectionChanged.connect(lambda: self.unblock.setEnabled(bool(self.list.selectedItems())))
        self.error = ErrorBox()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.state, self.list, self.error):
            column.addWidget(widget)
        column.addWidget(self.unblock, 0, Qt.AlignmentFlag.AlignLeading)
        for signal in (
            bridge.blocklist_changed,
            bridge.server_support_learnt,
            bridge.account_added,
            bridge.account_removed,
        ):
            signal.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        """What was chosen stays chosen."""
        blocker, accounts = self._services.blocker, self._services.accounts.list_accounts()
        blocked = sorted((str(jid), account.id) for account in accounts for jid in blocker.blocked(account.id))
        chosen = {item.data(_KEY) for item in self.list.selectedItems()}
        several = {account.id: str(account.jid) for account in accounts} if len(accounts) > 1 else {}
        self.list.clear()
        for jid, account_id in blocked:
            words = jid
            if account_id in several:
                words = self.tr("%1 (by %2)").replace("%2", several[account_id]).replace("%1", jid)
            item = QListWidgetItem(words)
            item.setData(_KEY, (int(account_id), jid))
            self.list.addItem(item)
            item.setSelected((int(account_id), jid) in chosen)
        self._fit(len(blocked))
        can = any(blocker.supported(account.id) for account in accounts)
        words = self.tr("Nobody is blocked.") if can else self.tr("Your provider is not known to block anybody.")
        self.state.setText(words)
        self.state.setVisible(not blocked)
        self.list.setVisible(bool(blocked))
        self.unblock.setVisible(bool(blocked))
        self.unblock.setEnabled(bool(self.list.selectedItems()))

    def _fit(self, count: int) -> None:
        rows = min(max(count, 1), _ROWS)
        height = max(self.list.sizeHintForRow(0), self.fontMetrics().height() + 8)
        self.list.setFixedHeight(rows * height + 2 * self.list.frameWidth())

    def _on_unblock(self) -> None:
        self.error.clear()
        try:
            for account_id, jid in [item.data(_KEY) for item in self.list.selectedItems()]:
                self._services.blocker.unblock(AccountId(account_id), JID.parse(jid))
        except KnownError as error:
            self.error.show_error(error)
        self._fill()
