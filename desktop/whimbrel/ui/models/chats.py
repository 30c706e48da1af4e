"""Recent conversations as a Qt list: pinned ones first, then by last activity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)

from whimbrel.core.services import Services
from whimbrel.model.contact import Availability, Contact
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.models.feed import Changes, Feed
from whimbrel.ui.models.people import PersonKey
from whimbrel.ui.words import not_sent_words, presence_word, unread_words, when_word

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_FEW = 4  # so many changes at once are shown one by one


class ChatRole(IntEnum):
    """What a row gives besides Qt's own roles."""

    CHAT = Qt.ItemDataRole.UserRole + 1


@dataclass(slots=True, eq=False)
class Chat:
    """A conversation and what is known about whom it is with."""

    conversation: Conversation
    label: str
    is_contact: bool = False
    availability: Availability | None = None  # None: nothing is known

    @property
    def key(self) -> PersonKey:
        """Whom it is with."""
        return PersonKey(self.conversation.account_id, self.conversation.jid)

    @property
    def order(self) -> tuple[bool, float, int]:
        """Sorts pinned ones first, then the latest."""
        last = self.conversation.last_activity
        return not self.conversation.pinned, -last.timestamp() if last else 0.0, self.conversation.id

    @property
    def second(self) -> str:
        """The line beneath the name: what was said last."""
        preview = self.conversation.preview
        if preview and self.conversation.preview_outgoing:
            return QCoreApplication.translate("Chats", "You: {text}").replace("{text}", preview)
        return preview

    @property
    def description(self) -> str:
        """For assistive technology: presence, unread count, whether something was not sent, preview, time."""
        parts = [presence_word(self.availability)] if self.availability is not None else []
        if self.conversation.unread:
            parts.append(unread_words(self.conversation.unread))
        if self.conversation.failed:
            parts.append(not_sent_words())
        if self.second:
            parts.append(self.second)
        if self.conversation.last_activity is not None:
            parts.append(when_word(self.conversation.last_activity))
        return ", ".join(parts)


