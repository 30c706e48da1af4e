"""The dialog *Details*: what is known about a contact."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from whimbrel.core.services import Services
from whimbrel.model.contact import Contact, Presence
from whimbrel.ui.contacts.avatar import Avatar
from whimbrel.ui.contacts.words import blocked_word, breakable, one_line, presence_line, subscription_words
from whimbrel.ui.widgets.buttons import secondary_button
from whimbrel.ui.widgets.dialog import Dialog
from whimbrel.ui.widgets.label import Label


class DetailsDialog(Dialog):
    """Address, presence of each device, subscription, groups and account of a contact."""

    def __init__(self, services: Services, contact: Contact, parent: QWidget | None = None) -> None:
        super().__init__(breakable(one_line(contact.label)), parent, width=420)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self._grid = grid
        header = QHBoxLayout()
        header.setSpacing(14)
        layout = self.layout()
        if layout is not None:
            layout.removeWidget(self.title)
        header.addWidget(Avatar(contact.jid, contact.label))
        header.addWidget(self.title, 1)
        self.content.addLayout(header)
        self.content.addLayout(grid)
        self.content.addStretch(1)
        account = services.accounts.find(contact.account_id)
        self._add(self.tr("Address"), str(contact.jid))
        self._add(self.tr("Presence"), self._presence_words(services, contact))
        self._add(self.tr("Subscription"), subscription_words(contact))
        self._add(self.tr("Groups"), ", ".join(sorted(contact.groups)) or self.tr("None"))
        self._add(self.tr("Account"), str(account.jid) if account else "")
        close = self.add_button(secondary_button(self.tr("Close")), default=True)
        close.clicked.connect(self.reject)

    def _add(self, label: str, text: str) -> None:
        row = self._grid.rowCount()
        value = Label(breakable(text), wrap=True, name=label)
        value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(Label(label, tone="second"), row, 0, top)
        self._grid.addWidget(value, row, 1, top)

    def _presence_words(self, services: Services, contact: Contact) -> str:
        if services.blocker.is_blocked(contact.account_id, contact.jid):
            return blocked_word()
        if not services.presence.known(contact.account_id):
            return self.tr("Unknown while you are not connected")
        resources = services.presence.resources(contact.account_id, contact.jid)
        return ", ".join(_device_line(presence) for presence in resources) or presence_line(Presence())


def _device_line(presence: Presence) -> str:
    line = presence_line(presence)
    return f"{line} ({one_line(presence.resource)})" if presence.resource else line
