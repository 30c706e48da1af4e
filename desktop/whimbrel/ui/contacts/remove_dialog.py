"""Asks once before a contact is removed."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QWidget

from whimbrel.core.services import Services
from whimbrel.model.contact import Contact
from whimbrel.model.errors import KnownError
from whimbrel.ui.contacts.words import breakable, shortened
from whimbrel.ui.widgets.buttons import danger_button, secondary_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label


class RemoveDialog(FittingDialog):
    """Says what removing means, and offers to block as well where the provider can."""

    def __init__(self, services: Services, contact: Contact, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("RemoveDialog", "Remove contact"), parent, width=400)
        self._services = services
        self._contact = contact
        self.content.addWidget(Label(breakable(contact.label, 300), bold=True, wrap=True))
        if contact.name or contact.nick:
            self.content.addWidget(Label(breakable(shortened(str(contact.jid))), tone="second", wrap=True))
        words = self.tr(
            "You will no longer see when they are online, and they will no longer see you. Your conversation is kept."
        )
        self.content.addWidget(Label(words, wrap=True))
        self.block = QCheckBox(self.tr("Block this address too"))
        if not services.requests.can_block(contact.account_id):
            self.block.hide()
        self.error = ErrorBox()
        self.content.addWidget(self.block)
        self.content.addWidget(self.error)
        self.content.addStretch(1)
        cancel = self.add_button(secondary_button(self.tr("Cancel")), default=True)
        cancel.clicked.connect(self.reject)
        self.remove = self.add_button(danger_button(self.tr("Remove")))
        self.remove.clicked.connect(self.submit)

    def submit(self) -> None:
        """Remove, block where that was asked for, and close."""
        try:
            if self.block.isChecked():
                self._services.blocker.block(self._contact.account_id, self._contact.jid)
            self._services.roster.remove(self._contact.account_id, self._contact.jid)
        except KnownError as error:
            self.error.show_error(error)
        else:
            self.accept()
