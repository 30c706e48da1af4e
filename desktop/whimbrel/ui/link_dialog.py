"""What a link asks for, said before it is done: nothing is sent or changed until the person agrees."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from whimbrel.model.account import Account, AccountId
from whimbrel.model.errors import KnownError
from whimbrel.model.jid import JID
from whimbrel.ui.contacts.fields import AccountField
from whimbrel.ui.contacts.words import breakable, shortened
from whimbrel.ui.widgets.buttons import secondary_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label


class LinkDialog(FittingDialog):
    """Names the address, and says what will happen; where nothing can, the address can be copied.

    Enter cancels: a link that comes from elsewhere finds somebody typing.
    """

    def __init__(self, title: str, jid: JID, words: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent, width=400)
        self._jid = jid
        self.content.addWidget(Label(breakable(shortened(str(jid))), bold=True, wrap=True))
        self.content.addWidget(Label(words, wrap=True))
        self.account: AccountField | None = None
        self.error = ErrorBox()
        self.content.addWidget(self.error)
        self.content.addStretch(1)

    def offer_copy(self) -> None:
        """There is nothing to agree to: the address can be copied, and the dialog closed."""
        copy = self.add_button(secondary_button(self.tr("Copy address")), left=True)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(str(self._jid)))
        close = self.add_button(secondary_button(self.tr("Close")), default=True)
        close.clicked.connect(self.reject)
        close.setFocus()

    def offer(self, button: QPushButton, accounts: Sequence[Account], act: Callable[[AccountId], None]) -> None:
        """Offer to do it, from one of these accounts; where ``act`` raises KnownError, the dialog says it and stays."""
        self.account = AccountField(accounts, accounts[0].id if accounts else None)
        self.content.insertWidget(self.content.indexOf(self.error), self.account)
        cancel = self.add_button(secondary_button(self.tr("Cancel")), default=True)
        cancel.clicked.connect(self.reject)
        self.add_button(button).clicked.connect(lambda: self._submit(act))
        cancel.setFocus()

    def _submit(self, act: Callable[[AccountId], None]) -> None:
        account_id = self.account.account_id() if self.account is not None else None
        if account_id is None:
            return
        self.error.clear()
        try:
            act(account_id)
        except KnownError as error:
            self.error.show_error(error)
        else:
            self.accept()
