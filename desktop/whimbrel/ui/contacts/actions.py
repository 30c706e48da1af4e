"""What can be done with contacts and groups; each action says itself what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact
from whimbrel.model.errors import KnownError
from whimbrel.ui.contacts.details_dialog import DetailsDialog
from whimbrel.ui.contacts.edit_dialog import EditDialog, required
from whimbrel.ui.contacts.fields import groups_field, text_field
from whimbrel.ui.contacts.input import read_groups, read_text
from whimbrel.ui.contacts.remove_dialog import RemoveDialog
from whimbrel.ui.contacts.words import one_line
from whimbrel.ui.models.contacts import Dragged
from whimbrel.ui.widgets.buttons import secondary_button
from whimbrel.ui.widgets.dialog import Dialog
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.field import Field


class ContactActions(QObject):
    """Acts on contacts through the core; asks in dialogs over ``widget`` that never block."""

    conversation_requested = Signal(object)  # Contact
    window_requested = Signal(object)  # Contact

    def __init__(self, services: Services, widget: QWidget) -> None:
        super().__init__(widget)
        self._services = services
        self._widget = widget

    def can_block(self, account_id: AccountId) -> bool:
        """Whether *Block* or *Unblock* is offered."""
        return self._services.requests.can_block(account_id)

    def is_blocked(self, contact: Contact) -> bool:
        """Whether *Unblock* is offered instead of *Block*."""
        return self._services.blocker.is_blocked(contact.account_id, contact.jid)

    def groups(self) -> list[str]:
        """The groups that contacts can be moved to."""
        return self._services.roster.groups()

    def rename(self, contact: Contact) -> None:
        """Ask for another name."""

        def submit(text: str) -> None:
            self._services.roster.rename(contact.account_id, contact.jid, read_text(text))

        field = text_field(self.tr("Name"), contact.name, str(contact.jid))
        self._ask(self.tr("Rename contact"), str(contact.jid), field, self.tr("Rename"), submit)

    def edit_groups(self, contact: Contact) -> None:
        """Ask for the groups of a contact."""

        def submit(text: str) -> None:
            self._services.roster.set_groups(contact.account_id, contact.jid, read_groups(text))

        field = groups_field(self._services, contact.groups)
        self._ask(self.tr("Groups"), one_line(contact.label), field, self.tr("Save"), submit)

    def rename_group(self, group: str) -> None:
        """Ask for a group's other name."""

        def submit(text: str) -> None:
            self._services.roster.rename_group(group, required(read_text(text)))

        self._ask(
            self.tr("Rename group"), one_line(group), text_field(self.tr("Name"), group), self.tr("Rename"), submit
        )

    def dissolve_group(self, group: str) -> None:
        """Take everybody out of a group."""
        self._attempt(lambda: self._services.roster.dissolve_group(group))

    def move(self, contacts: Iterable[Dragged], group: str, copy: bool) -> None:
        """Move contacts to a group ("": to none), or with ``copy`` keep them in the old one too."""
        self._attempt(lambda: self._move(contacts, group, copy))

    def move_to_new_group(self, contacts: Iterable[Dragged], copy: bool) -> None:
        """Ask for a new group's name and move contacts there."""
        moving = list(contacts)
        self._ask(
            self.tr("New group"),
            "",
            text_field(self.tr("Name")),
            self.tr("Create"),
            lambda text: self._move(moving, required(read_text(text)), copy),
        )

    def block(self, contact: Contact) -> None:
        """Block an address."""
        self._attempt(lambda: self._services.blocker.block(contact.account_id, contact.jid))

    def unblock(self, contact: Contact) -> None:
        """Unblock an address."""
        self._attempt(lambda: self._services.blocker.unblock(contact.account_id, contact.jid))

    def remove(self, contact: Contact) -> None:
        """Ask, then remove a contact."""
        RemoveDialog(self._services, contact, self._window()).open()

    def request_presence(self, contact: Contact) -> None:
        """Ask to see when they are online."""
        self._attempt(lambda: self._services.roster.request_presence(contact.account_id, contact.jid))

    def show_details(self, contact: Contact) -> None:
        """Show what is known about a contact."""
        DetailsDialog(self._services, contact, self._window()).show()

    def _move(self, contacts: Iterable[Dragged], group: str, copy: bool) -> None:
        for each in contacts:
            self._services.roster.move(each.account_id, each.jid, each.group or None, group or None, copy)

    def _ask(
        self, title: str, about: str, field: tuple[Field, QLineEdit], button: str, submit: Callable[[str], None]
    ) -> None:
        EditDialog(title, about, field, button, submit, self._window()).open()

    def _attempt(self, action: Callable[[], None]) -> None:
        try:
            action()
        except KnownError as error:
            self._say(error)

    def _say(self, error: KnownError) -> None:
        dialog = Dialog(self.tr("That did not work"), self._window())
        box = ErrorBox()
        dialog.content.addWidget(box)
        box.show_error(error)
        dialog.add_button(secondary_button(self.tr("Close")), default=True).clicked.connect(dialog.reject)
        dialog.show()

    def _window(self) -> QWidget:
        return self._widget.window()
