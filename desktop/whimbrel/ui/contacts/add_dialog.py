"""The dialog *Add contact*."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.ui.contacts.fields import AccountField, groups_field, text_field
from whimbrel.ui.contacts.input import (
    LONGEST_MESSAGE,
    HasResourceError,
    read_contact_address,
    read_groups,
    read_text,
    resource_words,
)
from whimbrel.ui.errors import explain
from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.fitting_dialog import FittingDialog

_AT_ADDRESS = frozenset(
    {
        ErrorKind.ADDRESS_EMPTY,
        ErrorKind.ADDRESS_INVALID,
        ErrorKind.ADDRESS_OWN,
        ErrorKind.CONTACT_EXISTS,
        ErrorKind.TOO_LONG,
    }
)


class AddContactDialog(FittingDialog):
    """Asks for an address and adds it. What is wrong is said at the field; nothing typed is lost.

    Args:
        account_id: the account chosen at first; None: the first one.
        jid: an address or ``xmpp:`` URI to begin with.
    """

    def __init__(
        self, services: Services, account_id: AccountId | None = None, jid: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(QCoreApplication.translate("AddContactDialog", "Add contact"), parent, width=400)
        self._services = services
        self.account = AccountField(services.accounts.list_accounts(), account_id)
        self._address_field, self.address = text_field(self.tr("Address"), jid, "bob@example.org")
        self._name_field, self.name = text_field(self.tr("Name"), "", self.tr("Optional"))
        self._groups_field, self.groups = groups_field(services)
        self._message_field, self.message = text_field(self.tr("Message"), "", self.tr("Says who you are. Optional"))
        self.error = ErrorBox()
        fields = (self._address_field, self._name_field, self._groups_field, self._message_field)
        for widget in (self.account, *fields, self.error):
            self.content.addWidget(widget)
        self.content.addStretch(1)
        cancel = self.add_button(secondary_button(self.tr("Cancel")))
        cancel.clicked.connect(self.reject)
        self.add = self.add_button(primary_button(self.tr("Add")), default=True)
        self.add.clicked.connect(self.submit)
        for field, edit in zip(fields, (self.address, self.name, self.groups, self.message), strict=True):
            edit.textEdited.connect(lambda _text, field=field: field.set_error(None))
        self.address.setFocus()

    def submit(self) -> None:
        """Check the input; add the contact and close where it is right."""
        self.error.clear()
        jid = self._read_address()
        name = _read(self._name_field, self.name)
        groups = self._read_groups()
        message = _read(self._message_field, self.message, LONGEST_MESSAGE)
        if jid is None:
            self.address.setFocus()
            return
        account_id = self.account.account_id()
        if name is None or groups is None or message is None or account_id is None:
            return
        try:
            self._services.roster.add(account_id, jid, name, groups, message)
        except KnownError as error:
            if error.kind in _AT_ADDRESS:
                self._address_field.set_error(explain(error))
                self.address.setFocus()
            else:
                self.error.show_error(error)
            return
        self.accept()

    def _read_address(self) -> JID | None:
        try:
            jid = read_contact_address(self.address.text())
            self._check_address(jid)
        except HasResourceError:
            self._address_field.set_error(resource_words())
            return None
        except KnownError as error:
            self._address_field.set_error(explain(error))
            return None
        self._address_field.set_error(None)
        return jid

    def _check_address(self, jid: JID) -> None:
        account_id = self.account.account_id()
        if account_id is None:
            raise KnownError(ErrorKind.NOT_CONNECTED)
        account = self._services.accounts.find(account_id)
        if account is not None and account.jid == jid:
            raise KnownError(ErrorKind.ADDRESS_OWN, subject=str(jid))
        if self._services.roster.find(account_id, jid) is not None:
            raise KnownError(ErrorKind.CONTACT_EXISTS, subject=str(jid))

    def _read_groups(self) -> frozenset[str] | None:
        try:
            groups = read_groups(self.groups.text())
        except KnownError as error:
            self._groups_field.set_error(explain(error))
            return None
        self._groups_field.set_error(None)
        return groups


def _read(field: Field, edit: QLineEdit, longest: int = 255) -> str | None:
    try:
        text = read_text(edit.text(), longest)
    except KnownError as error:
        field.set_error(explain(error))
        return None
    field.set_error(None)
    return text
