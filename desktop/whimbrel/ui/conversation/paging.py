"""Reads further messages from the disk before the view gets to where its window ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from whimbrel.ui.conversation.rows_view import RowsView


class Paging(QObject):
    """Moves the window along, a turn of the event loop after it has come near one of its ends."""

    def __init__(self, view: RowsView) -> None:
        super().__init__(view)
        self._view = view
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._fetch)

    def look(self) -> None:
        """See whether it is time to."""
        if self._view.timeline.rowCount() and (self._is_near_start or self._is_near_end):
            self._timer.start()

    @property
    def _is_near_start(self) -> bool:
        view = self._view
        return view.verticalScrollBar().value() < view.viewport().height() and not view.timeline.at_start

    @property
    def _is_near_end(self) -> bool:
        view, bar = self._view, self._view.verticalScrollBar()
        return bar.maximum() - bar.value() < view.viewport().height() and not view.timeline.at_end

    def _fetch(self) -> None:
        if self._is_near_end:
            self._view.stay()
            self._view.timeline.fetch_newer()
            self._view.doItemsLayout()
        elif self._is_near_start:
            self._view.timeline.fetch_older()
