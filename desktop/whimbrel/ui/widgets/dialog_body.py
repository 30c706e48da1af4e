"""What a dialog shows between its title and its buttons: scrolls where the screen has no room for all of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLayoutItem, QScrollArea, QVBoxLayout, QWidget

from whimbrel.ui.widgets.focus_in_view import show_focus_in

_FRAME = 40  # pixels that the desktop draws around a window, above and beneath


class DialogBody(QScrollArea):
    """As high as what is in its ``column``, as far as the screen has room beside the rest of its dialog."""

    def __init__(self, dialog: QWidget) -> None:
        super().__init__(dialog)
        self._holder = QWidget()
        self._holder.setProperty("surface", "none")
        self.column = QVBoxLayout(self._holder)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._holder)
        self._holder.installEventFilter(self)
        bar = self.verticalScrollBar()
        bar.setProperty("kind", "apart")  # has room beside it, so that nothing touches it
        bar.style().unpolish(bar)
        bar.style().polish(bar)
        bar.rangeChanged.connect(self.updateGeometry)  # the bar needs room, or no longer
        show_focus_in(self)

    def hasHeightForWidth(self) -> bool:
        return self.column.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        return min(self._needed(width), self._room())

    def sizeHint(self) -> QSize:
        width = self.column.totalSizeHint().width() + self._bar_width()
        return QSize(width, min(self.column.totalSizeHint().height(), self._room()))

    def minimumSizeHint(self) -> QSize:
        width = self.column.totalMinimumSize().width() + self._bar_width()
        return QSize(width, min(self.column.totalMinimumSize().height(), self._room()))

    def room_for(self, part: QWidget) -> int:
        """The height in pixels that the screen has for a part of the column beside the others."""
        items = [item for item in map(self.column.itemAt, range(self.column.count())) if item is not None]
        others = [item for item in items if item.widget() is not part and not item.isEmpty()]
        return self._room() - _heights(others, self._inner_width()) - self.column.spacing() * len(others)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: what is shown takes another size when something unfolds, appears or goes."""
        if watched is self._holder and event.type() == QEvent.Type.LayoutRequest:
            self._settle_bar()
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._settle_bar()
        super().resizeEvent(event)

    def _settle_bar(self) -> None:
        """No bar where all fits without one: once there, it makes lines wrap that keep it there."""
        policy = Qt.ScrollBarPolicy
        fits = self._needed(self.width()) <= self.height()
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded)

    def _needed(self, width: int) -> int:
        if self.column.hasHeightForWidth():
            return self.column.totalHeightForWidth(width)
        return self.column.totalSizeHint().height()

    def _room(self) -> int:
        return max(1, self.screen().availableGeometry().height() - _FRAME - self._rest())

    def _rest(self) -> int:
        """The height of what stands above and beneath in the dialog's layout."""
        dialog = self.parentWidget()
        layout = dialog.layout() if dialog is not None else None
        if dialog is None or layout is None:
            return 0
        margins = layout.contentsMargins()
        items = [item for item in map(layout.itemAt, range(layout.count())) if item is not None]
        others = [item for item in items if item.widget() is not self and not item.isEmpty()]
        return margins.top() + margins.bottom() + _heights(others, self._inner_width()) + layout.spacing() * len(others)

    def _inner_width(self) -> int:
        dialog = self.parentWidget()
        layout = dialog.layout() if dialog is not None else None
        if dialog is None or layout is None:
            return self.width()
        margins = layout.contentsMargins()
        return max(dialog.width(), dialog.minimumWidth()) - margins.left() - margins.right()

    def _bar_width(self) -> int:
        width = max(self.width(), self.column.totalMinimumSize().width())
        return self.verticalScrollBar().sizeHint().width() if self._needed(width) > self._room() else 0


def _heights(items: list[QLayoutItem], width: int) -> int:
    return sum(item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height() for item in items)
