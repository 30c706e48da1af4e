"""Icons from ``resources/icons``: one set, recoloured, sharp at every scale."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap

from whimbrel.platform import resources
from whimbrel.ui.theme.theme import theme

if TYPE_CHECKING:
    from PySide6.QtSvg import QSvgRenderer


_SMALL = 40  # pixels
_DIRECTED = frozenset({"back", "reply"})  # point against the way that lines run, whichever that is


@lru_cache(maxsize=256)
def _renderer(name: str, color: str) -> QSvgRenderer:
    from PySide6.QtSvg import QSvgRenderer  # not needed before the first icon is painted

    data = resources.read_bytes(f"icons/{name}.svg").replace(b"currentColor", color.encode())
    return QSvgRenderer(QByteArray(data))


class _Engine(QIconEngine):
    """Paints the SVG at the size and scale asked for."""

    def __init__(self, name: str, color: QColor | None) -> None:
        super().__init__()
        self._name = name
        self._color = color

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint_icon(painter, QRectF(rect), self._name, self._current(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_icon(painter, QRectF(QRect(QPoint(0, 0), size)), self._name, self._current(mode))
        painter.end()
        return pixmap

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        pixmap = self.pixmap((size.toSizeF() * scale).toSize(), mode, state)  # since Qt 6.8 the size is logical
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._color)

    def _current(self, mode: QIcon.Mode) -> QColor:
        tokens = theme().tokens
        if mode == QIcon.Mode.Disabled:
            return tokens.offline
        return self._color if self._color is not None else tokens.second_text


def icon(name: str, color: QColor | None = None) -> QIcon:
    """An icon by its file's stem. Without a colour it takes the theme's second text colour, also after a switch."""
    resources.path(f"icons/{name}.svg")
    return QIcon(_Engine(name, color))


def chevron(unfolded: bool, direction: Qt.LayoutDirection) -> str:
    """The name of the icon that stands before what can be unfolded: it points where lines run, or down."""
    if unfolded:
        return "chevron-down"
    return "chevron-left" if direction is Qt.LayoutDirection.RightToLeft else "chevron-right"


def paint_icon(painter: QPainter, rect: QRectF, name: str, color: QColor) -> None:
    """Paint an icon straight into a rectangle (in a delegate)."""
    scale = painter.device().devicePixelRatio()
    if rect.width() > _SMALL:
        _render(painter, rect, name, color.name())
        return
    width, height = round(rect.width() * scale), round(rect.height() * scale)
    pixmap = _pixmap(name, color.name(), width, height, scale, _is_turned(name))
    painter.drawPixmap(QPointF(round(rect.left() * scale) / scale, round(rect.top() * scale) / scale), pixmap)


@lru_cache(maxsize=256)
def _pixmap(name: str, color: str, width: int, height: int, scale: float, turned: bool) -> QPixmap:
    """A small icon in pixels of the screen: most are painted again with every frame. Kept apart while ``turned``."""
    pixmap = QPixmap(width, height)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    _render(painter, QRectF(0, 0, width, height), name, color)
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def _is_turned(name: str) -> bool:
    return name in _DIRECTED and QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft


def _render(painter: QPainter, rect: QRectF, name: str, color: str) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if _is_turned(name):
        painter.translate(2 * rect.center().x(), 0)
        painter.scale(-1, 1)
    _renderer(name, color).render(painter, rect)
    painter.restore()


def logo() -> QIcon:
    """The program's own icon, in its own colours."""
    return QIcon(_Engine("whimbrel", QColor("#0B7A75")))
