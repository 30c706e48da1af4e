"""The list *Chats*: recent conversations with preview, time and unread badge."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from whimbrel.core.services import Services
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.delegates.rows import RowLook, paint_row, row_height
from whimbrel.ui.models.chats import Chat, ChatRole, ChatsFilter, ChatsModel
from whimbrel.ui.search.asking_dialogs import ask_delete, ask_export
from whimbrel.ui.theme.avatar import repaint_with_pictures
from whimbrel.ui.theme.theme import theme
from whimbrel.ui.words import when_word


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
        chat: Chat = index.data(ChatRole.CHAT)
        last = chat.conversation.last_activity
        paint_row(
            painter,
            option,
            RowLook(
                jid=chat.conversation.jid,
                label=chat.label,
                second=chat.second,
                presence=chat.availability,
                badge=chat.conversation.unread,
                alert=chat.conversation.failed > 0,
                corner=when_word(last) if last is not None else "",
            ),
        )


class ChatsList(QListView):
    """A click or Enter asks for a conversation, a double click for a window of its own."""

    conversation_requested = Signal(object)
    window_requested = Signal(object)

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
        row = self.chats.find(conversation_id) if conversation_id is not None else -1
        index = self._filter.mapFromSource(self.chats.index(row)) if row >= 0 else QModelIndex()
        self.setCurrentIndex(index)
        if not index.isValid():
            self.clearSelection()

    def shown(self) -> list[Conversation]:
        """The conversations in the order shown."""
        count = self._filter.rowCount()
        return [self._filter.index(row, 0).data(ChatRole.CHAT).conversation for row in range(count)]

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
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        conversation = self._conversation(self.indexAt(event.position().toPoint()))
        if conversation is not None and event.button() == Qt.MouseButton.LeftButton:
            self.window_requested.emit(conversation)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        conversation = self._conversation(index)
        if conversation is None:
            return
        menu = self.make_menu(conversation)
        place = event.pos() if by_mouse else self.visualRect(index).center()
        menu.popup(self.viewport().mapToGlobal(place))

    def make_menu(self, conversation: Conversation) -> QMenu:
        """The menu of a chat; it deletes itself when closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Open conversation"), lambda: self.conversation_requested.emit(conversation))
        menu.addAction(self.tr("Open in new window"), lambda: self.window_requested.emit(conversation))
        menu.addSeparator()
        pin = self.tr("Unpin") if conversation.pinned else self.tr("Pin")
        conversations = self._services.conversations
        menu.addAction(pin, lambda: conversations.set_pinned(conversation.id, not conversation.pinned))
        read = menu.addAction(self.tr("Mark as read"), lambda: self._services.unread.mark_read(conversation.id))
        read.setEnabled(conversation.unread > 0)
        menu.addSeparator()
        services, window = self._services, self.window()
        menu.addAction(self.tr("Export conversation…"), lambda: ask_export(services, conversation, window))
        menu.addAction(self.tr("Delete conversation…"), lambda: ask_delete(services, conversation, window))
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._filter.rowCount():
            return
        painter = QPainter(self.viewport())
        painter.setPen(theme().tokens.second_text)
        painter.setFont(theme().font())
        text = self.tr("No chat found") if self._searching else self.tr("No chats yet.\nCtrl+N starts one.")
        area = QRect(16, 24, self.viewport().width() - 32, self.viewport().height() - 24)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(area, int(flags), text)
        painter.end()

    def _on_clicked(self, index: QModelIndex) -> None:
        conversation = self._conversation(index)
        if conversation is not None:
            self.conversation_requested.emit(conversation)

    def _conversation(self, index: QModelIndex) -> Conversation | None:
        chat = index.data(ChatRole.CHAT) if index.isValid() else None
        return chat.conversation if isinstance(chat, Chat) else None

    def _on_theme_changed(self) -> None:
        self._delegate.measure()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
