"""The menu bar: *Account*, *Contacts*, *View*, *Help*."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from whimbrel.platform.settings import Settings
from whimbrel.ui.shortcuts import Actions

NEEDS_ACCOUNT = (
    "palette",
    "new_conversation",
    "next_chat",
    "previous_chat",
    "next_unread",
    "previous_unread",
    "close_conversation",
    "open_window",
    "pin_chat",
    "mark_chat",
    "mute_chat",
    "archive_chat",
    "accounts",
    "profile",
    "add_contact",
    "notes",
    "search_everywhere",
    "export_all",
    "delete_old",
    "xml_console",
)
COMES_LATER = ("new_group_chat", "join_group_chat", "discover")

_SEPARATOR = ""
_MENUS = {
    "Account": (
        "add_account",
        "accounts",
        "profile",
        "settings",
        _SEPARATOR,
        "export_all",
        "delete_old",
        _SEPARATOR,
        "quit",
    ),
    "Contacts": (
        "new_conversation",
        "add_contact",
        "notes",
        _SEPARATOR,
        "new_group_chat",
        "join_group_chat",
        "discover",
    ),
    "View": (
        "palette",
        "search_everywhere",
        "next_chat",
        "previous_chat",
        "next_unread",
        "previous_unread",
        "open_window",
        "close_conversation",
        _SEPARATOR,
        "pin_chat",
        "mark_chat",
        "mute_chat",
        "archive_chat",
        _SEPARATOR,
        "show_offline",
        _SEPARATOR,
        "zoom_in",
        "zoom_out",
        "zoom_reset",
    ),
    "Help": ("shortcuts", "report_problem", "xml_console", _SEPARATOR, "about"),
}


def show_offline_action(settings: Settings, window: QMainWindow) -> QAction:
    """The check mark that lists contacts who are offline."""
    action = QAction(QCoreApplication.translate("Menus", "Show offline contacts"), window)
    action.setCheckable(True)
    action.setChecked(settings.show_offline)
    return action


def fill_menu_bar(window: QMainWindow, actions: Actions, show_offline: QAction) -> None:
    """Build the menu bar of a window from its actions."""
    titles = {
        "Account": QCoreApplication.translate("Menus", "Account"),
        "Contacts": QCoreApplication.translate("Menus", "Contacts"),
        "View": QCoreApplication.translate("Menus", "View"),
        "Help": QCoreApplication.translate("Menus", "Help"),
    }
    for key, names in _MENUS.items():
        menu = window.menuBar().addMenu(titles[key])
        for name in names:
            if name == _SEPARATOR:
                menu.addSeparator()
            else:
                menu.addAction(show_offline if name == "show_offline" else actions[name])
    for name in COMES_LATER:
        actions[name].setEnabled(False)
