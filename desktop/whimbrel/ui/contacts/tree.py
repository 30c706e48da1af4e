"""The tree *Contacts*: what a person does with contacts and groups by mouse, keys and menus."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact
from whimbrel.model.jid import JID
from whimbrel.platform.settings import Settings
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.contacts.actions import ContactActions
from whimbrel.ui.contacts.empty import EmptyWords
from whimbrel.ui.contacts.menus import contact_menu, group_menu, several_menu
from whimbrel.ui.delegates.contacts import ContactsDelegate
from whimbrel.ui.models.contacts import ContactsModel, Dragged
from whimbrel.ui.models.people import UNGROUPED
from whimbrel.ui.theme.avatar import repaint_with_pictures
from whimbrel.ui.theme.theme import SMALL, font, theme

_ALL_ACCOUNTS = 0  # in ``collapsed_groups``: the accounts share one tree


class ContactsTree(QTreeView):
    """The contacts of all accounts, in groups that fold and stay so."""

    conversation_requested = Signal(object)  # Contact
    window_requested = Signal(object)  # Contact
    add_requested = Signal()

    def __init__(self, services: Services, bridge: Bridge, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._applying = False  # while groups fold without anybody's wish
        self._drop_at: QRect | None = None
        self._pressed = QPersistentModelIndex()
        self._double_click = False
        self.setAccessibleName(self.tr("Contacts"))
        self.contacts = ContactsModel(services, bridge, self)
        self.contacts.set_show_offline(settings.show_offline)
        self.actions_on = ContactActions(services, self)
        self.actions_on.conversation_requested.connect(self.conversation_requested)
        self.actions_on.window_requested.connect(self.window_requested)
        self._empty = EmptyWords(self.viewport())
        self._empty.add_requested.connect(self.add_requested)
        self._delegate = ContactsDelegate(self)
        self._set_up()
        self.setModel(self.contacts)
        self.contacts.rowsInserted.connect(self._on_rows_inserted)
        self.contacts.filled.connect(self._say_when_empty)
        self.contacts.move_requested.connect(self.actions_on.move)
        self.contacts.new_group_requested.connect(self.actions_on.move_to_new_group)
        self.collapsed.connect(self._on_folded)
        self.expanded.connect(self._on_unfolded)
        self.doubleClicked.connect(self._on_double_clicked)
        theme().changed.connect(self._on_theme_changed)
        self._fold()
        self._say_when_empty()

    def _set_up(self) -> None:
        self.setItemDelegate(self._delegate)
        repaint_with_pictures(self.viewport())
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setExpandsOnDoubleClick(False)
        self.setAnimated(False)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(False)  # paintEvent shows the group instead
        self.setAutoExpandDelay(600)

    # What the window asks

    def set_filter(self, text: str) -> None:
        """Show only those that match; every group unfolds meanwhile."""
        self.contacts.set_filter(text)
        self._fold()
        self._say_when_empty()
        if self.contacts.is_filtered:  # Enter opens the first one found
            self.setCurrentIndex(self.contacts.index(0, 0, self.contacts.index(0, 0)))

    def set_show_offline(self, show: bool) -> None:
        """Whether those who are offline are listed; kept over restarts."""
        self._settings.show_offline = show
        self.contacts.set_show_offline(show)
        self._say_when_empty()

    def mark(self, account_id: AccountId, jid: JID) -> None:
        """Put the cursor on the contact whose conversation shows, where it is listed and not there already."""
        contact = self.current_contact()
        if contact is not None and (contact.account_id, contact.jid) == (account_id, jid):
            return
        index = self.contacts.contact_index(account_id, jid)
        if index.isValid() and self.isExpanded(index.parent()):
            # not by the view, which adds to the selection while Ctrl is held (Ctrl+Tab)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def current_contact(self) -> Contact | None:
        """The contact at the cursor."""
        person = self.contacts.person(self.currentIndex())
        return person.contact if person else None

    def open_current(self) -> bool:
        """Open the conversation with the contact at the cursor, if there is one (Enter in the search)."""
        contact = self.current_contact()
        if contact is not None:
            self.conversation_requested.emit(contact)
        return contact is not None

    def selected_contacts(self) -> list[Dragged]:
        """The selected contacts, each with the group that it is selected in."""
        return self.contacts.dragged(self.contacts.mimeData(self.selectedIndexes()))

    def empty_words(self) -> str:
        """What is said where there is nobody to show; "" while there is."""
        return "" if self._empty.isHidden() else self._empty.words.text()

    # Folding

    def _fold(self) -> None:
        """Fold the groups as the person left them; none while searching."""
        for row in range(self.contacts.rowCount()):
            self._fold_group(row)

    def _fold_group(self, row: int) -> None:
        index = self.contacts.index(row, 0)
        folded = (_ALL_ACCOUNTS, self.contacts.group_name(index) or UNGROUPED) in self._settings.collapsed_groups
        self._applying = True
        self.setExpanded(index, self.contacts.is_filtered or not folded)
        self._applying = False

    def _on_rows_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        if not parent.isValid():
            for row in range(first, last + 1):
                self._fold_group(row)

    def _on_folded(self, index: QModelIndex) -> None:
        self._remember(index, folded=True)

    def _on_unfolded(self, index: QModelIndex) -> None:
        self._remember(index, folded=False)

    def _remember(self, index: QModelIndex, folded: bool) -> None:
        name = self.contacts.group_name(index)
        if self._applying or self.contacts.is_filtered or name is None:
            return
        groups = self._settings.collapsed_groups
        if folded:
            groups.add((_ALL_ACCOUNTS, name))
        else:
            groups.discard((_ALL_ACCOUNTS, name))
        self._settings.collapsed_groups = groups

    # Keys, mouse, menus

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter opens the conversation (Ctrl+Enter in a window) or folds the group; Del removes, F2 renames."""
        index = self.currentIndex()
        contact = self.current_contact()
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if contact is None:
                self.setExpanded(index, not self.isExpanded(index))
            elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.window_requested.emit(contact)
            else:
                self.conversation_requested.emit(contact)
        elif key == Qt.Key.Key_F2 and index.isValid():
            self._rename(index)
        elif key == Qt.Key.Key_Delete and contact is not None:
            self.actions_on.remove(contact)
        else:
            super().keyPressEvent(event)

    def _rename(self, index: QModelIndex) -> None:
        contact = self.current_contact()
        if contact is not None:
            self.actions_on.rename(contact)
        elif name := self.contacts.group_name(index):
            self.actions_on.rename_group(name)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: notes where a click begins."""
        self._pressed = QPersistentModelIndex(self.indexAt(event.position().toPoint()))
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt: a double click on a group counts as one click."""
        self._double_click = True
        super().mouseDoubleClickEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: a click on a group's row folds or unfolds it."""
        index = self.indexAt(event.position().toPoint())
        again, self._double_click = self._double_click, False
        super().mouseReleaseEvent(event)
        plain = event.button() == Qt.MouseButton.LeftButton and event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and not again and index.isValid() and index == self._pressed and self.contacts.person(index) is None:
            self.setExpanded(index, not self.isExpanded(index))

    def _on_double_clicked(self, index: QModelIndex) -> None:
        person = self.contacts.person(index)
        if person is not None:
            self.conversation_requested.emit(person.contact)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt: the menu of what is under the mouse, or with the Menu key of the row at the cursor."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            self.scrollTo(index)
            position = self.viewport().mapToGlobal(self.visualRect(index).center())
        else:
            index = self.indexAt(self.viewport().mapFromGlobal(event.globalPos()))
            position = event.globalPos()
        self._open_menu(index, position)

    def _open_menu(self, index: QModelIndex, position: QPoint) -> None:
        person, group = self.contacts.person(index), self.contacts.group_name(index)
        selected = self.selected_contacts()
        if person is not None and len({(each.account_id, each.jid) for each in selected}) > 1:
            menu = several_menu(self, self.actions_on, selected)
        elif person is not None:
            menu = contact_menu(self, self.actions_on, person.contact)
        elif group:
            menu = group_menu(self, self.actions_on, group)
        else:
            return
        menu.popup(position)

    # Drag and drop

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Qt: show where the contacts would go."""
        super().dragMoveEvent(event)
        copying = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        event.setDropAction(Qt.DropAction.CopyAction if copying else Qt.DropAction.MoveAction)
        allowed = self.contacts.canDropMimeData(event.mimeData(), event.dropAction(), -1, -1, QModelIndex())
        event.setAccepted(allowed)
        self._show_drop(self._drop_area(event.position().toPoint()) if allowed else None)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Qt: nothing will be dropped here."""
        super().dragLeaveEvent(event)
        self._show_drop(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt: move the contacts to the group under the mouse, or to a new one."""
        self._show_drop(None)
        action = event.dropAction()
        target = self.indexAt(event.position().toPoint())
        if self.contacts.dropMimeData(event.mimeData(), action, -1, -1, target):
            event.setDropAction(Qt.DropAction.CopyAction)  # so that the drag's source removes no rows
            event.accept()
        self.stopAutoScroll()
        self.setState(QAbstractItemView.State.NoState)

    def _drop_area(self, position: QPoint) -> QRect:
        """Where a drop would land: a group with its contacts, or the empty space."""
        index = self.indexAt(position)
        if not index.isValid():
            last = self._last_visible()
            top = self.visualRect(last).bottom() + 1 if last.isValid() else 0
            return QRect(0, top, self.viewport().width(), self.viewport().height() - top)
        group = index.parent() if index.parent().isValid() else index
        area = self.visualRect(group)
        if self.isExpanded(group):
            area |= self.visualRect(self.contacts.index(self.contacts.rowCount(group) - 1, 0, group))
        return area

    def _last_visible(self) -> QModelIndex:
        index = self.contacts.index(self.contacts.rowCount() - 1, 0)
        if index.isValid() and self.isExpanded(index):
            return self.contacts.index(self.contacts.rowCount(index) - 1, 0, index)
        return index

    def _show_drop(self, area: QRect | None) -> None:
        if area != self._drop_at:
            self._drop_at = area
            self.viewport().update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the rows, and where a drop would land."""
        super().paintEvent(event)
        if self._drop_at is None:
            return
        tokens = theme().tokens
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens.accent, 2))
        area = self._drop_at.adjusted(4, 1, -4, -2)
        painter.drawRoundedRect(area, 8, 8)
        if not self.indexAt(self._drop_at.center()).isValid():
            painter.setFont(font(SMALL, bold=True))
            painter.setPen(tokens.accent)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tr("New group"))
        painter.end()

    def drawBranches(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        """Qt: none; the delegate paints the triangles."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the words of the empty state keep to the width."""
        super().resizeEvent(event)
        self._empty.setGeometry(self.viewport().rect())

    def _say_when_empty(self) -> None:
        self._empty.show_for(
            shown=self.contacts.rowCount(), total=self.contacts.contact_count(), searching=self.contacts.is_filtered
        )

    def _on_theme_changed(self) -> None:
        self._delegate.measure()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
