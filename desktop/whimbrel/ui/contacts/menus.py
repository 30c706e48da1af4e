"""The menus of contacts and groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from whimbrel.model.contact import Contact, Subscription
from whimbrel.ui.contacts.actions import ContactActions
from whimbrel.ui.contacts.words import one_line
from whimbrel.ui.models.contacts import Dragged

translate = QCoreApplication.translate


def contact_menu(parent: QWidget, actions: ContactActions, contact: Contact) -> QMenu:
    """The menu of one contact."""
    menu = _menu(parent, translate("ContactMenus", "Contact"))
    _add(menu, translate("ContactMenus", "Open conversation"), lambda: actions.conversation_requested.emit(contact))
    _add(menu, translate("ContactMenus", "Open in new window"), lambda: actions.window_requested.emit(contact))
    menu.addSeparator()
    _add(menu, translate("ContactMenus", "Rename…"), lambda: actions.rename(contact))
    _add(menu, translate("ContactMenus", "Groups…"), lambda: actions.edit_groups(contact))
    menu.addSeparator()
    if actions.can_block(contact.account_id):
        if actions.is_blocked(contact):
            _add(menu, translate("ContactMenus", "Unblock"), lambda: actions.unblock(contact))
        else:
            _add(menu, translate("ContactMenus", "Block"), lambda: actions.block(contact))
    _add(menu, translate("ContactMenus", "Remove…"), lambda: actions.remove(contact))
    menu.addSeparator()
    asks = _add(menu, translate("ContactMenus", "Request presence"), lambda: actions.request_presence(contact))
    asks.setEnabled(contact.subscription in (Subscription.NONE, Subscription.FROM))
    _add(menu, translate("ContactMenus", "Details"), lambda: actions.show_details(contact))
    return menu


def group_menu(parent: QWidget, actions: ContactActions, group: str) -> QMenu:
    """The menu of a group."""
    menu = _menu(parent, translate("ContactMenus", "Group"))
    _add(menu, translate("ContactMenus", "Rename group…"), lambda: actions.rename_group(group))
    _add(menu, translate("ContactMenus", "Dissolve group"), lambda: actions.dissolve_group(group))
    return menu


def several_menu(parent: QWidget, actions: ContactActions, contacts: Sequence[Dragged]) -> QMenu:
    """The menu of several selected contacts: where they may go."""
    menu = _menu(parent, translate("ContactMenus", "Contacts"))
    places = menu.addMenu(translate("ContactMenus", "Move to group"))
    for group in actions.groups():
        label = one_line(group).replace("&", "&&")
        _add(places, label, lambda group=group: actions.move(contacts, group, False))  # type: ignore[misc] # bound now
    places.addSeparator()
    _add(places, translate("ContactMenus", "New group…"), lambda: actions.move_to_new_group(contacts, False))
    return menu


def _menu(parent: QWidget, name: str) -> QMenu:
    menu = QMenu(parent)
    menu.setAccessibleName(name)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _add(menu: QMenu, text: str, do: Callable[[], None]) -> QAction:
    action = menu.addAction(text)
    action.triggered.connect(lambda: do())
    return action
