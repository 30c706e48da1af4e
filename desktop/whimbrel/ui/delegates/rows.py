"""How a row about a person looks, in *Contacts* and in *Chats*: avatar, two lines, badge."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextOption
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from whimbrel.model.contact import Availability
from whimbrel.model.jid import JID
from whimbrel.ui.theme.avatar import paint_avatar
from whimbrel.ui.theme.icons import paint_icon
from whimbrel.ui.theme.theme import NORMAL, SMALL, font, theme
from whimbrel.ui.widgets.badge import badge_width, paint_badge

_AVATAR = 32
_HEIGHT = 52
_MARGIN = 12  # at both ends
_GAP = 10  # avatar to text
_LONGEST_TEXT = 300  # characters: more never fits, and measuring 100 kB takes long
_MUTED_OPACITY = 0.55


@dataclass(frozen=True, slots=True)
class RowLook:
    """What a row shows.

    Args:
        alert: something went wrong: a sign at the end of the row, before the badge.
        corner: small text at the end of the first line (a time).
        muted: nothing certain is known: the row is paler.
        indent: pixels before the avatar, beyond the margin.
        presence: None shows no mark.
    """

    jid: JID
    label: str
    second: str = ""
    presence: Availability | None = None
    badge: int = 0
    alert: bool = False
    corner: str = ""
    muted: bool = False
    indent: int = 0


def row_height() -> int:
    """The height of a row in pixels: 52, more where the texts are enlarged."""
    lines = QFontMetricsF(font(NORMAL)).height() + QFontMetricsF(font(SMALL)).height()
    return max(_HEIGHT, round(lines + 14))


def paint_row(painter: QPainter, option: QStyleOptionViewItem, look: RowLook) -> None:
    """Paint a row into ``option.rect``, mirrored where the interface runs right to left."""
    painter.save()
    rect: QRect = option.rect
    painter.setClipRect(rect)
    ring = paint_row_background(painter, option)
    avatar = QRect(rect.left() + _MARGIN + look.indent, rect.center().y() - _AVATAR // 2 + 1, _AVATAR, _AVATAR)
    if look.muted:
        painter.setOpacity(_MUTED_OPACITY)
    paint_avatar(painter, QRectF(mirrored(option, avatar)), look.jid, look.label, look.presence, ring)
    painter.setOpacity(1.0)
    left = avatar.right() + 1 + _GAP
    texts = QRect(left, rect.top(), rect.right() + 1 - _MARGIN - left, rect.height())
    _paint_texts(painter, option, look, texts)
    painter.restore()


def paint_row_background(painter: QPainter, option: QStyleOptionViewItem) -> QColor:
    """Paint selection, hover and keyboard focus of a row; returns the colour that is behind it now."""
    tokens = theme().tokens
    rect: QRect = option.rect
    state: QStyle.StateFlag = option.state
    surface = tokens.side_pane
    if state & QStyle.StateFlag.State_Selected:
        surface = tokens.selection
    elif state & QStyle.StateFlag.State_MouseOver:
        surface = tokens.hover
    if surface != tokens.side_pane:
        painter.fillRect(rect, surface)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.fillRect(mirrored(option, QRect(rect.left(), rect.top(), 3, rect.height())), tokens.accent)
    return surface


def mirrored(option: QStyleOptionViewItem, part: QRect) -> QRect:
    """A part of a row, at the other side where the interface runs right to left."""
    return QStyle.visualRect(option.direction, option.rect, part)


def paint_text(painter: QPainter, option: QStyleOptionViewItem, area: QRect, text: str, at_end: bool = False) -> None:
    """Paint one line of plain text, elided; it is aligned by the interface, its letters run as the text does."""
    metrics = QFontMetricsF(painter.font())
    shown = metrics.elidedText(" ".join(text[:_LONGEST_TEXT].split()), Qt.TextElideMode.ElideRight, area.width())
    to_left = (option.direction == Qt.LayoutDirection.LeftToRight) != at_end
    side = Qt.AlignmentFlag.AlignLeft if to_left else Qt.AlignmentFlag.AlignRight
    layout = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
    layout.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    painter.drawText(QRectF(mirrored(option, area)), shown, layout)


def _paint_texts(painter: QPainter, option: QStyleOptionViewItem, look: RowLook, area: QRect) -> None:
    tokens = theme().tokens
    name_font, small = font(NORMAL), font(SMALL)
    name_font.setWeight(QFont.Weight.DemiBold if look.badge else QFont.Weight.Medium)
    name_height = round(QFontMetricsF(name_font).height())
    small_height = round(QFontMetricsF(small).height())
    width = area.width()
    top = area.center().y() + 1 - (name_height + small_height + 2 if look.second else name_height) // 2
    middle = area.center().y() + 1
    if look.corner:  # the end of the first line is taken
        middle = top + name_height + 3 + small_height // 2
    badge = _paint_badge(painter, option, look.badge, middle)
    if look.alert:
        badge += _paint_alert(painter, option, area.right() + 1 - badge, middle)
    if look.corner:
        painter.setFont(small)
        painter.setPen(tokens.second_text)
        corner = round(QFontMetricsF(small).horizontalAdvance(look.corner)) + 2
        place = QRect(area.right() + 1 - corner, top, corner, name_height)
        paint_text(painter, option, place, look.corner, at_end=True)
        name_width, second_width = width - corner - 8, width - badge
    else:
        name_width = second_width = width - badge
    painter.setFont(name_font)
    painter.setPen(tokens.second_text if look.muted else tokens.text)
    paint_text(painter, option, QRect(area.left(), top, max(0, name_width), name_height), look.label)
    if look.second:
        painter.setFont(small)
        painter.setPen(tokens.second_text)
        line = QRect(area.left(), top + name_height + 2, max(0, second_width), small_height)
        paint_text(painter, option, line, look.second)


def _paint_alert(painter: QPainter, option: QStyleOptionViewItem, right: int, middle: int) -> int:
    """Paint the sign that something went wrong, left of ``right``; returns the width to keep free for it."""
    side = round(QFontMetricsF(font(SMALL)).height())
    place = QRect(right - side, middle - side // 2, side, side)
    paint_icon(painter, QRectF(mirrored(option, place)), "alert", theme().tokens.error)
    return side + 8


def _paint_badge(painter: QPainter, option: QStyleOptionViewItem, count: int, middle: int) -> int:
    """Paint the badge at the end of the row; returns the width to keep free for it."""
    if count <= 0:
        return 0
    rect: QRect = option.rect
    left_to_right = option.direction == Qt.LayoutDirection.LeftToRight
    width = badge_width(count)
    right = rect.right() + 1 - _MARGIN if left_to_right else rect.left() + _MARGIN + width
    paint_badge(painter, QPointF(right, middle), count)
    return round(width) + 8