class ChatsModel(QAbstractListModel):
    """Follows the core; changes within one turn of the event loop, or of a burst, are shown together (``Feed``)."""

    unread_changed = Signal(int)

    def __init__(self, services: Services, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._chats: list[Chat] = []
        self._by_key: dict[PersonKey, Chat] = {}
        self._unread = 0
        self._feed = Feed(bridge, self._apply, self)
        self._load()

    @property
    def unread(self) -> int:
        """Unread messages over all conversations."""
        return self._unread

    def chats(self) -> list[Chat]:
        """Every chat, in order."""
        return list(self._chats)

    def find(self, conversation_id: ConversationId) -> int:
        """The row of a conversation; -1 where it has none."""
        return next((row for row, chat in enumerate(self._chats) if chat.conversation.id == conversation_id), -1)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._chats)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._chats):
            return None
        chat = self._chats[index.row()]
        if role == ChatRole.CHAT:
            return chat
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return chat.label
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return chat.description
        if role == Qt.ItemDataRole.ToolTipRole and chat.conversation.failed:
            return not_sent_words()
        return None

    def _load(self) -> None:
        self.beginResetModel()
        self._chats = sorted(map(self._chat, self._services.conversations.list_conversations()), key=lambda c: c.order)
        self._by_key = {chat.key: chat for chat in self._chats}
        self.endResetModel()
        self._count()

    def _chat(self, conversation: Conversation) -> Chat:
        chat = Chat(conversation, str(conversation.jid))
        self._take_contact(chat, self._services.roster.find(*chat.key))
        self._take_presence(chat)
        return chat

    @staticmethod
    def _take_contact(chat: Chat, contact: Contact | None) -> None:
        chat.label = contact.label if contact is not None else str(chat.conversation.jid)
        chat.is_contact = contact is not None

    def _take_presence(self, chat: Chat) -> None:
        presence = self._services.presence
        known = chat.is_contact and presence.known(chat.key.account_id)
        chat.availability = presence.best(*chat.key).availability if known else None

    def _refresh(self, row: int, chat: Chat, changes: Changes) -> None:
        """Learn name and presence again."""
        before = chat.label, chat.availability
        if chat.key in changes.contacts:
            self._take_contact(chat, changes.contacts[chat.key])
        elif chat.key.account_id in changes.rosters:
            self._take_contact(chat, self._services.roster.find(*chat.key))
        self._take_presence(chat)
        if (chat.label, chat.availability) != before:
            self.dataChanged.emit(self.index(row), self.index(row))

    def _look_for_failures(self, changes: Changes) -> None:
        """Read again the chats in which a message of ours failed, or one that had failed may have gone on."""
        had_failed = {chat.conversation.id for chat in self._chats if chat.conversation.failed}
        for conversation_id, failed in changes.sending.items():
            if failed or conversation_id in had_failed:
                found = self._services.conversations.find(conversation_id)
                if found is not None:
                    changes.conversations[conversation_id] = found

    def _apply(self, changes: Changes) -> None:
        if changes.removed or changes.deleted:
            self._load()
        if changes.sending:
            self._look_for_failures(changes)
        for row, chat in enumerate(self._chats):
            if changes.concerns(chat.key):
                self._refresh(row, chat, changes)
        if len(changes.conversations) > _FEW:
            self._rearrange(changes.conversations.values())
            return
        for conversation in changes.conversations.values():
            known = self._by_key.get(PersonKey(conversation.account_id, conversation.jid))
            if known is None:
                self._insert(self._chat(conversation))
            else:
                self._change(known, conversation)
        self._count()

    def _rearrange(self, conversations: Iterable[Conversation]) -> None:
        """Take in many at once, in one change of the layout: row by row would cost the square of their number."""
        fresh = []
        for conversation in conversations:
            known = self._by_key.get(PersonKey(conversation.account_id, conversation.jid))
            if known is None:
                fresh.append(self._chat(conversation))
            else:
                known.conversation = conversation
        if fresh:
            self.beginInsertRows(QModelIndex(), len(self._chats), len(self._chats) + len(fresh) - 1)
            self._chats += fresh
            self._by_key.update((chat.key, chat) for chat in fresh)
            self.endInsertRows()
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        chats = [self._chats[index.row()] for index in kept]
        self._chats.sort(key=lambda chat: chat.order)
        rows = {chat.key: row for row, chat in enumerate(self._chats)}
        self.changePersistentIndexList(kept, [self.index(rows[chat.key]) for chat in chats])
        self.layoutChanged.emit()
        self.dataChanged.emit(self.index(0), self.index(len(self._chats) - 1))
        self._count()

    def _insert(self, chat: Chat) -> None:
        row = self._place(chat)
        self.beginInsertRows(QModelIndex(), row, row)
        self._chats.insert(row, chat)
        self._by_key[chat.key] = chat
        self.endInsertRows()

    def _change(self, chat: Chat, conversation: Conversation) -> None:
        row = self._chats.index(chat)
        chat.conversation = conversation
        target = self._place(chat)
        if target != row:
            self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), target if target < row else target + 1)
            self._chats.insert(target, self._chats.pop(row))
            self.endMoveRows()
        index = self.index(target)
        self.dataChanged.emit(index, index)

    def _place(self, chat: Chat) -> int:
        """Where a chat belongs among the others."""
        return sum(1 for other in self._chats if other is not chat and other.order < chat.order)

    def _count(self) -> None:
        unread = sum(chat.conversation.unread for chat in self._chats)
        if unread != self._unread:
            self._unread = unread
            self.unread_changed.emit(unread)


class ChatsFilter(QSortFilterProxyModel):
    """The chats that a search finds, by name or address."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._needle = ""

    def set_needle(self, text: str) -> None:
        """Show only what contains a text; "" shows everything."""
        needle = text.strip().casefold()
        if needle != self._needle:
            self._needle = needle
            self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        if not self._needle:
            return True
        chat: Chat = self.sourceModel().index(row, 0).data(ChatRole.CHAT)
        return self._needle in chat.label.casefold() or self._needle in str(chat.conversation.jid)
