"""Recent conversations as a Qt list: pinned ones first, then by last activity; what was put away at the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    Signal,
)

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.models.chat import ArchivedEntry, Chat
from whimbrel.ui.models.feed import Changes, Feed
from whimbrel.ui.models.people import PersonKey
from whimbrel.ui.models.typists import Typists
from whimbrel.ui.names import is_own, notes_words

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_FEW = 4  # so many changes at once are shown one by one
_LONGEST_WAIT = 15 * 60  # seconds; timers do not count how long the machine slept


class ChatRole(IntEnum):
    """What a row gives besides Qt's own roles: its :class:`Chat`, or its :class:`ArchivedEntry`."""

    CHAT = Qt.ItemDataRole.UserRole + 1


class ChatsModel(QAbstractListModel):
    """Follows the core; changes within one turn of the event loop, or of a burst, are shown together (``Feed``)."""

    unread_changed = Signal(int)

    def __init__(self, services: Services, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._rows: list[Chat | ArchivedEntry] = []
        self._by_key: dict[PersonKey, Chat] = {}
        self._unread = 0
        self._unfolded = False
        self._open: ConversationId | None = None
        self._typists = Typists(services, bridge, self)
        self._typists.changed.connect(self._on_typing)
        self._sounding = QTimer(self, singleShot=True)  # something that is muted will not be
        self._sounding.timeout.connect(self._on_sounding)
        self._feed = Feed(bridge, self._apply, self)
        self._load()

    @property
    def unread(self) -> int:
        """Unread messages over all conversations that are neither muted nor put away."""
        return self._unread

    @property
    def is_unfolded(self) -> bool:
        """Whether what was put away is to be shown."""
        return self._unfolded

    def chats(self) -> list[Chat]:
        """Every chat, in order."""
        return [row for row in self._rows if isinstance(row, Chat)]

    def find(self, conversation_id: ConversationId) -> int:
        """The row of a conversation; -1 where it has none."""
        found = (
            number
            for number, row in enumerate(self._rows)
            if isinstance(row, Chat) and row.conversation.id == conversation_id
        )
        return next(found, -1)

    def entry_row(self) -> int:
        """The row of the entry for what was put away; -1 where there is none."""
        return next((number for number, row in enumerate(self._rows) if isinstance(row, ArchivedEntry)), -1)

    def set_open(self, conversation_id: ConversationId | None) -> None:
        """Say which conversation is in sight: what is written in it is seen there."""
        if conversation_id == self._open:
            return
        self._open = conversation_id
        for number, row in enumerate(self._rows):
            if isinstance(row, Chat) and row.is_open is not (row.conversation.id == conversation_id):
                row.is_open = not row.is_open
                self._tell(number)

    def set_unfolded(self, unfolded: bool) -> None:
        """Show what was put away, or no longer."""
        self._unfolded = unfolded
        self._place_entry()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ChatRole.CHAT:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.label
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return row.description
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, Chat):
            return row.tip or None
        return None

    def _load(self) -> None:
        self.beginResetModel()
        chats = list(map(self._chat, self._services.conversations.list_conversations()))
        entry = self._make_entry(chats)
        self._rows = sorted([*chats, *([entry] if entry.count else [])], key=lambda row: row.order)
        self._by_key = {chat.key: chat for chat in chats}
        self.endResetModel()
        self._count()

    def _chat(self, conversation: Conversation) -> Chat:
        chat = Chat(conversation, str(conversation.jid), is_open=conversation.id == self._open)
        self._take_contact(chat, self._services.roster.find(*chat.key))
        self._take_presence(chat)
        chat.is_typing = self._typists.is_typing(*chat.key)
        return chat

    def _take_contact(self, chat: Chat, contact: Contact | None) -> None:
        chat.is_contact, chat.is_notes = contact is not None, is_own(self._services, *chat.key)
        if chat.is_notes:
            chat.label, chat.is_contact = notes_words(), False
        else:
            chat.label = contact.label if contact is not None else str(chat.conversation.jid)

    def _take_presence(self, chat: Chat) -> None:
        presence = self._services.presence
        known = chat.is_contact and presence.known(chat.key.account_id)
        chat.availability = presence.best(*chat.key).availability if known else None

    def _refresh(self, number: int, chat: Chat, changes: Changes) -> None:
        """Learn name and presence again."""
        before = chat.label, chat.availability
        if chat.key in changes.contacts:
            self._take_contact(chat, changes.contacts[chat.key])
        elif chat.key.account_id in changes.rosters:
            self._take_contact(chat, self._services.roster.find(*chat.key))
        self._take_presence(chat)
        if (chat.label, chat.availability) != before:
            self._tell(number)

    def _look_for_failures(self, changes: Changes) -> None:
        """Read again the chats in which a message of ours failed, or one that had failed may have gone on."""
        had_failed = {chat.conversation.id for chat in self._by_key.values() if chat.conversation.failed}
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
        for number, row in enumerate(self._rows):
            if isinstance(row, Chat) and changes.concerns(row.key):
                self._refresh(number, row, changes)
        if len(changes.conversations) > _FEW:
            self._rearrange(changes.conversations.values())
        else:
            for conversation in changes.conversations.values():
                known = self._by_key.get(PersonKey(conversation.account_id, conversation.jid))
                if known is None:
                    self._insert(self._chat(conversation))
                else:
                    self._change(known, conversation)
        self._place_entry()
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
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(fresh) - 1)
            self._rows += fresh
            self._by_key.update((chat.key, chat) for chat in fresh)
            self.endInsertRows()
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        moved = [self._rows[index.row()] for index in kept]
        self._rows.sort(key=lambda row: row.order)
        places = {id(row): number for number, row in enumerate(self._rows)}
        self.changePersistentIndexList(kept, [self.index(places[id(row)]) for row in moved])
        self.layoutChanged.emit()
        self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _insert(self, row: Chat | ArchivedEntry) -> None:
        number = self._place(row)
        self.beginInsertRows(QModelIndex(), number, number)
        self._rows.insert(number, row)
        if isinstance(row, Chat):
            self._by_key[row.key] = row
        self.endInsertRows()

    def _change(self, chat: Chat, conversation: Conversation) -> None:
        number = self._rows.index(chat)
        chat.conversation = conversation
        target = self._place(chat)
        if target != number:
            self.beginMoveRows(QModelIndex(), number, number, QModelIndex(), target if target < number else target + 1)
            self._rows.insert(target, self._rows.pop(number))
            self.endMoveRows()
        self._tell(target)

    def _place(self, row: Chat | ArchivedEntry) -> int:
        """Where a row belongs among the others."""
        return sum(1 for other in self._rows if other is not row and other.order < row.order)

    def _make_entry(self, chats: Iterable[Chat]) -> ArchivedEntry:
        archived = [chat.conversation for chat in chats if chat.conversation.archived]
        unread = sum(conversation.unread or int(conversation.marked_unread) for conversation in archived)
        return ArchivedEntry(len(archived), self._unfolded, unread)

    def _place_entry(self) -> None:
        """Let there be an entry where something was put away, and let it tell how much."""
        entry = self._make_entry(self._by_key.values())
        number = self.entry_row()
        if number < 0:
            if entry.count:
                self._insert(entry)
        elif not entry.count:
            self.beginRemoveRows(QModelIndex(), number, number)
            del self._rows[number]
            self.endRemoveRows()
        elif self._rows[number] != entry:
            self._rows[number] = entry
            self._tell(number)

    def _tell(self, number: int) -> None:
        self.dataChanged.emit(self.index(number), self.index(number))

    def _on_typing(self, account_id: AccountId, jid: JID) -> None:
        chat = self._by_key.get(PersonKey(account_id, jid))
        if chat is not None and chat.is_typing is not (writes := self._typists.is_typing(account_id, jid)):
            chat.is_typing = writes
            self._tell(self._rows.index(chat))

    def _on_sounding(self) -> None:
        """The time is over for which something was muted."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
        self._count()

    def _count(self) -> None:
        """Count what is unread, now and when the next mute ends."""
        now, chats = datetime.now(UTC), self._by_key.values()
        ends = [end for chat in chats if (end := chat.conversation.muted_until) is not None and end > now]
        self._sounding.stop()
        if ends:
            seconds = min((min(ends) - now).total_seconds(), _LONGEST_WAIT)
            self._sounding.start(round(seconds * 1000) + 50)
        unread = sum(chat.counted for chat in chats)
        if unread != self._unread:
            self._unread = unread
            self.unread_changed.emit(unread)


class ChatsFilter(QSortFilterProxyModel):
    """The chats that a search finds, by name or address; without one, those that were not put away, or all."""

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
        model = self.sourceModel()
        chat: Chat | ArchivedEntry = model.index(row, 0).data(ChatRole.CHAT)
        if isinstance(chat, ArchivedEntry):
            return not self._needle
        if not self._needle:
            return not chat.conversation.archived or (isinstance(model, ChatsModel) and model.is_unfolded)
        return self._needle in chat.label.casefold() or self._needle in str(chat.conversation.jid)
