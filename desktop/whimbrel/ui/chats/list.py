"""The list *Chats*: recent conversations with preview, time and unread badge."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from whimbrel.core.services import Services
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.chats.menu import ChatMenu, Line
from whimbrel.ui.delegates.rows import RowLook, paint_entry_row, paint_row, row_height
from whimbrel.ui.models.chat import ArchivedEntry, Chat
from whimbrel.ui.models.chats import ChatRole, ChatsFilter, ChatsModel
from whimbrel.ui.names import NOTES_ICON
from whimbrel.ui.shortcuts import keys_of, shown_keys
from whimbrel.ui.theme.avatar import repaint_with_pictures
from whimbrel.ui.theme.theme import theme
from whimbrel.ui.words import when_word

_TURNS: dict[Qt.Key, Callable[[bool], bool]] = {
    Qt.Key.Key_Return: lambda unfolded: not unfolded,
    Qt.Key.Key_Enter: lambda unfolded: not unfolded,
    Qt.Key.Key_Space: lambda unfolded: not unfolded,
    Qt.Key.Key_Right: lambda _: True,
    Qt.Key.Key_Left: lambda _: False,
}
"""What keys do with the entry *Archived*."""


_PEEK = 3  # rows that come into sight when something is unfolded


class ChatsDelegate(QStyledItemDelegate):
    """Paints a chat as a row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._size = QSize()
        self.measure()

    def measure(self) -> None:
        """Measure rows again: the theme's texts changed their size."""
        self._size = QSize(200, row_height() + 4)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self._size

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        chat: Chat | ArchivedEntry = index.data(ChatRole.CHAT)
        if isinstance(chat, ArchivedEntry):
            paint_entry_row(painter, option, "archive", chat.label, chat.count, chat.unread, unfolded=chat.shown)
        else:
            paint_row(painter, option, look_of(chat))


def look_of(chat: Chat) -> RowLook:
    """How a chat looks."""
    conversation = chat.conversation
    last = conversation.last_activity
    return RowLook(
        jid=conversation.jid,
        label=chat.label,
        second=chat.second,
        lead=chat.lead,
        lively=chat.is_typing,
        presence=chat.availability,
        badge=conversation.unread,
        marked=conversation.marked_unread,
        quiet=chat.is_muted,
        pinned=conversation.pinned,
        emblem=NOTES_ICON if chat.is_notes else "",
        alert=conversation.failed > 0,
        corner=when_word(last) if last is not None else "",
    )


