"""The round button at the lower end of a timeline that goes to the newest message."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from whimbrel.ui.theme.icons import paint_icon
from whimbrel.ui.theme.theme import grown, theme
from whimbrel.ui.widgets.badge import badge_width, paint_badge

_SIZE = 40
_MARGIN = 16
_BADGE_ROOM = 10
_ICON = 20


class JumpButton(QAbstractButton):
    """Hidden at the end; counts what has come in since one left it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._count = 0
        self.setAccessibleName(self.tr("Jump to latest"))
        self.setToolTip(self.tr("Jump to latest"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme().changed.connect(self._fit)
        self._fit()
        self.hide()

    @property
    def count(self) -> int:
        """How many messages came in since the end was left."""
        return self._count

    def set_at_end(self, at_end: bool) -> None:
        """Hide at the end, show elsewhere."""
        if at_end:
            self._set_count(0)
        self.setVisible(not at_end)
        self.raise_()

    def add(self, count: int) -> None:
        """Count newly arrived messages."""
        self._set_count(self._count + count)

    def place(self, area: QRect) -> None:
        """Stand at the lower end of an area of the parent, on the side where lines end."""
        beside = _MARGIN - grown(_BADGE_ROOM)
        left = area.left() + beside if self.isRightToLeft() else area.right() - self.width() - beside
        self.move(left, area.bottom() - self.height() - _MARGIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room, size = grown(_BADGE_ROOM), grown(_SIZE)
        circle = QRectF(room + 0.5, room + 0.5, size - 1, size - 1)
        painter.setPen(QPen(tokens.focus if self.hasFocus() else tokens.line, 2 if self.hasFocus() else 1))
        painter.setBrush(tokens.side_pane if self.underMouse() else tokens.background)
        painter.drawEllipse(circle)
        icon = QRectF(0, 0, grown(_ICON), grown(_ICON))
        icon.moveCenter(circle.center())
        paint_icon(painter, icon, "arrow-down", tokens.second_text)
        if self._count:
            half = badge_width(self._count) / 2
            paint_badge(painter, QPointF(circle.center().x() + half, circle.top() + 1), self._count)

    def _fit(self) -> None:
        room, size = grown(_BADGE_ROOM), grown(_SIZE)
        self.resize(size + 2 * room, size + room)

    def _set_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleDescription(self.tr("%n new", "", count) if count else "")
        self.update()
