"""A row of tabs that may carry counts."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QWidget

from whimbrel.ui.theme.theme import theme
from whimbrel.ui.widgets.badge import badge_width, paint_badge

_APART = 20  # between tabs
_BADGE_GAP = 6
_UNDERLINE = 2
_PADDING = 18  # above and beneath the text, together


class Tabs(QTabBar):
    """Tabs of plain words with a line beneath the chosen one."""

    def __init__(self, labels: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = [0] * len(labels)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        for label in labels:
            self.addTab(label)
        theme().changed.connect(self._refresh)

    def set_count(self, index: int, count: int, description: str) -> None:
        """Put a count beside a label; ``description`` tells it where the pointer rests."""
        self._counts[index] = count
        self.setTabToolTip(index, description)
        self._refresh()

    def tabSizeHint(self, index: int) -> QSize:
        metrics = QFontMetrics(theme().font(bold=True))
        return QSize(self._content_width(index) + _APART, metrics.height() + _PADDING)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(self.count()):
            self._paint_tab(painter, index)
        painter.end()

    def _paint_tab(self, painter: QPainter, index: int) -> None:
        tokens = theme().tokens
        chosen = index == self.currentIndex()
        area = QRect(self.tabRect(index))
        left_to_right = self.layoutDirection() == Qt.LayoutDirection.LeftToRight
        area.setWidth(area.width() - _APART)
        if not left_to_right:
            area.translate(_APART, 0)
        if chosen and self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.selection)
            painter.drawRoundedRect(QRectF(area.adjusted(-4, 3, 4, -_UNDERLINE - 3)), 6, 6)
        painter.setFont(theme().font(bold=chosen))
        painter.setPen(tokens.text if chosen else tokens.second_text)
        begin = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter  # the painter mirrors it
        painter.drawText(area, int(begin), self.tabText(index))
        badge = badge_width(self._counts[index])
        right = area.right() + 1 if left_to_right else area.left() + badge
        paint_badge(painter, QPointF(right, area.center().y() + 1), self._counts[index])
        if chosen:
            painter.fillRect(QRect(area.left(), self.height() - _UNDERLINE, area.width(), _UNDERLINE), tokens.accent)

    def _content_width(self, index: int) -> int:
        badge = badge_width(self._counts[index])
        width = QFontMetrics(theme().font(bold=True)).horizontalAdvance(self.tabText(index)) + 1
        return width + (round(badge) + _BADGE_GAP if badge else 0)

    def _refresh(self) -> None:
        self.setTabText(0, self.tabText(0))  # makes the bar lay itself out again
        self.updateGeometry()
        self.update()
