"""One picture: fitted into its place, or larger, dragged and zoomed about the pointer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

GROUND = QColor("#0E1114")  # in both themes: colours of pictures are judged on dark
_STEP = 1.25
_MOST = 8.0
_NOTCH = 120.0
_ROUNDING = 1e-3
_PAN = 80.0  # pixels of the window for a key


class Canvas(QWidget):
    """Paints a picture. ``scale`` is the window's pixels to a pixel of the picture.

    What is painted may hold fewer pixels than the picture has: ``sharper_wanted`` is emitted when that would show.
    """

    scale_changed = Signal()
    sharper_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self._image = QImage()
        self._whole = QImage()  # all pixels, once they were wanted
        self._size = QSizeF()  # of the picture, in its own pixels
        self._scale: float | None = None  # None: as large as there is room, not larger than it is
        self._center = QPointF()  # of what is seen, in the picture's pixels
        self._dragged: QPointF | None = None

    def show_image(self, image: QImage | None, size: QSize | None = None) -> None:
        """Show another picture, fitted; None: none yet. ``size``: how many pixels it really has."""
        self._image = image or QImage()
        self._whole = QImage()
        self._size = QSizeF(size if size is not None else self._image.size())
        self._scale = None
        self._dragged = None
        self._hold()

    def replace_image(self, image: QImage) -> None:
        """The next frame of the same picture: nothing moves."""
        self._image = image
        self.update()

    def add_whole(self, image: QImage) -> None:
        """All pixels of the picture: for when it is seen closely."""
        self._whole = image
        self.update()

    @property
    def image(self) -> QImage:
        """What is painted: made smaller beforehand where that is enough, which looks better than doing it now."""
        return self._image if self._whole.isNull() or self._is_enough else self._whole

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
        about = about if about is not None else QRectF(self.rect()).center()
        before = self._to_picture(about)
        scale = min(max(self.scale * factor, self._fitted), max(_MOST, self._fitted))
        self._scale = None if scale <= self._fitted * (1 + _ROUNDING) else scale
        offset = about - QRectF(self.rect()).center()
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
    def _is_enough(self) -> bool:
        """Whether the smaller picture has as many pixels as are seen."""
        painted = self.scale * self.devicePixelRatioF() * self._size.width()
        return self._image.width() >= min(painted, self._size.width()) - 1

    @property
    def _fitted(self) -> float:
        """At most a pixel of the screen for one of the picture, so that it is sharp."""
        if self._size.isEmpty():
            return 1.0
        room = QSizeF(self.size())
        most = 1 / self.devicePixelRatioF()
        return min(room.width() / self._size.width(), room.height() / self._size.height(), most)

    def _to_picture(self, point: QPointF) -> QPointF:
        return self._center + (point - QRectF(self.rect()).center()) / self.scale

    def _hold(self) -> None:
        """Keep what is seen within the picture."""
        if self._scale is not None and self._scale <= self._fitted * (1 + _ROUNDING):
            self._scale = None  # the window has grown
        size, seen = self._size, QSizeF(self.size()) / self.scale
        if self._scale is None:
            self._center = QPointF(size.width() / 2, size.height() / 2)
        else:
            self._center = QPointF(
                _within(self._center.x(), size.width(), seen.width()),
                _within(self._center.y(), size.height(), seen.height()),
            )
        self._show_cursor()
        self.scale_changed.emit()
        if not self._image.isNull() and self._whole.isNull() and not self._is_enough:
            self.sharper_wanted.emit()
        self.update()

    def _show_cursor(self) -> None:
        if self._scale is None:
            self.unsetCursor()
        elif self._dragged is None:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), GROUND)
        if not self._image.isNull():
            ratio = self.devicePixelRatioF()
            one_to_one = 1 / ratio
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.scale < 2 * one_to_one)
            place = QRectF(QRectF(self.rect()).center() - self._center * self.scale, self._size * self.scale)
            if abs(self.scale - one_to_one) < _ROUNDING:
                corner = (place.topLeft() * ratio).toPoint()  # on whole pixels of the screen: not smeared over two
                place.moveTopLeft(QPointF(corner) / ratio)
            painter.drawImage(place, self.image)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hold()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(_STEP ** (event.angleDelta().y() / _NOTCH), event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down, and with Shift all four arrows, move what is seen of an enlarged picture."""
        x, y = {
            Qt.Key.Key_Left: (1, 0),
            Qt.Key.Key_Right: (-1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }.get(Qt.Key(event.key()), (0, 0))
        if x or y:
            self.pan(QPointF(x * _PAN, y * _PAN))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Two fingers, on a touch pad or on the screen."""
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is pinch:
            self.zoom(1 + event.value(), event.position())
            return True
        if isinstance(event, QGestureEvent):
            gesture = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(gesture, QPinchGesture):
                self.zoom(gesture.scaleFactor(), QPointF(self.mapFromGlobal(gesture.centerPoint().toPoint())))
                return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._scale is not None:
            self._dragged = event.position()
            self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self.pan(event.position() - self._dragged)
            self._dragged = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A pixel for a pixel, or twice as large where it is that already; and back."""
        if self._scale is not None:
            self.fit()
        elif event.button() is Qt.MouseButton.LeftButton:
            true = 1 / self.devicePixelRatioF()
            self.zoom(max(true / self.scale, 2.0), event.position())


def _within(center: float, size: float, seen: float) -> float:
    return size / 2 if seen >= size else min(max(center, seen / 2), size - seen / 2)
