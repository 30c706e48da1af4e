"""How a row about a person looks, in *Contacts* and in *Chats*: avatar, two lines, badge."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextOption
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from whimbrel.model.contact import Availability
from whimbrel.model.jid import JID
from whimbrel.ui.theme.avatar import paint_avatar, paint_emblem
from whimbrel.ui.theme.icons import chevron, paint_icon
from whimbrel.ui.theme.theme import NORMAL, SMALL, font, grown, theme
from whimbrel.ui.widgets.badge import badge_width, dot_width, paint_badge, paint_dot

_AVATAR = 32  # pixels, where letters have their usual size
_ENTRY_ICON, _ENTRY_ARROW = 20, 16
_HEIGHT, _COMPACT_HEIGHT = 52, 40
_AROUND, _COMPACT_AROUND = 14, 6  # pixels beside the two lines
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
        lead: stands before the second line, in the colour of what is left to do ("Draft:").
        lively: the second line tells what happens just now ("typing…").
        marked: a dot where the badge would be.
        quiet: nothing is told of it: a sign behind the label, and the badge is grey.
        pinned: a sign where the badge would be.
        emblem: the icon in the avatar's place, where the row is about no other person.
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
    lead: str = ""
    lively: bool = False
    marked: bool = False
    quiet: bool = False
    pinned: bool = False
    emblem: str = ""


def row_height() -> int:
    """The height of a row in pixels: 52 (compact: 40), more where the texts are enlarged."""
    lines = QFontMetricsF(font(NORMAL)).height() + QFontMetricsF(font(SMALL)).height()
    if theme().is_compact:
        return max(_COMPACT_HEIGHT, round(lines + _COMPACT_AROUND))
    return max(_HEIGHT, round(lines + _AROUND))


def avatar_side() -> int:
    """How wide and high the avatar of a row is, in pixels: 32, more where the texts are enlarged."""
    return grown(_AVATAR)


def paint_row(painter: QPainter, option: QStyleOptionViewItem, look: RowLook) -> None:
    """Paint a row into ``option.rect``, mirrored where the interface runs right to left."""
    painter.save()
    rect: QRect = option.rect
    painter.setClipRect(rect)
    ring = paint_row_background(painter, option)
    side = avatar_side()
    avatar = QRect(rect.left() + _MARGIN + look.indent, rect.center().y() - side // 2 + 1, side, side)
    if look.muted:
        painter.setOpacity(_MUTED_OPACITY)
    if look.emblem:
        paint_emblem(painter, QRectF(mirrored(option, avatar)), look.emblem)
    else:
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
    if theme().is_contrasting and state & QStyle.StateFlag.State_Selected:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tokens.accent, 1))
        painter.drawRect(rect.adjusted(0, 0, -1, -1))
    if state & QStyle.StateFlag.State_HasFocus:
        painter.fillRect(mirrored(option, QRect(rect.left(), rect.top(), 3, rect.height())), tokens.focus)
        if theme().is_contrasting:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.focus, 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
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
    name_font.setWeight(QFont.Weight.DemiBold if look.badge or look.marked else QFont.Weight.Medium)
    name_height = round(QFontMetricsF(name_font).height())
    small_height = round(QFontMetricsF(small).height())
    width = area.width()
    top = area.center().y() + 1 - (name_height + small_height + 2 if look.second else name_height) // 2
    middle = area.center().y() + 1
    if look.corner:  # the end of the first line is taken
        middle = top + name_height + 3 + small_height // 2
    badge = _paint_end(painter, option, look, middle)
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
    if look.quiet:
        name_width = _paint_quiet(painter, option, look, QRect(area.left(), top, name_width, name_height))
    paint_text(painter, option, QRect(area.left(), top, max(0, name_width), name_height), look.label)
    if look.second:
        painter.setFont(small)
        _paint_second(
            painter, option, look, QRect(area.left(), top + name_height + 2, max(0, second_width), small_height)
        )


def _paint_second(painter: QPainter, option: QStyleOptionViewItem, look: RowLook, line: QRect) -> None:
    tokens = theme().tokens
    if look.lead:
        painter.setPen(tokens.error_text)
        width = min(line.width(), round(QFontMetricsF(painter.font()).horizontalAdvance(look.lead)) + 2)
        paint_text(painter, option, QRect(line.left(), line.top(), width, line.height()), look.lead)
        line = line.adjusted(min(width + 3, line.width()), 0, 0, 0)
    painter.setPen(tokens.accent if look.lively else tokens.second_text)
    paint_text(painter, option, line, look.second)


def _paint_quiet(painter: QPainter, option: QStyleOptionViewItem, look: RowLook, area: QRect) -> int:
    """Paint the sign that nothing is told, behind the label; returns the width that is left for that."""
    side = round(QFontMetricsF(font(SMALL)).height()) - 2
    label = " ".join(look.label[:_LONGEST_TEXT].split())
    width = min(area.width() - side - 6, round(QFontMetricsF(painter.font()).horizontalAdvance(label)) + 2)
    place = QRect(area.left() + width + 4, area.center().y() - side // 2 + 1, side, side)
    paint_icon(painter, QRectF(mirrored(option, place)), "bell-off", theme().tokens.second_text)
    return width


def _paint_alert(painter: QPainter, option: QStyleOptionViewItem, right: int, middle: int) -> int:
    """Paint the sign that something went wrong, left of ``right``; returns the width to keep free for it."""
    side = round(QFontMetricsF(font(SMALL)).height())
    place = QRect(right - side, middle - side // 2, side, side)
    paint_icon(painter, QRectF(mirrored(option, place)), "alert", theme().tokens.error)
    return side + 8


def _paint_end(painter: QPainter, option: QStyleOptionViewItem, look: RowLook, middle: int) -> int:
    """Paint the badge at the end of the row, or what stands in its place; returns the width to keep free for it."""
    if look.badge > 0:
        return _paint_badge(painter, option, look.badge, middle, look.quiet)
    rect: QRect = option.rect
    right = rect.right() + 1 - _MARGIN
    if look.marked:
        width = round(dot_width())
        dot = mirrored(option, QRect(right - width, middle, width, 1))
        paint_dot(painter, QPointF(dot.left() + width, middle), quiet=look.quiet)
        return width + 8
    if look.pinned:
        side = round(QFontMetricsF(font(SMALL)).height())
        place = QRect(right - side, middle - side // 2, side, side)
        paint_icon(painter, QRectF(mirrored(option, place)), "pin", theme().tokens.second_text)
        return side + 8
    return 0


def paint_entry_row(
    painter: QPainter, option: QStyleOptionViewItem, icon: str, label: str, count: int, unread: int, *, unfolded: bool
) -> None:
    """Paint a row that leads to others: an icon in the place of the avatar, a name, how many there are, an arrow.

    Args:
        unread: what waits in them to be read: a grey badge in the place of their number.
    """
    painter.save()
    rect: QRect = option.rect
    painter.setClipRect(rect)
    paint_row_background(painter, option)
    tokens = theme().tokens
    side, arrow = grown(_ENTRY_ICON), grown(_ENTRY_ARROW)
    left = rect.left() + _MARGIN + (avatar_side() - side) // 2
    place = QRect(left, rect.center().y() - side // 2 + 1, side, side)
    paint_icon(painter, QRectF(mirrored(option, place)), icon, tokens.second_text)
    right = rect.right() + 1 - _MARGIN
    place = QRect(right - arrow, rect.center().y() - arrow // 2 + 1, arrow, arrow)
    turned = chevron(unfolded, option.direction)
    paint_icon(painter, QRectF(mirrored(option, place)), turned, tokens.second_text)
    painter.setFont(font(SMALL))
    painter.setPen(tokens.second_text)
    width = round(badge_width(unread) if unread else QFontMetricsF(font(SMALL)).horizontalAdvance(str(count))) + 4
    text = QRect(right - arrow - 6 - width, rect.top(), width, rect.height())
    if unread:
        badge = mirrored(option, text)
        paint_badge(painter, QPointF(badge.right() + 1, rect.center().y() + 1), unread, quiet=True)
    else:
        paint_text(painter, option, text, str(count), at_end=True)
    painter.setFont(font(NORMAL))
    start = rect.left() + _MARGIN + avatar_side() + _GAP
    paint_text(painter, option, QRect(start, rect.top(), max(0, text.left() - 8 - start), rect.height()), label)
    painter.restore()


def _paint_badge(painter: QPainter, option: QStyleOptionViewItem, count: int, middle: int, quiet: bool) -> int:
    rect: QRect = option.rect
    left_to_right = option.direction == Qt.LayoutDirection.LeftToRight
    width = badge_width(count)
    right = rect.right() + 1 - _MARGIN if left_to_right else rect.left() + _MARGIN + width
    paint_badge(painter, QPointF(right, middle), count, quiet=quiet)
    return round(width) + 8
