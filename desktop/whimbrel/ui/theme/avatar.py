"""Round avatars: a picture, or initials on the address's colour; and the mark of presence at the lower right."""

from __future__ import annotations

import weakref
from functools import cache
from math import ceil
from typing import Protocol

import shiboken6
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTextBoundaryFinder, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from whimbrel.model.contact import Availability
from whimbrel.model.jid import JID
from whimbrel.ui.theme.colors import consistent_color
from whimbrel.ui.theme.icons import paint_icon
from whimbrel.ui.theme.theme import theme

__all__ = [
    "PictureSource",
    "consistent_color",
    "initial",
    "paint_avatar",
    "paint_emblem",
    "paint_initial",
    "paint_presence",
    "presence_color",
    "repaint_with_pictures",
    "set_picture_source",
    "tell_pictures_changed",
]


class PictureSource(Protocol):
    """Has the pictures of people (``ui/avatars.py``)."""

    def find(self, jid: JID, side: int) -> QPixmap | None:
        """A disc of ``side`` device pixels; None where there is none, or not yet."""


class _Pictures(QObject):
    """Where pictures come from, and that there are others now."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._source: weakref.ref[PictureSource] | None = None

    @property
    def source(self) -> PictureSource | None:
        """As long as it lives: it belongs to a window."""
        source = self._source() if self._source is not None else None
        return source if source is not None and shiboken6.isValid(source) else None

    def set_source(self, source: PictureSource | None) -> None:
        self._source = weakref.ref(source) if source is not None else None


@cache
def _pictures() -> _Pictures:
    return _Pictures()


def set_picture_source(source: PictureSource | None) -> None:
    """Paint the pictures of this source from now on."""
    _pictures().set_source(source)


def tell_pictures_changed() -> None:
    """Some pictures are others now: whatever shows avatars is painted again."""
    _pictures().changed.emit()


def repaint_with_pictures(widget: QWidget) -> None:
    """Paint a widget that shows avatars again whenever pictures change, for as long as it lives."""
    _pictures().changed.connect(widget.update)


def initial(label: str) -> str:
    """The first letter of a name, as a person sees letters; "?" for nothing."""
    text = label.strip()
    if not text:
        return "?"
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    end = finder.toNextBoundary()
    # Qt counts in UTF-16
    first = text.encode("utf-16-le")[: 2 * end].decode("utf-16-le", "ignore")
    return (first or text[0]).upper()


def presence_color(availability: Availability) -> QColor:
    """The token of a presence."""
    tokens = theme().tokens
    return {
        Availability.ONLINE: tokens.online,
        Availability.AWAY: tokens.away,
        Availability.BUSY: tokens.busy,
        Availability.OFFLINE: tokens.offline,
    }[availability]


def paint_avatar(
    painter: QPainter, rect: QRectF, jid: JID, label: str, presence: Availability | None, ring: QColor
) -> None:
    """Paint an avatar into a square.

    Args:
        label: whose first letter is shown where there is no picture.
        presence: None paints no mark.
        ring: the colour of the surface, which parts the mark from the picture.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    picture = _find_picture(painter, rect, jid)
    if picture is not None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(rect, picture, QRectF(picture.rect()))
    else:
        paint_initial(painter, rect, jid, label)
    if presence is not None:
        radius = max(3.5, rect.height() * 0.125)
        center = QPointF(rect.right() - radius, rect.bottom() - radius)
        paint_presence(painter, center, radius, presence, ring)
    painter.restore()


def paint_emblem(painter: QPainter, rect: QRectF, icon: str) -> None:
    """Paint what stands in an avatar's place where a row is about no other person: an icon on a disc."""
    tokens = theme().tokens
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens.accent)
    painter.drawEllipse(rect)
    inset = rect.height() * 0.22
    paint_icon(painter, rect.adjusted(inset, inset, -inset, -inset), icon, tokens.on_accent)
    painter.restore()


def _find_picture(painter: QPainter, rect: QRectF, jid: JID) -> QPixmap | None:
    source = _pictures().source
    return source.find(jid.bare, ceil(rect.height() * painter.device().devicePixelRatioF())) if source else None


def paint_initial(painter: QPainter, rect: QRectF, jid: JID, label: str) -> None:
    """Paint what stands for somebody without a picture. Changes pen, brush and font of the painter."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(consistent_color(str(jid.bare)))
    painter.drawEllipse(rect)
    text_font = QFont(theme().font())
    text_font.setPixelSize(max(8, round(rect.height() * 0.42)))
    text_font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(text_font)
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, initial(label))


def paint_presence(painter: QPainter, center: QPointF, radius: float, presence: Availability, ring: QColor) -> None:
    """Paint a presence: a disc (online), a crescent (away), a disc with a bar (busy) or a ring (offline)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ring)
    painter.drawEllipse(center, radius + 2, radius + 2)
    color = presence_color(presence)
    if presence is Availability.OFFLINE:
        width = max(1.5, radius * 0.42)
        painter.setPen(QPen(color, width))
        painter.drawEllipse(center, radius - width / 2, radius - width / 2)
    else:
        painter.setBrush(color)
        painter.drawEllipse(center, radius, radius)
        painter.setBrush(ring)
        if presence is Availability.AWAY:
            painter.setClipRect(QRectF(center.x() - radius, center.y() - radius, 2 * radius, 2 * radius))
            painter.drawEllipse(center + QPointF(-radius * 0.45, -radius * 0.45), radius * 0.75, radius * 0.75)
        elif presence is Availability.BUSY:
            height = max(1.25, radius * 0.4)
            bar = QRectF(center.x() - radius * 0.55, center.y() - height / 2, radius * 1.1, height)
            painter.drawRoundedRect(bar, height / 2, height / 2)
    painter.restore()
