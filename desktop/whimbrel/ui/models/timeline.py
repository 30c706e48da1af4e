"""A window over one conversation: the rows that the list *Messages* shows."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from whimbrel.model.conversation import Conversation
from whimbrel.model.events import MessageAdded, MessageChanged, MessageRemoved
from whimbrel.model.message import DeliveryState, Direction, Message, MessageId
from whimbrel.ui.models.pace import Pace
from whimbrel.ui.models.unread_divider import UnreadDivider
from whimbrel.ui.words import day_word, delivery_word, time_word, unread_words

if TYPE_CHECKING:
    from whimbrel.core.services import Services
    from whimbrel.ui.bridge import Bridge

PAGE = 50
WINDOW = 400
_ACCESSIBLE_LENGTH = 2000
_ONE_MINUTE = timedelta(minutes=1)

Index = QModelIndex | QPersistentModelIndex


class TimelineRole(IntEnum):
    """What a row tells besides its accessible texts."""

    MESSAGE = Qt.ItemDataRole.UserRole + 1  # Message
    DAY = Qt.ItemDataRole.UserRole + 2  # date, where the row is the first of its day; else None
    UNREAD = Qt.ItemDataRole.UserRole + 3  # the count on the divider above the row; 0: no divider


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A message with what its neighbours make of it."""

    message: Message
    day: date | None
    unread: int
    starts_group: bool


