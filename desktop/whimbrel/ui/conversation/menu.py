"""The context menu of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from whimbrel.model.message import DeliveryState
from whimbrel.ui.conversation.actions import Action, ActionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whimbrel.ui.conversation.extension import MenuEntry
    from whimbrel.ui.conversation.timeline_view import TimelineView

_WIDEST = 280  # pixels of the name of a menu in it


def message_menu(view: TimelineView, row: int, action: Action | None) -> QMenu:
    """What can be done with a message, and with the link under the pointer."""
    translate = QCoreApplication.translate
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    message = view.timeline.message(row)
    selected, text = view.selected_text(), view.timeline.row(row).text
    clipboard = QGuiApplication.clipboard()
    menu.addAction(translate("MessageMenu", "Copy"), lambda: clipboard.setText(selected or text))
    if action is None:
        links = [known for known in view.bubble(row).actions if known.kind is ActionKind.LINK]
        action = links[0] if len(links) == 1 else None
    if action is not None and action.kind is ActionKind.LINK:
        url = action.url
        menu.addAction(translate("MessageMenu", "Copy link"), lambda: clipboard.setText(url))
        menu.addAction(translate("MessageMenu", "Open link"), lambda: view.link_activated.emit(url))
    menu.addAction(translate("MessageMenu", "Select all"), view.select_all)
    entries = [entry for extension in view.extensions for entry in extension.menu_entries(message)]
    if entries:
        menu.addSeparator()
    _add(menu, entries)
    if message.state is DeliveryState.FAILED:
        menu.addSeparator()
        menu.addAction(translate("MessageMenu", "Retry"), lambda: view.retry_requested.emit(message.id))
        menu.addAction(translate("MessageMenu", "Edit"), lambda: view.edit_requested.emit(message.id))
        menu.addAction(translate("MessageMenu", "Discard…"), lambda: view.ask_discard(message.id))
        if message.error:
            menu.addAction(translate("MessageMenu", "Copy details"), lambda: clipboard.setText(message.error))
    return menu


def _add(menu: QMenu, entries: Sequence[MenuEntry]) -> None:
    for entry in entries:
        if entry.entries:
            label = menu.fontMetrics().elidedText(entry.label, Qt.TextElideMode.ElideMiddle, _WIDEST)
            _add(menu.addMenu(label.replace("&", "&&")), entry.entries)
            continue
        added = menu.addAction(entry.label, entry.run)
        added.setEnabled(entry.enabled)
        if entry.shortcut is not None:
            added.setShortcut(entry.shortcut)
