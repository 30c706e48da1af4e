"""The round buttons at both sides of a picture that go to the one beside it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from whimbrel.ui.theme.growth import keep_size
from whimbrel.ui.theme.icons import paint_icon
from whimbrel.ui.theme.theme import grown

_SIDE = 44  # large enough for a finger
_ICON = 24
_SHADE = QColor(0, 0, 0, 140)
_SHADE_UNDER_MOUSE = QColor(0, 0, 0, 200)
_ON_SHADE = QColor(255, 255, 255)


class EdgeButton(QAbstractButton):
    """Stands over the picture, so that the pointer need not look for it."""

    def __init__(self, icon: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        keep_size(self, _SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(_ON_SHADE, 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(_SHADE_UNDER_MOUSE if self.underMouse() or self.isDown() else _SHADE)
        painter.drawEllipse(circle)
        place = QRectF(0, 0, grown(_ICON), grown(_ICON))
        place.moveCenter(circle.center())
        paint_icon(painter, place, self._icon, _ON_SHADE)
