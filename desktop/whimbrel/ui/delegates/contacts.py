"""Paints the rows of the tree *Contacts*."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from whimbrel.ui.contacts.words import second_line
from whimbrel.ui.delegates.rows import RowLook, mirrored, paint_row, paint_row_background, paint_text, row_height
from whimbrel.ui.models.contacts import ContactRole, GroupLine
from whimbrel.ui.models.people import Person
from whimbrel.ui.theme.theme import SMALL, font, grown, theme

_TRIANGLE = 9  # pixels, where letters have their usual size
_INDENT = 16  # contacts beneath their group
_GROUP_HEIGHT, _COMPACT_GROUP_HEIGHT = 34, 28
_AROUND, _COMPACT_AROUND = 16, 8  # pixels beside a group's line
_TITLE_GAP = 7


class ContactsDelegate(QStyledItemDelegate):
    """Groups with a triangle and a count; contacts with avatar, presence, status and badge."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._contact_size = QSize()
        self._group_size = QSize()
        self.measure()

    def measure(self) -> None:
        """Measure rows again: the theme's texts changed their size."""
        self._contact_size = QSize(200, row_height())
        least, around = (_COMPACT_GROUP_HEIGHT, _COMPACT_AROUND) if theme().is_compact else (_GROUP_HEIGHT, _AROUND)
        self._group_size = QSize(200, max(least, round(QFontMetricsF(font(SMALL, bold=True)).height()) + around))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Qt: contacts 52 px, groups 34 px, less where rows stand close together, more with enlarged texts."""
        return self._contact_size if index.internalId() else self._group_size

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt: paint a row."""
        person = index.data(ContactRole.PERSON)
        if isinstance(person, Person):
            paint_row(painter, option, _look(person))
        else:
            _paint_group(painter, option, index.data(ContactRole.GROUP))


def _look(person: Person) -> RowLook:
    return RowLook(
        jid=person.contact.jid,
        label=person.contact.label,
        second=second_line(person),
        presence=person.presence.availability if person.known and not person.blocked else None,
        badge=person.unread,
        muted=not person.known,
        indent=_INDENT,
    )


def _paint_group(painter: QPainter, option: QStyleOptionViewItem, line: GroupLine) -> None:
    painter.save()
    rect: QRect = option.rect
    painter.setClipRect(rect)
    paint_row_background(painter, option)
    tokens = theme().tokens
    is_open = bool(option.state & QStyle.StateFlag.State_Open)
    side = grown(_TRIANGLE)
    place = QRect(rect.left() + 12, rect.center().y() - side // 2, side, side)
    _paint_triangle(painter, mirrored(option, place), option, is_open)
    title_left = 12 + side + _TITLE_GAP
    painter.setPen(tokens.second_text)
    count_width = round(QFontMetricsF(font(SMALL)).horizontalAdvance(line.tally)) + 2
    title_font = font(SMALL, bold=True)
    room = rect.width() - title_left - 12 - count_width - 6
    title_width = min(max(0, room), round(QFontMetricsF(title_font).horizontalAdvance(line.title[:300])) + 4)
    painter.setFont(title_font)
    left = rect.left() + title_left
    paint_text(painter, option, QRect(left, rect.top(), title_width, rect.height()), line.title)
    painter.setFont(font(SMALL))
    paint_text(painter, option, QRect(left + title_width + 4, rect.top(), count_width, rect.height()), line.tally)
    painter.restore()


def _paint_triangle(painter: QPainter, area: QRect, option: QStyleOptionViewItem, is_open: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().tokens.second_text)
    side, near, far = 1.0, 1 / 9, 8 / 9
    if is_open:
        points = [QPointF(0, near), QPointF(side, near), QPointF(side / 2, far)]
    elif option.direction == Qt.LayoutDirection.LeftToRight:
        points = [QPointF(near, 0), QPointF(far, side / 2), QPointF(near, side)]
    else:
        points = [QPointF(far, 0), QPointF(near, side / 2), QPointF(far, side)]
    corner = QPointF(area.topLeft())
    painter.drawPolygon(QPolygonF([corner + point * area.width() for point in points]))
