"""The round count of unread messages."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from whimbrel.ui.theme.theme import SMALL, grown, theme

_MOST = 999
_DOT = 12  # where letters have their usual size


def badge_text(count: int) -> str:
    """A count, short: 999+ beyond that."""
    return f"{_MOST}+" if count > _MOST else str(count)


def badge_width(count: int) -> float:
    """How wide the badge of a count is, in pixels; 0 for none."""
    if count <= 0:
        return 0.0
    metrics = QFontMetricsF(theme().font(SMALL, bold=True))
    return max(_height(metrics), metrics.horizontalAdvance(badge_text(count)) + 10)


def dot_width() -> float:
    """How wide the dot is that stands for a badge without a count, in pixels."""
    return float(grown(_DOT))


def paint_dot(painter: QPainter, right_center: QPointF, *, quiet: bool = False) -> None:
    """Paint a dot that ends at ``right_center``."""
    tokens = theme().tokens
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens.second_text if quiet else tokens.accent)
    radius = dot_width() / 2
    painter.drawEllipse(QPointF(right_center.x() - radius, right_center.y()), radius, radius)
    painter.restore()


def paint_badge(painter: QPainter, right_center: QPointF, count: int, *, quiet: bool = False) -> float:
    """Paint a badge that ends at ``right_center``; returns its width, 0 where there is nothing to count.

    Args:
        quiet: it is grey: nothing was told of what it counts.
    """
    width = badge_width(count)
    if not width:
        return 0.0
    tokens = theme().tokens
    badge_font = theme().font(SMALL, bold=True)
    height = _height(QFontMetricsF(badge_font))
    rect = QRectF(right_center.x() - width, right_center.y() - height / 2, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens.second_text if quiet else tokens.accent)
    painter.drawRoundedRect(rect, height / 2, height / 2)
    painter.setPen(tokens.side_pane if quiet else tokens.on_accent)
    painter.setFont(badge_font)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, badge_text(count))
    painter.restore()
    return width


def _height(metrics: QFontMetricsF) -> float:
    return metrics.height() + 2
