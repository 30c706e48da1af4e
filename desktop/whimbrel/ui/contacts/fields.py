"""Inputs that several of the contacts' dialogs share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit

from whimbrel.core.services import Services
from whimbrel.model.account import Account, AccountId
from whimbrel.ui.contacts.input import part_last_group, write_groups
from whimbrel.ui.widgets.field import Field


class GroupsCompleter(QCompleter):
    """Completes the last of several comma-separated groups."""

    def __init__(self, groups: Sequence[str], parent: QObject) -> None:
        super().__init__(list(groups), parent)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def splitPath(self, path: str) -> list[str]:
        """Qt: what is being completed."""
        return [part_last_group(path)[1]]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """Qt: the whole text once a group is picked."""
        chosen = write_groups([super().pathFromIndex(index)])
        widget = self.widget()
        before = part_last_group(widget.text())[0] if isinstance(widget, QLineEdit) else ""
        return f"{before}, {chosen}" if before else chosen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: Enter while nothing is picked from the list is meant for the dialog, not for the list."""
        popup = self.popup()
        enter = isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and watched is popup and event.type() == QEvent.Type.KeyPress and not popup.currentIndex().isValid():
            popup.hide()
            QCoreApplication.postEvent(self.widget(), event.clone())
            return True
        return super().eventFilter(watched, event)


def text_field(label: str, value: str = "", placeholder: str = "") -> tuple[Field, QLineEdit]:
    """A labelled input of one line."""
    edit = QLineEdit(value)
    edit.setPlaceholderText(placeholder)
    return Field(label, edit), edit


def groups_field(services: Services, groups: Sequence[str] | frozenset[str] = ()) -> tuple[Field, QLineEdit]:
    """The input *Groups*, which completes the groups that there are."""
    field, edit = text_field(
        QCoreApplication.translate("Contacts", "Groups"),
        write_groups(groups) if groups else "",
        QCoreApplication.translate("Contacts", "Friends, Work"),
    )
    edit.setCompleter(GroupsCompleter(services.roster.groups(), edit))
    return field, edit


class AccountField(Field):
    """The choice of an account; hidden where there is only one."""

    def __init__(self, accounts: Sequence[Account], chosen: AccountId | None) -> None:
        self._box = QComboBox()
        super().__init__(QCoreApplication.translate("Contacts", "Account"), self._box)
        for account in accounts:
            self._box.addItem(str(account.jid), account.id)
            if account.id == chosen:
                self._box.setCurrentIndex(self._box.count() - 1)
        if len(accounts) < 2:
            self.hide()

    def account_id(self) -> AccountId | None:
        """The chosen account; None where there is none at all."""
        value = self._box.currentData()
        return AccountId(value) if value is not None else None
