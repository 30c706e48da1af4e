"""Choosing a part of a picture: a round window over it, which is moved by dragging or arrows and zoomed."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from whimbrel.ui.theme.theme import theme

SIDE = 280  # pixels
MOST_ZOOM = 400  # per cent of the size at which the picture just fills the window
LEAST_ZOOM = 100
_WHEEL_STEP = 10
_KEY_STEP = 8  # pixels
_SHADE = QColor(0, 0, 0, 150)


class CropView(QWidget):
    """Shows a picture; what is within the circle is chosen. ``zoom_changed`` carries per cent."""

    zoom_changed = Signal(int)

    def __init__(self, image: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = image
        self._zoom = LEAST_ZOOM
        self._center = QPointF(image.width() / 2, image.height() / 2)  # in pixels of the picture
        self._dragged_from: QPointF | None = None
        self.setFixedSize(QSize(SIDE, SIDE))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(self.tr("Picture"))
        self.setAccessibleDescription(self.tr("Arrow keys move the picture, plus and minus zoom"))

    @property
    def part(self) -> QRect:
        """The square that is chosen, in pixels of the picture; never beyond it."""
        side = max(1, min(round(SIDE / self._scale), self._image.width(), self._image.height()))
        left = round(self._center.x() - side / 2)
        top = round(self._center.y() - side / 2)
        left = min(max(left, 0), self._image.width() - side)
        return QRect(left, min(max(top, 0), self._image.height() - side), side, side)

    def set_zoom(self, percent: int) -> None:
        """Zoom about the middle."""
        zoom = min(max(percent, LEAST_ZOOM), MOST_ZOOM)
        if zoom != self._zoom:
            self._zoom = zoom
            self._move(QPointF())
            self.zoom_changed.emit(zoom)

    @property
    def _scale(self) -> float:
        """Pixels of the screen for one of the picture."""
        return SIDE / min(self._image.width(), self._image.height()) * self._zoom / 100

    def _move(self, offset: QPointF) -> None:
        """Move the picture by pixels of the screen, as far as it still fills the window."""
        half = SIDE / self._scale / 2
        center = self._center - offset / self._scale
        self._center = QPointF(
            min(max(center.x(), half), self._image.width() - half),
            min(max(center.y(), half), self._image.height() - half),
        )
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the picture, shaded outside of the circle."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        side = SIDE / self._scale
        source = QRectF(self._center.x() - side / 2, self._center.y() - side / 2, side, side)
        whole = QRectF(self.rect())
        painter.fillRect(whole, theme().tokens.side_pane)
        painter.drawImage(whole, self._image, source)
        outside = QPainterPath()
        outside.addRect(whole)
        outside.addEllipse(whole.adjusted(1, 1, -1, -1))
        painter.fillPath(outside, _SHADE)
        color = theme().tokens.focus if self.hasFocus() else QColor("#FFFFFF")
        painter.setPen(QPen(color, 2))
        painter.drawEllipse(whole.adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: take hold."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: drag."""
        if self._dragged_from is not None:
            self._move(event.position() - self._dragged_from)
            self._dragged_from = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: let go."""
        self._dragged_from = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: zoom."""
        self.set_zoom(self._zoom + round(event.angleDelta().y() / 120 * _WHEEL_STEP))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: arrows move the picture, plus and minus zoom."""
        offsets = {
            Qt.Key.Key_Left: QPointF(_KEY_STEP, 0),
            Qt.Key.Key_Right: QPointF(-_KEY_STEP, 0),
            Qt.Key.Key_Up: QPointF(0, _KEY_STEP),
            Qt.Key.Key_Down: QPointF(0, -_KEY_STEP),
        }
        key = Qt.Key(event.key())
        if key in offsets:
            self._move(offsets[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.set_zoom(self._zoom + _WHEEL_STEP)
        elif key == Qt.Key.Key_Minus:
            self.set_zoom(self._zoom - _WHEEL_STEP)
        else:
            super().keyPressEvent(event)
