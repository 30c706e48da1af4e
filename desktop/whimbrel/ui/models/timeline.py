"""A window over one conversation: the rows that the list *Messages* shows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from whimbrel.model.account import ConnectionState
from whimbrel.model.archive import Coverage, Gap
from whimbrel.model.conversation import Conversation
from whimbrel.model.events import (
    ConnectionChanged,
    HistoryChanged,
    MessageAdded,
    MessageChanged,
    MessageRemoved,
    MessagesAnnotated,
)
from whimbrel.model.message import DeliveryState, Direction, Message, MessageId
from whimbrel.ui.joining import join_facts
from whimbrel.ui.models.annotations import Annotations
from whimbrel.ui.models.message_window import PAGE, WINDOW, Index, MessageWindow
from whimbrel.ui.models.missing import Missing
from whimbrel.ui.models.pace import Pace
from whimbrel.ui.models.timeline_row import TimelineRow, belong_together, is_action, local_day, order
from whimbrel.ui.models.unread_divider import UnreadDivider
from whimbrel.ui.models.unstyled import UnstyledMessages
from whimbrel.ui.names import own_nickname
from whimbrel.ui.words import time_word

if TYPE_CHECKING:
    from whimbrel.core.services import Services
    from whimbrel.ui.bridge import Bridge
    from whimbrel.ui.conversation.parts import Part, PartSource

_ACCESSIBLE_LENGTH = 2000
_NEAR = 50  # rows on either side, of which parts are read together


class TimelineModel(MessageWindow):
    """The messages of a conversation, with their headings and what is known to be missing between them.

    What arrives in one turn of the event loop is inserted together, and while a burst lasts, what arrives within
    40 to 120 ms; what is missing of the history is read again with it. ``arrived`` tells, each time, how many incoming
    messages are new to the person; also those that lie beyond the window.
    """

    arrived = Signal(int)
    coverage_changed = Signal()
    failed = Signal(object)  # Message: it came to be known that it is not delivered

    def __init__(
        self, services: Services, bridge: Bridge, conversation: Conversation, parent: QObject | None = None
    ) -> None:
        super().__init__(services.conversations, conversation.id, parent)
        self._history = services.history
        self._conversation = conversation
        self._pending: dict[MessageId, Message] = {}
        self._news: set[MessageId] = set()  # of those pending: new to the person, not history
        self._coverage_is_old = False
        self._missing = Missing(services.history.coverage(conversation.id))
        first = services.conversations.first_unread(conversation.id) if conversation.unread else None
        self._divider = UnreadDivider(first, conversation.unread)
        self._own_name = partial(own_nickname, services, conversation.account_id)
        self._name: Callable[[Message], str] = lambda message: str(message.sender.bare)
        self._annotations = Annotations()
        self._unstyled = UnstyledMessages(services)
        self._pace = Pace(self.flush, self)
        bridge.message_added.connect(self._on_message_added)
        bridge.message_changed.connect(self._on_message_changed)
        bridge.message_removed.connect(self._on_message_removed)
        bridge.messages_annotated.connect(self._on_messages_annotated)
        bridge.history_changed.connect(self._on_history_changed)
        bridge.connection_changed.connect(self._on_connection_changed)
        self._load(min(max(PAGE, conversation.unread + 10), WINDOW))

    @property
    def viewed(self) -> bool:
        """Whether the person sees the end of the conversation."""
        return self._divider.viewed

    @property
    def coverage(self) -> Coverage:
        """What is here of the history, and what is known to be missing; in step with the rows."""
        return self._missing.coverage

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The texts of a row."""
        if not index.isValid() or not 0 <= index.row() < len(self._messages):
            return None
        message = self._messages[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.row(index.row()).drawn[:_ACCESSIBLE_LENGTH]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = self.row(index.row()).drawn[:_ACCESSIBLE_LENGTH]
            return join_facts((self.sender_name(message), time_word(message.time), text))
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self.row(index.row()).description
        return None

    def row(self, row: int) -> TimelineRow:
        """A row's message, its headings and its place in a group."""
        message = self._messages[row]
        above = self._messages[row - 1] if row > 0 else None
        new_day = above is None or local_day(above) != local_day(message)
        divider = message.id == self._divider.message_id
        gap = self._missing.above(message, above) if above is not None or self._at_start else None
        return TimelineRow(
            message,
            local_day(message) if new_day else None,
            self._divider.count if divider else 0,
            above is None or new_day or divider or gap is not None or not belong_together(above, message),
            gap,
            parts := self._annotations.find(message, near := self._messages[max(row - _NEAR, 0) : row + _NEAR]),
            self._actor(message, parts),
            not self._unstyled.has(message, near),
        )

    def _actor(self, message: Message, parts: Sequence[Part]) -> str:
        """Who acts, where a message begins with ``/me``."""
        text = next((part.text for part in parts if part.text is not None), message.body)
        if message.retracted or not is_action(text):
            return ""
        return self.author_name(message)

    def set_sources(self, sources: Iterable[PartSource]) -> None:
        """Say who has parts to be shown with messages."""
        self._annotations.set_sources(sources)
        if self._messages:
            self.dataChanged.emit(self.index(0), self.index(len(self._messages) - 1))

    @property
    def divider_row(self) -> int:
        """The row above which the unread divider stands; -1 where there is none in the window."""
        message_id = self._divider.message_id
        return -1 if message_id is None else self.row_of(message_id)

    @property
    def is_updating(self) -> bool:
        """Whether it is not known yet, but being found out, what was said since the newest message here."""
        return self.coverage.loading and self.coverage.since is None and bool(self._messages)

    @property
    def last_gap(self) -> Gap | None:
        """The gap beneath the newest message."""
        return self._missing.below(self._messages[-1] if self._messages else None) if self._at_end else None

    def gap_rows(self) -> list[int]:
        """The rows above which messages are missing."""
        starts = {bisect_left(self._messages, gap.before, key=lambda m: m.time) for gap in self.coverage.gaps}
        return [row for row in sorted(starts) if row < len(self._messages) and self.row(row).gap is not None]

    def sender_name(self, message: Message) -> str:
        """The name of who wrote a message, as a person reads it."""
        return self.tr("You") if message.direction is Direction.OUT else self._name(message)

    def author_name(self, message: Message) -> str:
        """Who wrote a message, as anybody may read it: of one's own, the nickname, else how the address begins."""
        if message.direction is Direction.OUT:
            return self._own_name() or message.sender.local or str(message.sender.bare)
        return self._name(message)

    def set_namer(self, name: Callable[[Message], str]) -> None:
        """Say who wrote an incoming message; call it again when names change."""
        self._name = name
        if self._messages:
            self.dataChanged.emit(self.index(0), self.index(len(self._messages) - 1))

    def set_viewed(self, viewed: bool) -> None:
        """Whether the person sees the end of the conversation: what arrives while they do not is divided off."""
        self._divider.set_viewed(viewed)

    def flush(self) -> None:
        """Show at once what has come in."""
        if not self._pending and not self._coverage_is_old:
            return
        self._pace.note()
        known = {message.id for message in self._messages}
        fresh = sorted((m for m in self._pending.values() if m.id not in known), key=order)
        news = [m for m in fresh if m.id in self._news]
        gaps = self._read_coverage() if self._coverage_is_old or len(news) < len(fresh) else None
        self._pending.clear()
        self._news.clear()
        for message_id in self._divide(fresh, news):
            self._tell_changed(self.row_of(message_id))
        if self._reader is None and self._at_end and len(fresh) >= WINDOW:
            self.beginResetModel()
            self._load(WINDOW)
            self.endResetModel()
        else:
            self._merge(fresh)
        if gaps is not None:
            self._tell_gaps_changed(gaps)
        incoming = sum(message.direction is Direction.IN for message in news)
        if incoming:
            self.arrived.emit(incoming)

    def _divide(self, fresh: Sequence[Message], news: Sequence[Message]) -> Iterable[MessageId]:
        """Put the unread divider where it belongs now; returns the messages whose heading has changed.

        What is told of a message does not say whether it is history or came in while we were away: the core knows.
        """
        changed = self._divider.take(news)
        if self._divider.viewed or all(m.direction is Direction.OUT for m in fresh) or len(news) == len(fresh):
            return changed
        conversation = self._conversations.find(self._conversation.id)
        if conversation is None or not conversation.unread:
            return changed
        first = self._conversations.first_unread(conversation.id)
        return changed if first is None else {*changed, *self._divider.place(first, conversation.unread)}

    def _read_coverage(self) -> dict[MessageId, Gap | None] | None:
        """Learn what is missing now; returns the gaps that showed before, None where nothing has changed."""
        self._coverage_is_old = False
        coverage = self._history.coverage(self._conversation.id)
        if coverage == self.coverage:
            return None
        before = self._gaps_shown()
        self._missing = Missing(coverage)
        return before

    def _gaps_shown(self) -> dict[MessageId, Gap | None]:
        return {self._messages[row].id: self.row(row).gap for row in self.gap_rows()}

    def _tell_gaps_changed(self, before: dict[MessageId, Gap | None]) -> None:
        after = self._gaps_shown()
        for message_id in before.keys() | after.keys():
            if before.get(message_id) != after.get(message_id):
                self._tell_changed(self.row_of(message_id))
        self.coverage_changed.emit()

    def _on_message_added(self, event: MessageAdded) -> None:
        message = event.message
        if message.conversation_id != self._conversation.id:
            return
        self._pending[message.id] = message
        at_the_end = not self._messages or order(message) > order(self._messages[-1])
        if event.notify or (at_the_end and (message.direction is Direction.OUT or self._divider.viewed)):
            self._news.add(message.id)
        self._pace.request()

    def _on_message_changed(self, event: MessageChanged) -> None:
        message = event.message
        if message.conversation_id != self._conversation.id:
            return
        self._annotations.forget((message.id,))
        if message.id in self._pending:
            self._pending[message.id] = message
            return
        row = self.row_of(message.id)
        if row < 0:
            self._merge([message])  # its new place may be in the window
            return
        has_failed = DeliveryState.FAILED is message.state is not self._messages[row].state
        if order(message) != order(self._messages[row]):
            self._move(row, message)
        else:
            self._messages[row] = message
            self._tell_changed(row)
        if has_failed:
            self.failed.emit(message)

    def _on_messages_annotated(self, event: MessagesAnnotated) -> None:
        if event.conversation_id != self._conversation.id:
            return
        self._annotations.forget(event.message_ids)
        for row, message in enumerate(self._messages):
            if message.id in event.message_ids:
                self._tell_changed(row)

    def _on_message_removed(self, event: MessageRemoved) -> None:
        self._pending.pop(event.message.id, None)
        row = self.row_of(event.message.id) if event.message.conversation_id == self._conversation.id else -1
        if row >= 0:
            self._remove(row)

    def _on_history_changed(self, event: HistoryChanged) -> None:
        ours = event.account_id == self._conversation.account_id
        if ours and event.conversation_id in (None, self._conversation.id):
            self._read_again()

    def _on_connection_changed(self, event: ConnectionChanged) -> None:
        if event.account_id == self._conversation.account_id and event.status.state is ConnectionState.ONLINE:
            self._read_again()

    def _read_again(self) -> None:
        self._coverage_is_old = True
        self._pace.request()
