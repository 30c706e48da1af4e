"""Painting one row of a timeline, from its layout."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTextCharFormat, QTextLayout

from whimbrel.model.message import DeliveryState
from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.bubble import PILL_X, PILL_Y, BubbleLayout
from whimbrel.ui.conversation.failure import text_flags
from whimbrel.ui.conversation.look import META_GAP, RADIUS, TAIL
from whimbrel.ui.conversation.message_text import CODE_PAD, QUOTE_STEP, format_range
from whimbrel.ui.theme.icons import paint_icon

_BAR = 3.0  # the width of a quote's bar
_LIGHT = 0.16
_SELECTED = 0.3
_PILL = QColor(0, 0, 0, 150)
_ON_PILL = QColor(255, 255, 255)
_READ_ON_PILL = QColor("#6FE3DA")
_ERROR_ON_PILL = QColor("#FF9C93")
_LIGHT_EDGE = 4  # pixels above and beneath the bubble

_AT_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
"""Places are absolute: a right-to-left interface must not turn them round once more."""


def paint_row(
    painter: QPainter,
    bubble: BubbleLayout,
    clip: QRectF,
    *,
    selected: tuple[int, int] | None,
    found: Sequence[tuple[int, int]] = (),
    marked: Action | None,
    focused: bool,
) -> None:
    """Paint a row at the painter's origin.

    Args:
        clip: the part that shows, in the row's pixels.
        selected: the selected part of the text, as Qt counts.
        found: what was looked for, as above.
        marked: the action under the pointer or the keyboard, underlined.
        focused: whether the keyboard stands on this row.
    """
    _paint_headings(painter, bubble)
    _paint_bubble(painter, bubble, focused)
    for part in bubble.parts:
        painter.save()
        part.layout.paint(painter, part.rect, marked)
        painter.restore()
    _paint_text(painter, bubble, clip, _highlights(bubble, selected, found, marked))
    _paint_meta(painter, bubble)
    _paint_buttons(painter, bubble, marked)


def paint_light(painter: QPainter, bubble: BubbleLayout, strength: float) -> None:
    """Light a row from edge to edge, with ``strength`` 0 to 1."""
    if strength > 0:
        rect = bubble.bubble_rect
        band = QRectF(0, rect.top() - _LIGHT_EDGE, bubble.width, bubble.height - rect.top() + 2 * _LIGHT_EDGE)
        painter.fillRect(band, _faint(bubble.look.tokens.accent, _LIGHT * strength))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_faint(bubble.look.tokens.accent, strength), 2))
        painter.drawRoundedRect(rect.adjusted(-2, -2, 2, 2), RADIUS, RADIUS)


def _paint_headings(painter: QPainter, bubble: BubbleLayout) -> None:
    tokens, look = bubble.look.tokens, bubble.look
    painter.setFont(look.small)
    if bubble.day:
        painter.setPen(tokens.second_text)
        painter.drawText(bubble.day_rect, Qt.AlignmentFlag.AlignCenter, bubble.day)
    if bubble.unread:
        rect = bubble.unread_rect
        painter.setPen(tokens.accent)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, bubble.unread)
        half = painter.fontMetrics().horizontalAdvance(bubble.unread) / 2 + META_GAP
        painter.setPen(QPen(_faint(tokens.accent, 0.6), 1))
        y = round(rect.center().y()) + 0.5
        at_left, at_right = look.margins
        painter.drawLine(QPointF(rect.left() + at_left, y), QPointF(rect.center().x() - half, y))
        painter.drawLine(QPointF(rect.center().x() + half, y), QPointF(rect.right() - at_right, y))


def _paint_bubble(painter: QPainter, bubble: BubbleLayout, focused: bool) -> None:
    tokens = bubble.look.tokens
    painter.setPen(QPen(tokens.line, 1) if bubble.look.outlined else Qt.PenStyle.NoPen)
    painter.setBrush(tokens.bubble_out if bubble.is_outgoing else tokens.bubble_in)
    rect = bubble.bubble_rect
    top = RADIUS if bubble.row.starts_group else TAIL
    if bubble.outline is None:
        # The sender's side is tight: the last corner of a group is its tail.
        corners = (RADIUS, top, TAIL, RADIUS) if bubble.is_at_right else (top, RADIUS, RADIUS, TAIL)
        bubble.outline = _rounded(rect, *corners)
    painter.drawPath(bubble.outline)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tokens.focus, 2))
        painter.drawRoundedRect(rect.adjusted(-2, -2, 2, 2), RADIUS, RADIUS)


def _rounded(rect: QRectF, top_left: int, top_right: int, bottom_right: int, bottom_left: int) -> QPainterPath:
    path = QPainterPath()
    path.moveTo(rect.left() + top_left, rect.top())
    path.lineTo(rect.right() - top_right, rect.top())
    path.arcTo(QRectF(rect.right() - 2 * top_right, rect.top(), 2 * top_right, 2 * top_right), 90, -90)
    path.lineTo(rect.right(), rect.bottom() - bottom_right)
    size = 2 * bottom_right
    path.arcTo(QRectF(rect.right() - size, rect.bottom() - size, size, size), 0, -90)
    path.lineTo(rect.left() + bottom_left, rect.bottom())
    size = 2 * bottom_left
    path.arcTo(QRectF(rect.left(), rect.bottom() - size, size, size), 270, -90)
    path.lineTo(rect.left(), rect.top() + top_left)
    path.arcTo(QRectF(rect.left(), rect.top(), 2 * top_left, 2 * top_left), 180, -90)
    path.closeSubpath()
    return path


def _highlights(
    bubble: BubbleLayout, selected: tuple[int, int] | None, found: Sequence[tuple[int, int]], marked: Action | None
) -> list[QTextLayout.FormatRange]:
    tokens = bubble.look.tokens
    formats = []
    if found:
        looked_for = QTextCharFormat()
        looked_for.setBackground(_faint(tokens.away, 0.45))
        formats += [format_range(*place, looked_for) for place in found]
    if marked is not None and marked.kind is ActionKind.LINK:
        underline = QTextCharFormat()
        underline.setForeground(tokens.link)
        underline.setFontUnderline(True)
        formats.append(format_range(marked.start, marked.end, underline))
    if selected is not None:
        highlight = QTextCharFormat()
        highlight.setBackground(_faint(tokens.accent, _SELECTED))
        formats.append(format_range(*selected, highlight))
    return formats


def _faint(color: QColor, alpha: float) -> QColor:
    result = QColor(color)
    result.setAlphaF(alpha)
    return result


def _paint_text(painter: QPainter, bubble: BubbleLayout, clip: QRectF, formats: list[QTextLayout.FormatRange]) -> None:
    tokens = bubble.look.tokens
    painter.setPen(tokens.second_text if bubble.row.message.retracted else tokens.text)
    painter.save()
    painter.setClipRect(bubble.bubble_rect, Qt.ClipOperation.IntersectClip)  # heaps of accents stay inside
    _paint_ornaments(painter, bubble, clip)
    bubble.layout.draw(painter, bubble.text_origin, formats, clip)
    painter.restore()


def _paint_ornaments(painter: QPainter, bubble: BubbleLayout, clip: QRectF) -> None:
    """The bars of quotes and the grounds of code that show, on the side where the text begins."""
    words, area, tokens = bubble.words, bubble.text_rect, bubble.look.tokens
    above, below = clip.top() - area.top(), clip.bottom() - area.top()
    shown = [one for one in words.ornaments if one.bottom >= above and one.top <= below]
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    for one in sorted(shown, key=lambda one: not one.is_code):
        top, height = area.top() + one.top, one.bottom - one.top
        if one.is_code:
            indent = one.depth * QUOTE_STEP
            left = area.left() if words.is_rtl else area.left() + indent
            painter.setBrush(bubble.look.code_ground)
            painter.drawRoundedRect(QRectF(left, top, area.width() - indent, height), CODE_PAD / 2, CODE_PAD / 2)
        else:
            indent = (one.depth - 1) * QUOTE_STEP
            left = area.right() - indent - _BAR if words.is_rtl else area.left() + indent
            painter.setBrush(_faint(tokens.accent, 0.8))
            painter.drawRoundedRect(QRectF(left, top + 1, _BAR, height - 2), _BAR / 2, _BAR / 2)
    painter.restore()


def _paint_meta(painter: QPainter, bubble: BubbleLayout) -> None:
    tokens = bubble.look.tokens
    failed = bubble.row.message.state is DeliveryState.FAILED
    rect = bubble.meta_rect
    on_picture = bubble.is_time_on_picture
    plain = _ON_PILL if on_picture else tokens.second_text
    if on_picture:
        pill = rect.adjusted(-PILL_X, -PILL_Y, PILL_X, PILL_Y)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PILL)
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    painter.setFont(bubble.look.small)
    painter.setPen(plain)
    painter.drawText(rect, _AT_LEFT, bubble.time)
    if bubble.icon:
        side = bubble.look.icon
        box = QRectF(rect.right() - side, rect.center().y() - side / 2, side, side)
        color = plain
        if failed:
            color = _ERROR_ON_PILL if on_picture else tokens.error
        elif bubble.row.message.state is DeliveryState.READ:
            color = _READ_ON_PILL if on_picture else tokens.accent
        paint_icon(painter, box, bubble.icon, color)


def _paint_buttons(painter: QPainter, bubble: BubbleLayout, marked: Action | None) -> None:
    tokens, look = bubble.look.tokens, bubble.look
    painter.setFont(look.small)
    for line in bubble.failure.lines:
        painter.setPen(tokens.error if line.is_error else tokens.second_text)
        painter.drawText(line.rect, text_flags(look), line.text)
    for action in bubble.actions:
        if action.rect is None or action.kind is ActionKind.PART:
            continue
        button_font = look.small_bold
        if action == marked:
            button_font = type(look.small_bold)(look.small_bold)
            button_font.setUnderline(True)
        painter.setFont(button_font)
        painter.setPen(tokens.accent)
        painter.drawText(action.rect.adjusted(0, 0, 4, 0), _AT_LEFT, action.label)
