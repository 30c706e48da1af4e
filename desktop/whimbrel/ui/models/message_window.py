"""A stretch of a conversation's messages as rows: pages at both ends, insertions anywhere, bounded."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex

from whimbrel.core.conversations import Conversations
from whimbrel.model.conversation import ConversationId
from whimbrel.model.message import Message, MessageId
from whimbrel.ui.models.timeline_row import order

PAGE = 50
STEP = 25  # messages that are put in at once while one scrolls: a frame must not wait for more
WINDOW = 400

Index = QModelIndex | QPersistentModelIndex


class MessageWindow(QAbstractListModel):
    """At most ``WINDOW`` messages, in the order of the database, without a hole between them."""

    def __init__(
        self, conversations: Conversations, conversation_id: ConversationId, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._conversations = conversations
        self._conversation_id = conversation_id
        self._messages: list[Message] = []
        self._at_start = False
        self._at_end = True
        self._reader: MessageId | None = None

    @property
    def at_start(self) -> bool:
        """Whether the oldest message that is on this computer is in the window."""
        return self._at_start

    @property
    def at_end(self) -> bool:
        """Whether the newest message is in the window."""
        return self._at_end

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """The number of messages in the window."""
        return 0 if parent.isValid() else len(self._messages)

    def message(self, row: int) -> Message:
        """The message of a row."""
        return self._messages[row]

    def row_of(self, message_id: MessageId) -> int:
        """The row of a message; -1 where it is not in the window."""
        return next((row for row, m in enumerate(self._messages) if m.id == message_id), -1)

    def set_reader(self, message_id: MessageId | None) -> None:
        """The message at which the view stands (None: at the end): a full window gives up what is far from it."""
        self._reader = message_id

    def fetch_older(self) -> bool:
        """Put an older page above; returns whether there was one."""
        self.flush()
        if self._at_start or not self._messages:
            return False
        page = self._conversations.before(self._messages[0], STEP)
        self._at_start = len(page) < STEP
        if not page:
            self._tell_changed(0)
            return False
        self._insert(0, page)
        self._drop(WINDOW, len(self._messages) - 1)
        return True

    def fetch_newer(self) -> bool:
        """Put a newer page below, where the window was moved away from the end; returns whether there was one."""
        self.flush()
        if self._at_end or not self._messages:
            return False
        page = self._conversations.after(self._messages[-1], STEP)
        self._at_end = len(page) < STEP
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

    def show_around(self, message_id: MessageId) -> bool:
        """Move the window to a message, with what was said before and after it; returns whether it is there.

        Nothing is read where the window holds it already.
        """
        self.flush()
        if self.row_of(message_id) >= 0:
            return True
        message = self._conversations.message(message_id)
        if message is None or message.conversation_id != self._conversation_id:
            return False
        older = self._conversations.before(message, PAGE)
        newer = self._conversations.after(message, PAGE)
        self.beginResetModel()
        self._messages = [*older, message, *newer]
        self._at_start, self._at_end = len(older) < PAGE, len(newer) < PAGE
        self._reader = message_id
        self.endResetModel()
        return True

    def first_since(self, moment: datetime) -> MessageId | None:
        """The first message at a moment (aware) or after it; the newest where there is none; None in an empty one."""
        self.flush()
        found = self._conversations.first_since(self._conversation_id, moment)
        if found is None:
            found = next(iter(self._conversations.latest(self._conversation_id, 1)), None)
        return found.id if found is not None else None

    def flush(self) -> None:
        """Show at once what has come in, where that is held back."""

    def _merge(self, fresh: Sequence[Message]) -> None:
        """Insert sorted messages where they belong, leaving out those beyond the window."""
        runs: defaultdict[int, list[Message]] = defaultdict(list)
        for message in fresh:
            start = bisect_left(self._messages, order(message), key=order)
            if not self._is_beyond(start):
                runs[start].append(message)
        is_full = len(self._messages) >= WINDOW
        if is_full and self._reader is None and 0 in runs and self._at_end:
            del runs[0]  # they would only be given up again
            self._at_start = False
        for start in sorted(runs, reverse=True):
            self._insert(start, runs[start])
        self._trim()

    def _trim(self) -> None:
        """Keep the window bounded: give up what is farthest from where the person reads."""
        excess = len(self._messages) - WINDOW
        if excess <= 0:
            return
        row = self.row_of(self._reader) if self._reader is not None else len(self._messages)
        above = min(max(row - WINDOW // 2, 0), excess)
        self._drop(len(self._messages) - (excess - above), len(self._messages) - 1)
        self._drop(0, above - 1)

    def _load(self, limit: int) -> None:
        self._messages = list(self._conversations.latest(self._conversation_id, limit))
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

    def _remove(self, row: int) -> None:
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._messages[row]
        self.endRemoveRows()
        self._tell_changed(row)

    def _move(self, row: int, message: Message) -> None:
        """Put a changed message where its time says."""
        others = self._messages[:row] + self._messages[row + 1 :]
        target = bisect_left(others, order(message), key=order)
        if target == row:
            self._messages[row] = message
        elif (target == 0 and not self._at_start) or (target == len(others) and not self._at_end):
            self._remove(row)
            return
        else:
            after = target if target < row else target + 1
            self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), after)
            del self._messages[row]
            self._messages.insert(target, message)
            self.endMoveRows()
        for changed in {row, row + 1, target, target + 1}:
            self._tell_changed(changed)

    def _tell_changed(self, row: int) -> None:
        if 0 <= row < len(self._messages):
            self.dataChanged.emit(self.index(row), self.index(row))
