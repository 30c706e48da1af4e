"""Round avatars: initials on the address's colour, and the mark of presence at the lower right."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, QTextBoundaryFinder
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from whimbrel.model.contact import Availability
from whimbrel.model.jid import JID
from whimbrel.ui.theme.colors import consistent_color
from whimbrel.ui.theme.theme import theme

__all__ = ["consistent_color", "initial", "paint_avatar", "paint_presence", "presence_color"]


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
        label: whose first letter is shown.
        presence: None paints no mark.
        ring: the colour of the surface, which parts the mark from the picture.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(consistent_color(str(jid.bare)))
    painter.drawEllipse(rect)
    text_font = QFont(theme().font())
    text_font.setPixelSize(max(8, round(rect.height() * 0.42)))
    text_font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(text_font)
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, initial(label))
    if presence is not None:
        radius = max(3.5, rect.height() * 0.125)
        center = QPointF(rect.right() - radius, rect.bottom() - radius)
        paint_presence(painter, center, radius, presence, ring)
    painter.restore()


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