class TimelineModel(QAbstractListModel):
    """The messages of a conversation, at most ``WINDOW`` of them, in the order of the database.

    What arrives in one turn of the event loop is inserted together, and while a burst lasts, what arrives within
    40 to 120 ms. ``arrived`` tells, each time, how many incoming messages came in; also those that lie beyond the
    window.
    """

    arrived = Signal(int)

    def __init__(
        self, services: Services, bridge: Bridge, conversation: Conversation, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._conversations = services.conversations
        self._conversation = conversation
        self._messages: list[Message] = []
        self._pending: dict[MessageId, Message] = {}
        self._at_start = False
        self._at_end = True
        self._following = True
        first = services.conversations.first_unread(conversation.id) if conversation.unread else None
        self._divider = UnreadDivider(first, conversation.unread)
        self._name: Callable[[Message], str] = lambda message: str(message.sender.bare)
        self._pace = Pace(self.flush, self)
        bridge.message_added.connect(self._on_message_added)
        bridge.message_changed.connect(self._on_message_changed)
        bridge.message_removed.connect(self._on_message_removed)
        self._load(min(max(PAGE, conversation.unread + 10), WINDOW))

    @property
    def at_end(self) -> bool:
        """Whether the newest message is in the window."""
        return self._at_end

    @property
    def viewed(self) -> bool:
        """Whether the person sees the end of the conversation."""
        return self._divider.viewed

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """The number of messages in the window."""
        return 0 if parent.isValid() else len(self._messages)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The texts of a row, and the roles of :class:`TimelineRole`."""
        if not index.isValid() or not 0 <= index.row() < len(self._messages):
            return None
        message = self._messages[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return message.body[:_ACCESSIBLE_LENGTH]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = (self.sender_name(message), time_word(message.time), message.body[:_ACCESSIBLE_LENGTH])
            return ", ".join(words)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self._description(index.row())
        if role == TimelineRole.MESSAGE:
            return message
        if role == TimelineRole.DAY:
            return self.row(index.row()).day
        if role == TimelineRole.UNREAD:
            return self.row(index.row()).unread
        return None

    def message(self, row: int) -> Message:
        """The message of a row."""
        return self._messages[row]

    def row(self, row: int) -> TimelineRow:
        """A row's message, its headings and its place in a group."""
        message = self._messages[row]
        above = self._messages[row - 1] if row > 0 else None
        day = _day(message)
        new_day = above is None or _day(above) != day
        divider = message.id == self._divider.message_id
        return TimelineRow(
            message,
            day if new_day else None,
            self._divider.count if divider else 0,
            above is None or new_day or divider or not _belong_together(above, message),
        )

    def row_of(self, message_id: MessageId) -> int:
        """The row of a message; -1 where it is not in the window."""
        return next((row for row, m in enumerate(self._messages) if m.id == message_id), -1)

    @property
    def divider_row(self) -> int:
        """The row above which the unread divider stands; -1 where there is none in the window."""
        message_id = self._divider.message_id
        return -1 if message_id is None else self.row_of(message_id)

    def sender_name(self, message: Message) -> str:
        """The name of who wrote a message, as a person reads it."""
        return self.tr("You") if message.direction is Direction.OUT else self._name(message)

    def set_namer(self, name: Callable[[Message], str]) -> None:
        """Say who wrote an incoming message; call it again when names change."""
        self._name = name
        if self._messages:
            self.dataChanged.emit(self.index(0), self.index(len(self._messages) - 1))

    def set_viewed(self, viewed: bool) -> None:
        """Whether the person sees the end of the conversation: what arrives while they do not is divided off."""
        self._divider.set_viewed(viewed)

    def set_following(self, following: bool) -> None:
        """Whether the view stands at the end: then a full window gives up its oldest rows, else its newest."""
        self._following = following

    def fetch_older(self) -> bool:
        """Put an older page above; returns whether there was one."""
        self.flush()
        if self._at_start or not self._messages:
            return False
        page = self._conversations.before(self._messages[0], PAGE)
        self._at_start = len(page) < PAGE
        if not page:
            return False
        self._insert(0, page)
        self._drop(WINDOW, len(self._messages) - 1)
        return True

    def fetch_newer(self) -> bool:
        """Put a newer page below, where the window was moved away from the end; returns whether there was one."""
        self.flush()
        if self._at_end or not self._messages:
            return False
        page = self._conversations.after(self._messages[-1], PAGE)
        self._at_end = len(page) < PAGE
        if not page:
            return False
        self._insert(len(self._messages), page)
        self._drop(0, len(self._messages) - WINDOW - 1)
        return True

    def show_latest(self) -> None:
        """Move the window to the end of the conversation."""
        self.flush()
        if not self._at_end:
            self.beginResetModel()
            self._load(PAGE)
            self.endResetModel()

    def flush(self) -> None:
        """Show at once what has come in."""
        if not self._pending:
            return
        self._pace.note()
        known = {message.id for message in self._messages}
        fresh = sorted((m for m in self._pending.values() if m.id not in known), key=_order)
        self._pending.clear()
        for message_id in self._divider.take(fresh):
            self._tell_changed(self.row_of(message_id))
        if self._following and self._at_end and len(fresh) >= WINDOW:
            self.beginResetModel()
            self._load(WINDOW)
            self.endResetModel()
        else:
            self._merge(fresh)
        incoming = sum(message.direction is Direction.IN for message in fresh)
        if incoming:
            self.arrived.emit(incoming)

    def _merge(self, fresh: list[Message]) -> None:
        """Insert sorted messages where they belong, leaving out those beyond the window."""
        gaps: defaultdict[int, list[Message]] = defaultdict(list)
        for message in fresh:
            start = bisect_left(self._messages, _order(message), key=_order)
            if not self._is_beyond(start):
                gaps[start].append(message)
        for start in sorted(gaps, reverse=True):
            self._insert(start, gaps[start])
        if self._following:
            self._drop(0, len(self._messages) - WINDOW - 1)
        else:
            self._drop(WINDOW, len(self._messages) - 1)

    def _load(self, limit: int) -> None:
        self._messages = list(self._conversations.latest(self._conversation.id, limit))
        self._at_start = len(self._messages) < limit
        self._at_end = True

    def _is_beyond(self, start: int) -> bool:
        if not self._messages:
            return False
        return (start == 0 and not self._at_start) or (start == len(self._messages) and not self._at_end)

    def _insert(self, start: int, messages: list[Message]) -> None:
        self.beginInsertRows(QModelIndex(), start, start + len(messages) - 1)
        self._messages[start:start] = messages
        self.endInsertRows()
        self._tell_changed(start + len(messages))

    def _drop(self, first: int, last: int) -> None:
        """Take rows off one end, to keep the window bounded."""
        if first > last:
            return
        self.beginRemoveRows(QModelIndex(), first, last)
        del self._messages[first : last + 1]
        if first == 0:
            self._at_start = False
        else:
            self._at_end = False
        self.endRemoveRows()
        self._tell_changed(first)

    def _tell_changed(self, row: int) -> None:
        if 0 <= row < len(self._messages):
            self.dataChanged.emit(self.index(row), self.index(row))

    def _description(self, row: int) -> str:
        facts = self.row(row)
        words = []
        if facts.day is not None:
            words.append(day_word(facts.day))
        if facts.unread:
            words.append(unread_words(facts.unread))
        if facts.message.state is not DeliveryState.RECEIVED:
            words.append(delivery_word(facts.message.state))
        return ", ".join(words)

    def _on_message_added(self, event: MessageAdded) -> None:
        if event.message.conversation_id == self._conversation.id:
            self._pending[event.message.id] = event.message
            self._pace.request()

    def _on_message_changed(self, event: MessageChanged) -> None:
        message = event.message
        if message.conversation_id != self._conversation.id:
            return
        if message.id in self._pending:
            self._pending[message.id] = message
            return
        row = self.row_of(message.id)
        if row >= 0:
            self._messages[row] = message
            self._tell_changed(row)

    def _on_message_removed(self, event: MessageRemoved) -> None:
        self._pending.pop(event.message.id, None)
        row = self.row_of(event.message.id) if event.message.conversation_id == self._conversation.id else -1
        if row >= 0:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._messages[row]
            self.endRemoveRows()
            self._tell_changed(row)


def _order(message: Message) -> tuple[datetime, int]:
    return message.time, message.id


def _day(message: Message) -> date:
    return _local_day(message.time)


@lru_cache(maxsize=4 * WINDOW)
def _local_day(moment: datetime) -> date:
    return moment.astimezone().date()


def _belong_together(above: Message, below: Message) -> bool:
    """Whether two neighbours stand close: one sender, in the same or the next minute of the same day."""
    if above.direction is not below.direction or below.time - above.time >= 2 * _ONE_MINUTE:
        return False
    if above.sender.bare != below.sender.bare or _day(above) != _day(below):
        return False
    gap = below.time.replace(second=0, microsecond=0) - above.time.replace(second=0, microsecond=0)
    return gap <= _ONE_MINUTE
