"""Puts the lines about the history where they belong among the messages, and moves them along."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget

from whimbrel.model.archive import Beginning, Gap
from whimbrel.ui.conversation.history_loader import HistoryLoader
from whimbrel.ui.conversation.history_mark import HistoryMark
from whimbrel.ui.conversation.history_words import beginning_words, gap_words
from whimbrel.ui.conversation.timeline_view import TimelineView
from whimbrel.ui.theme.theme import theme


class HistoryMarks(QObject):
    """The line above the oldest message, and one for each gap.

    They are widgets over the view, beside it in the accessibility tree, since assistive technology sees nothing but
    rows inside a view; the view keeps room for them.
    """

    def __init__(self, view: TimelineView, loader: HistoryLoader, stage: QWidget) -> None:
        super().__init__(stage)
        self._view = view
        self._loader = loader
        self._stage = stage
        self._placing = False
        self.beginning = self._make(None, torn=False)
        self._gaps: dict[datetime, HistoryMark] = {}
        view.bubbles.gap_height = self._gap_height
        view.settled.connect(self.place)
        loader.changed.connect(self.refresh)
        theme().changed.connect(self.refresh)

    def refresh(self) -> None:
        """Say what is true now, and put everything where it belongs."""
        for row in self._view.timeline.gap_rows():
            self._view.distrust(row)  # another text may need another height
        self._view.executeDelayedItemsLayout()
        self.place()

    def place(self) -> None:
        """Move every line to its place; fetch what has come into view."""
        if self._placing:
            return
        self._placing = True
        try:
            shown = self._place_all()
        finally:
            self._placing = False
        if self._view.isVisible():
            self._loader.show(shown)
        else:
            self._loader.show(())

    def _place_all(self) -> list[Gap | None]:
        view, model = self._view, self._view.timeline
        self._forget_filled()
        self._say_beginning()
        last = self._find_tail()
        head = self.beginning.heightForWidth(self._width) if model.at_start else 0
        tail = self._gap_height(last, self._width) if last is not None else 0
        view.set_ends(head, tail)
        places: dict[datetime, tuple[Gap, QRect]] = {}
        for row in view.visible_rows():
            if (gap := model.row(row).gap) is not None:
                rect = view.bubble(row).gap_rect.toRect().translated(0, view.row_top(row))
                places[gap.after] = (gap, rect)
        if last is not None:
            places[last.after] = (last, view.tail_rect(tail))
        shown: list[Gap | None] = [gap for gap, rect in places.values() if self._put(self._mark(gap), rect)]
        for after, mark in self._gaps.items():
            if after not in places:
                mark.hide()
        if self._put(self.beginning, view.head_rect()):
            shown.append(None)
        return shown

    def _find_tail(self) -> Gap | None:
        """The gap to be told of beneath the newest message.

        Offline there is none: that something may have come in meanwhile goes without saying. Nor in a conversation
        without a message while its beginning is said to be loading.
        """
        gap, loader = self._view.timeline.last_gap, self._loader
        if gap is None or not loader.online:
            return None
        is_empty = not self._view.timeline.rowCount()
        if is_empty and self._view.timeline.coverage.beginning is not Beginning.REACHED and loader.seems_loading(None):
            return None
        return gap

    def _put(self, mark: HistoryMark, rect: QRect) -> bool:
        """Show a line in a part of the viewport; returns whether any of it is to be seen."""
        visible = rect.height() > 0 and rect.intersects(self._view.viewport().rect())
        if visible:
            mark.setGeometry(rect.translated(self._view.viewport().mapTo(self._stage, QPoint())))
        mark.setVisible(visible)
        return visible

    @property
    def _width(self) -> int:
        return self._view.viewport().width()

    def _gap_height(self, gap: Gap, width: int) -> int:
        return self._mark(gap).heightForWidth(width)

    def _mark(self, gap: Gap) -> HistoryMark:
        """The line of a gap, with what is to be said now."""
        mark = self._gaps.get(gap.after)
        if mark is None:
            mark = self._gaps[gap.after] = self._make(gap.after, torn=True)
        loader = self._loader
        mark.say(gap_words(loading=loader.seems_loading(gap), online=loader.online, error=loader.error(gap)))
        return mark

    def _say_beginning(self) -> None:
        loader = self._loader
        words = beginning_words(
            self._view.timeline.coverage,
            loading=loader.seems_loading(None),
            online=loader.online,
            error=loader.error(None),
        )
        self.beginning.say(words)

    def _make(self, after: datetime | None, *, torn: bool) -> HistoryMark:
        mark = HistoryMark(self._stage, self._view.viewport(), torn=torn)
        mark.activated.connect(lambda: self._load(after))
        mark.focus_lost.connect(lambda: self._view.setFocus(Qt.FocusReason.OtherFocusReason))
        QWidget.setTabOrder(self._view, mark.button)
        return mark

    def _load(self, after: datetime | None) -> None:
        gaps = (gap for gap in self._view.timeline.coverage.gaps if gap.after == after)
        gap = next(gaps, None)
        if after is None or gap is not None:
            self._loader.load(gap)

    def _forget_filled(self) -> None:
        known = {gap.after for gap in self._view.timeline.coverage.gaps}
        for after in self._gaps.keys() - known:
            mark = self._gaps.pop(after)
            if mark.button.hasFocus():
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            mark.hide()
            mark.deleteLater()