class ChatsList(QListView):
    """A click or Enter asks for a conversation, a double click for a window of its own; *Archived* unfolds."""

    conversation_requested = Signal(object)
    window_requested = Signal(object)
    put_away_requested = Signal(object)  # Conversation: it is not to be in sight any more
    failed = Signal(object)  # KnownError

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._searching = False
        self.chats = ChatsModel(services, bridge, self)
        self._filter = ChatsFilter(self)
        self._filter.setSourceModel(self.chats)
        self._delegate = ChatsDelegate(self)
        self.setModel(self._filter)
        self.setItemDelegate(self._delegate)
        repaint_with_pictures(self.viewport())
        self.setAccessibleName(self.tr("Chats"))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._on_clicked)
        theme().changed.connect(self._on_theme_changed)

    def set_filter(self, text: str) -> None:
        """Show only what a search finds."""
        self._searching = bool(text.strip())
        self._filter.set_needle(text)
        self.viewport().update()

    def select(self, conversation_id: ConversationId | None) -> None:
        """Mark the conversation that is open."""
        self.chats.set_open(conversation_id)
        row = self.chats.find(conversation_id) if conversation_id is not None else -1
        index = self._filter.mapFromSource(self.chats.index(row)) if row >= 0 else QModelIndex()
        if index.isValid():
            self.setCurrentIndex(index)
        else:
            self.clearSelection()  # the keyboard stays where it is

    def shown(self) -> list[Conversation]:
        """The conversations in the order shown."""
        rows = (self._filter.index(row, 0).data(ChatRole.CHAT) for row in range(self._filter.rowCount()))
        return [row.conversation for row in rows if isinstance(row, Chat)]

    def unfold(self, unfolded: bool) -> None:
        """Show what was put away, or no longer."""
        self.chats.set_unfolded(unfolded)
        self._filter.invalidate()
        last = self._filter.rowCount() - 1
        if unfolded and last >= 0:
            first = self._filter.mapFromSource(self.chats.index(self.chats.entry_row()))
            self.scrollTo(self._filter.index(min(first.row() + _PEEK, last), 0))

    def open_first(self) -> bool:
        """Ask for the first one shown; False where there is none."""
        shown = self.shown()
        if shown:
            self.conversation_requested.emit(shown[0])
        return bool(shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        conversation = self._conversation(self.currentIndex())
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and conversation is not None:
            shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.window_requested if shifted else self.conversation_requested).emit(conversation)
            return
        if self._is_entry(self.currentIndex()) and event.key() in _TURNS:
            self.unfold(_TURNS[Qt.Key(event.key())](self.chats.is_unfolded))
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        conversation = self._conversation(self.indexAt(event.position().toPoint()))
        if conversation is not None and event.button() == Qt.MouseButton.LeftButton:
            self.window_requested.emit(conversation)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: the right button opens a menu; the chat that is marked stays the one that is open."""
        if event.button() is not Qt.MouseButton.RightButton:
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        conversation = self._conversation(index)
        if conversation is None:
            return
        menu = self.make_menu(conversation)
        if not by_mouse:
            self.scrollTo(index)
        place = event.pos() if by_mouse else self.visualRect(index).center()
        menu.popup(self.viewport().mapToGlobal(place))

    def act(self, line: Line, conversation: Conversation) -> None:
        """Do what a line of a chat's menu does; where it leads to more lines, show those."""
        menu = self.make_menu(conversation)
        menu.follow(line, self._place_of(conversation))

    def make_menu(self, conversation: Conversation) -> ChatMenu:
        """The menu of a chat; it deletes itself when closed."""
        menu = ChatMenu(self._services, conversation, self)
        menu.open_requested.connect(lambda: self.conversation_requested.emit(conversation))
        menu.window_requested.connect(lambda: self.window_requested.emit(conversation))
        menu.put_away_requested.connect(lambda: self.put_away_requested.emit(conversation))
        menu.archive_requested.connect(lambda: self._step_aside(conversation))
        menu.failed.connect(self.failed)
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._filter.rowCount():
            return
        painter = QPainter(self.viewport())
        painter.setPen(theme().tokens.second_text)
        painter.setFont(theme().font())
        text = self.tr("No chat found") if self._searching else self._nothing_yet()
        area = QRect(16, 24, self.viewport().width() - 32, self.viewport().height() - 24)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(area, int(flags), text)
        painter.end()

    def _nothing_yet(self) -> str:
        keys = shown_keys(keys_of("new_conversation").toString())
        return (
            self.tr("No chats yet.\n{keys} starts one.").replace("{keys}", keys) if keys else self.tr("No chats yet.")
        )

    def _on_clicked(self, index: QModelIndex) -> None:
        conversation = self._conversation(index)
        if conversation is not None:
            self.conversation_requested.emit(conversation)
        elif self._is_entry(index):
            self.unfold(not self.chats.is_unfolded)

    @staticmethod
    def _is_entry(index: QModelIndex) -> bool:
        return index.isValid() and isinstance(index.data(ChatRole.CHAT), ArchivedEntry)

    def _conversation(self, index: QModelIndex) -> Conversation | None:
        chat = index.data(ChatRole.CHAT) if index.isValid() else None
        return chat.conversation if isinstance(chat, Chat) else None

    def _place_of(self, conversation: Conversation) -> QPoint:
        """Where a menu for a chat belongs, on the screen."""
        row = self.chats.find(conversation.id)
        place = self.visualRect(self._filter.mapFromSource(self.chats.index(row))) if row >= 0 else QRect()
        inside = self.viewport().rect()
        return self.viewport().mapToGlobal(place.center() if inside.intersects(place) else inside.center())

    def _step_aside(self, conversation: Conversation) -> None:
        """A chat goes to the end: the keyboard, where it is at that chat, goes to the next one."""
        index = self.currentIndex()
        there = self._conversation(index)
        if there is not None and there.id == conversation.id:
            beside = [self._filter.index(index.row() + step, 0) for step in (1, -1)]
            found = next((each for each in beside if self._conversation(each) is not None), QModelIndex())
            self.selectionModel().setCurrentIndex(found, QItemSelectionModel.SelectionFlag.NoUpdate)

    @property
    def focused(self) -> Conversation | None:
        """The chat that the keyboard is at."""
        return self._conversation(self.currentIndex()) if self.hasFocus() else None

    def _on_theme_changed(self) -> None:
        self._delegate.measure()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
