"""The line that tells that the last run did not end: what was open comes back when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QWidget

from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.widgets.buttons import icon_button, link_button
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.widgets.margins import set_margins

_GAP = 8
_SHARE = 1.2  # of the words' width, with what is around them


class EndedBar(QFrame):
    """Goes when something was chosen.

    Args:
        reopen: opens what was open; None where nothing was.
        again: it happened several times at once, so what was open may be the cause.
    """

    report_requested = Signal()

    def __init__(self, reopen: Callable[[], None] | None, *, again: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "notice")
        self._reopen = reopen
        words = (
            self.tr("Whimbrel ended unexpectedly several times. It started without the chat that was open.")
            if again and reopen is not None
            else self.tr("Whimbrel ended unexpectedly last time.")
        )
        self.label = Label(words, wrap=True)
        self.open_button = link_button(self.tr("Open what was open"))
        self.open_button.clicked.connect(self._on_open)
        self.open_button.setVisible(reopen is not None)
        self.report_button = link_button(self.tr("Report a problem…"))
        self.report_button.clicked.connect(self.report_requested)
        self.close_button = icon_button("close", self.tr("Close notice"), size=14)
        self.close_button.clicked.connect(self.close_for_good)
        self._buttons = [self.open_button, self.report_button] if reopen is not None else [self.report_button]
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        announce(self, words)

    def close_for_good(self) -> None:
        """Put it away."""
        self.hide()
        self.deleteLater()

    def _on_open(self) -> None:
        self.close_for_good()
        if self._reopen is not None:
            self._reopen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        """One line where that has room, else words above what can be done."""
        buttons = sum(button.sizeHint().width() + _GAP for button in self._buttons)
        has_room = self.width() > _SHARE * self.fontMetrics().horizontalAdvance(self.label.text()) + buttons
        direction = QBoxLayout.Direction.LeftToRight if has_room else QBoxLayout.Direction.TopToBottom
        if self._middle.direction() is not direction:
            self._middle.setDirection(direction)

    def _lay_out(self) -> None:
        self._middle.setSpacing(_GAP)
        self._middle.addWidget(self.label, 1)
        for button in self._buttons:
            self._middle.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
        row = QHBoxLayout(self)
        set_margins(row, 16, 4, 8, 4)
        row.setSpacing(_GAP)
        row.addLayout(self._middle, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
