"""A row of tabs that may carry counts."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QWidget

from whimbrel.ui.theme.theme import theme
from whimbrel.ui.widgets.badge import badge_width, paint_badge


class Badge(QWidget):
    """A count that takes no room while it is 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._count = 0
        self._fit()

    def set_count(self, count: int) -> None:
        """Show a count."""
        if count != self._count:
            self._count = count
            self._fit()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(badge_width(self._count) + 0.5), theme().font().pointSize() * 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, QPointF(self.width(), self.height() / 2), self._count)
        painter.end()

    def _fit(self) -> None:
        self.setFixedSize(self.sizeHint())


class Tabs(QTabBar):
    """Tabs with a line beneath the chosen one."""

    def __init__(self, labels: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self._labels = labels
        self._badges: list[Badge] = []
        for index, label in enumerate(labels):
            self.addTab(label)
            badge = Badge(self)
            self._badges.append(badge)
            self.setTabButton(index, QTabBar.ButtonPosition.RightSide, badge)

    def set_count(self, index: int, count: int, description: str) -> None:
        """Put a count beside a label; ``description`` tells it to assistive technology."""
        self._badges[index].set_count(count)
        self.setAccessibleTabName(index, self._labels[index])
        self.setTabToolTip(index, description)
        self.setTabText(index, self._labels[index])  # makes the bar lay itself out again
