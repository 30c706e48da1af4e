"""One picture: fitted into its place, or larger, dragged and zoomed about the pointer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

GROUND = QColor("#0E1114")  # in both themes: colours of pictures are judged on dark
_STEP = 1.25
_MOST = 8.0
_NOTCH = 120.0
_ROUNDING = 1e-3


class Canvas(QWidget):
    """Paints a picture. ``scale`` is painted pixels (of the window's) to a pixel of the picture."""

    scale_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._image = QImage()
        self._scale: float | None = None  # None: as large as there is room, not larger than it is
        self._center = QPointF()  # of what is seen, in the picture's pixels
        self._dragged: QPointF | None = None

    def show_image(self, image: QImage | None, *, keep: bool = False) -> None:
        """Show another picture, fitted; None: none yet. ``keep``: it is the same one, sharper."""
        before = self._image.size()
        self._image = image or QImage()
        if keep and not before.isEmpty() and not self._image.isNull():
            self._center *= self._image.width() / before.width()
        else:
            self._scale = None
        self._hold()

    @property
    def scale(self) -> float:
        """How large it is shown."""
        return self._fitted if self._scale is None else self._scale

    @property
    def is_fitted(self) -> bool:
        """Whether all of it is seen."""
        return self._scale is None

    def fit(self) -> None:
        """Show all of it."""
        self._scale = None
        self._hold()

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Show it larger or smaller, about a point of the canvas."""
        if self._image.isNull():
            return
        about = about if about is not None else QPointF(self.rect().center())
        before = self._to_picture(about)
        least = min(self._fitted, 1.0)
        scale = min(max(self.scale * factor, least), _MOST)
        self._scale = None if scale <= self._fitted * (1 + _ROUNDING) and self._fitted <= 1 else scale
        offset = about - QPointF(self.rect().center())
        self._center = before - offset / self.scale
        self._hold()

    def pan(self, delta: QPointF) -> None:
        """Move it by so many pixels of the window."""
        self._center -= delta / self.scale
        self._hold()

    def zoom_in(self) -> None:
        """One step."""
        self.zoom(_STEP)

    def zoom_out(self) -> None:
        """One step."""
        self.zoom(1 / _STEP)

    def show_true_size(self) -> None:
        """A pixel of the picture is a pixel of the screen."""
        self.zoom(1 / (self.scale * self.devicePixelRatioF()))

    @property
    def _fitted(self) -> float:
        if self._image.isNull():
            return 1.0
        room = QSizeF(self.size())
        return min(room.width() / self._image.width(), room.height() / self._image.height(), 1.0)

    def _to_picture(self, point: QPointF) -> QPointF:
        return self._center + (point - QPointF(self.rect().center())) / self.scale

    def _hold(self) -> None:
        """Keep what is seen within the picture."""
        size, seen = QSizeF(self._image.size()), QSizeF(self.size()) / self.scale
        if self._scale is None:
            self._center = QPointF(size.width() / 2, size.height() / 2)
        else:
            self._center = QPointF(
                _within(self._center.x(), size.width(), seen.width()),
                _within(self._center.y(), size.height(), seen.height()),
            )
        can_drag = self._scale is not None
        self.setCursor(Qt.CursorShape.OpenHandCursor if can_drag else Qt.CursorShape.ArrowCursor)
        self.scale_changed.emit()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), GROUND)
        if self._image.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.scale < 2)
        size = QSizeF(self._image.size()) * self.scale
        place = QRectF(QPointF(self.rect().center()) - self._center * self.scale, size)
        painter.drawImage(place, self._image)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hold()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(_STEP ** (event.angleDelta().y() / _NOTCH), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Two fingers on a touch pad."""
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is pinch:
            self.zoom(1 + event.value(), event.position())
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._scale is not None:
            self._dragged = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self.pan(event.position() - self._dragged)
            self._dragged = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self._hold()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._scale is None:
            self.zoom(max(1.0 / self.scale, 2.0), event.position())
        else:
            self.fit()


def _within(center: float, size: float, seen: float) -> float:
    return size / 2 if seen >= size else min(max(center, seen / 2), size - seen / 2)
