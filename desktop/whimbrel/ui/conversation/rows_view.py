"""A list that knows the height of each of its rows, and that never moves under the eyes of its reader."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from whimbrel.model.message import MessageId
from whimbrel.ui.conversation.anchor import Anchor
from whimbrel.ui.conversation.bare_list import BareList, Index
from whimbrel.ui.conversation.bubble import BubbleLayout
from whimbrel.ui.conversation.bubble_cache import BubbleCache
from whimbrel.ui.conversation.failure import Aside
from whimbrel.ui.conversation.heights import RowHeights
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.conversation.paging import Paging
from whimbrel.ui.models.timeline import TimelineModel
from whimbrel.ui.theme.theme import theme

_PADDING = 10
_LINE_STEP = 40
_MOST_ROUNDS = 16


class RowsView(BareList):
    """The geometry of a timeline. Only rows that show are laid out; the others' heights are estimates.

    It either *follows* the end, or holds an anchor: a row and the place of its bubble in the viewport, which stays
    where it is whatever is inserted, removed, moved or measured around it, headings of the row included.
    """

    at_end_changed = Signal(bool)
    settled = Signal()  # rows have their places: after scrolling, too

    def __init__(self, model: TimelineModel, parent: QWidget | None = None) -> None:
        look = Look.current()  # first: installing the theme restyles every widget that there is
        super().__init__(parent)
        self.timeline = model
        self.bubbles = BubbleCache(model, look)
        self._heights = RowHeights(_PADDING)
        self._anchor = Anchor()
        self._may_hold_divider = True
        self._settling = False
        self._sought: MessageId | None = None  # where the view was taken, as long as nobody scrolls
        self._was_at_end: bool | None = None
        self._paging = Paging(self)
        self.switch_off()
        for told in (model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.dataChanged, model.modelReset):
            told.connect(self.bubbles.distrust)  # first of all that hear of it
        model.rowsAboutToBeInserted.connect(self._before_insertion)
        model.rowsRemoved.connect(self._on_rows_removed)
        model.rowsMoved.connect(self._on_rows_moved)
        self.setModel(model)
        theme().changed.connect(self._on_theme_changed)

    # What the model tells

    def reset(self) -> None:
        super().reset()
        self.bubbles.clear()
        self._heights.reset(self._estimates(0, self.timeline.rowCount() - 1))
        self._anchor.reset()
        self.scheduleDelayedItemsLayout()

    def _before_insertion(self, parent: QModelIndex, start: int, end: int) -> None:
        """Where rows come in between others that show: those beneath stay, if they begin in the upper half.

        Whoever comes from below reads on upwards, into what is put in; whoever comes from above has not got there yet.
        """
        if self._anchor.follow or not self._anchor.row < start < len(self._heights):
            return
        self.executeDelayedItemsLayout()
        if self._anchor.follow or not self._anchor.row < start:
            return
        top = self.row_top(start) + self._inset(start)
        if top <= self.viewport().height() // 2:
            self._anchor.hold(start, top)

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        self._may_hold_divider = self._may_hold_divider or start == len(self._heights)
        self._heights.insert(start, self._estimates(start, end))
        self._anchor.inserted(start, end)
        self.scheduleDelayedItemsLayout()

    def _on_rows_removed(self, parent: QModelIndex, start: int, end: int) -> None:
        self._heights.remove(start, end)
        self._anchor.removed(start, end, len(self._heights))
        self.scheduleDelayedItemsLayout()

    def _on_rows_moved(self, parent: QModelIndex, first: int, last: int, destination: QModelIndex, row: int) -> None:
        """One row has another place (the model moves no more than one)."""
        target = row if row < first else row - 1
        self._heights.move(first, target)
        self._anchor.moved(first, target)
        self.scheduleDelayedItemsLayout()

    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:
        self._heights.distrust(top_left.row(), bottom_right.row())
        self.scheduleDelayedItemsLayout()

    # Rows and their places

    def bubble(self, row: int) -> BubbleLayout:
        """The layout of a row; kept while it is near."""
        return self.bubbles.get(row, self.viewport().width())

    def row_top(self, row: int) -> int:
        """The top of a row in the viewport."""
        return self._heights.top(row) - self.verticalScrollBar().value()

    def row_at(self, y: int) -> int:
        """The row at a height of the viewport, or the nearest one; -1 where there is none."""
        return self._heights.row_at(y + self.verticalScrollBar().value())

    def visible_rows(self, top: int = 0, bottom: int | None = None) -> range:
        """The rows between two heights of the viewport."""
        if not len(self._heights):
            return range(0)
        return range(self.row_at(top), self.row_at(self.viewport().height() if bottom is None else bottom) + 1)

    def visualRect(self, index: Index) -> QRect:
        self.executeDelayedItemsLayout()
        if not index.isValid() or index.row() >= len(self._heights):
            return QRect()
        row = index.row()
        return QRect(0, self.row_top(row), self.viewport().width(), self._heights.height(row))

    def indexAt(self, point: QPoint) -> QModelIndex:
        self.executeDelayedItemsLayout()
        row = self.row_at(point.y())
        index = self.timeline.index(row) if row >= 0 else QModelIndex()
        return index if self.visualRect(index).contains(point) else QModelIndex()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        self.executeDelayedItemsLayout()
        row, height = index.row(), self.viewport().height()
        rect = self.visualRect(index)
        if rect.top() < 0 or rect.height() > height or hint == QAbstractItemView.ScrollHint.PositionAtTop:
            self.hold(row, 0)
        elif rect.bottom() >= height:
            self._heights.set(row, self.bubble(row).height)
            self.hold(row, height - self._heights.height(row))

    def hold(self, row: int, y: int) -> None:
        """Put the top of a row at a height of the viewport and keep it there."""
        self._anchor.hold(row, y + self._inset(row))
        self.doItemsLayout()

    def show_row(self, row: int) -> None:
        """Put a row where one looks first: a third down, or at the top where it is high; and keep it there."""
        self._sought = self.timeline.message(row).id
        height = self.viewport().height()
        self._heights.set(row, self.bubble(row).height)
        self.hold(row, max((height - self._heights.height(row)) // 3, 0))

    def set_ends(self, head: int, tail: int) -> None:
        """Keep room, in pixels, above the first row and beneath the last: for what stands there."""
        if self._heights.set_ends(head, tail):
            self.doItemsLayout()

    def head_rect(self) -> QRect:
        """The room above the first row, in the viewport."""
        top = _PADDING - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), self._heights.head)

    def tail_rect(self, height: int) -> QRect:
        """The room beneath the last row, in the viewport."""
        top = self._heights.end - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), height)

    def follow_end(self, *, from_unread: bool = False) -> None:
        """Go to the newest message and stay at the end; ``from_unread``: to the first unread one where not all fit."""
        self._sought = None
        self.timeline.show_latest()
        self._anchor.follow, self._may_hold_divider = True, from_unread
        self.doItemsLayout()

    def stay(self) -> None:
        """Follow the end no longer: what is there does not move when something comes beneath it."""
        self._anchor.follow = False

    def show_more(self, row: int) -> None:
        """Show more of a long message, leaving its top where it is."""
        self.bubbles.show_more(self.timeline.message(row).id)
        self._heights.distrust(row, row)
        self.hold(row, self.row_top(row))

    def set_aside(self, message_id: MessageId, aside: Aside) -> None:
        """Say something besides its reason beneath a failed message, leaving the message where it is."""
        row = self.timeline.row_of(message_id)
        if row >= 0:
            self.bubbles.set_aside(message_id, aside)
            self._heights.distrust(row, row)
            self.scheduleDelayedItemsLayout()

    def distrust(self, row: int) -> None:
        """Measure a row again: what stands above it has another height."""
        self.bubbles.distrust()
        self._heights.distrust(row, row)
        self.scheduleDelayedItemsLayout()

    @property
    def at_end(self) -> bool:
        """Whether the newest message shows."""
        return self._anchor.follow and self.timeline.at_end

    # What Qt wants to know

    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)
        self._settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._forget_widths()
        sought = self.timeline.row_of(self._sought) if self._sought is not None else -1
        if 0 <= sought < len(self._heights) == self.timeline.rowCount():
            self.show_row(sought)
        else:
            self.doItemsLayout()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if self._settling:
            self.viewport().update()
            return
        bar, height = self.verticalScrollBar(), self.viewport().height()
        self._sought = None
        self._anchor.follow, self._may_hold_divider = bar.value() >= bar.maximum(), False
        self._anchor.y += dy
        if not 0 <= self._anchor.row < len(self._heights) or not -height < self._anchor.y < 2 * height:
            self._take_anchor()
        self._settle()

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        current = self.currentIndex()
        if current.isValid() or not len(self._heights):
            return current
        return self.timeline.index(self.visible_rows()[-1])

    # Settling

    def _settle(self) -> None:
        """Measure what shows until nothing changes any more, with the end or the anchor where it belongs."""
        in_step = len(self._heights) == self.timeline.rowCount()
        if self._settling or not in_step or self.viewport().height() <= 0:
            return
        self._settling = True
        try:
            height, value = self.viewport().height(), 0
            for _ in range(_MOST_ROUNDS):
                value = self._wanted_value(height)
                if not self._measure(value, value + height):
                    break
            bar = self.verticalScrollBar()
            bar.setRange(0, max(self._heights.total - height, 0))
            bar.setEnabled(bar.maximum() > 0)
            bar.setPageStep(height)
            bar.setSingleStep(_LINE_STEP)
            bar.setValue(value)
            self._anchor.follow = self._anchor.follow or (value >= bar.maximum() and self.timeline.at_end)
            self._take_anchor()
        finally:
            self._settling = False
        self.bubbles.prune(self.visible_rows())
        self._after_settling(value, height)

    def _after_settling(self, value: int, height: int) -> None:
        self._paging.look()
        reads = not self._anchor.follow and 0 <= self._anchor.row < len(self._heights)
        self.timeline.set_reader(self.timeline.message(self._anchor.row).id if reads else None)
        if self.at_end != self._was_at_end:
            self._was_at_end = self.at_end
            self.at_end_changed.emit(self.at_end)
        self.viewport().update()
        self.settled.emit()

    def _wanted_value(self, height: int) -> int:
        most = max(self._heights.total - height, 0)
        if self._anchor.follow and self._may_hold_divider and not self.timeline.viewed:
            # Nobody is looking: what is unread starts at the top, rather than running out there.
            divider = self.timeline.divider_row
            if divider >= 0 and self._heights.top(divider) < most:
                self._anchor.hold(divider, self._inset(divider))
        if self._anchor.follow or not 0 <= self._anchor.row < len(self._heights):
            return most
        top = self._heights.top(self._anchor.row) + self._inset(self._anchor.row)
        return min(max(top - self._anchor.y, 0), most)

    def _inset(self, row: int) -> int:
        """How far beneath the top of a row its bubble begins."""
        return round(self.bubble(row).bubble_rect.top())

    def _measure(self, top: int, bottom: int) -> bool:
        if not len(self._heights):
            return False
        changed = False
        for row in range(self._heights.row_at(top), self._heights.row_at(bottom) + 1):
            if not self._heights.is_measured(row):
                changed = self._heights.set(row, self.bubble(row).height) or changed
        return changed

    def _take_anchor(self) -> None:
        value = self.verticalScrollBar().value()
        self._anchor.row = self._heights.row_at(value)
        if self._anchor.row >= 0:
            self._anchor.y = self._heights.top(self._anchor.row) - value + self._inset(self._anchor.row)

    def _estimates(self, first: int, last: int) -> list[int]:
        return self.bubbles.estimates(first, last, self.viewport().width())

    def _forget_widths(self) -> None:
        self.bubbles.clear()
        self._heights.distrust()

    def _on_theme_changed(self) -> None:
        self.bubbles.look = Look.current()
        self._forget_widths()
        self.scheduleDelayedItemsLayout()
