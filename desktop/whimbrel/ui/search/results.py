"""What was found, as rows: whose conversation, when, and the place in the text with the match marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from whimbrel.core.search_marks import Span, find_marks
from whimbrel.model.jid import JID
from whimbrel.model.message import MessageId
from whimbrel.model.search import Hit, Term
from whimbrel.ui.delegates.rows import avatar_side, mirrored, paint_row_background, paint_text
from whimbrel.ui.joining import join_facts, told_of
from whimbrel.ui.theme.avatar import paint_avatar
from whimbrel.ui.theme.theme import NORMAL, SMALL, font, theme

_MARGIN = 12
_GAP = 10
_LINES = 2
_BEFORE = 36  # characters that stand before the match
_SHOWN = 220

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class ResultRole(IntEnum):
    """What the model gives beside the words for assistive technology."""

    RESULT = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Result:
    """A hit as a row shows it.

    Args:
        jid: of the conversation.
        name: of the conversation.
        speaker: who said it, where that is not clear from the name; else "".
        when: in words.
        text: one line; ``marks`` are places in it.
        matched: what is to be marked in the message itself; "" where only a file's name was found.
    """

    hit: Hit
    jid: JID
    name: str
    speaker: str
    when: str
    text: str
    marks: tuple[Span, ...]
    matched: str


def make_result(hit: Hit, terms: Sequence[Term], jid: JID, name: str, speaker: str, when: str) -> Result:
    """Cut the place of the first match out of the message."""
    body, files = hit.message.body, " · ".join(hit.files)
    spans = find_marks(body, terms)
    matched = body[slice(*spans[0])] if spans else ""
    whole = body
    if not spans and files:
        whole = files if not body.strip() or body.startswith(("http://", "https://")) else f"{files} · {body}"
        spans = find_marks(whole, terms)
    start = max(0, spans[0][0] - _BEFORE) if spans else 0
    if start:
        space = whole.find(" ", start, spans[0][0])
        start = space + 1 if space >= 0 else start
    cut = whole[start : start + _SHOWN]
    line = "".join(" " if character.isspace() else character for character in cut)
    lead = "…" if start else ""
    shift = len(lead) - start
    marks = tuple((a + shift, min(b, start + _SHOWN) + shift) for a, b in spans if a >= start and a < start + _SHOWN)
    return Result(hit, jid, name, speaker, when, lead + line, marks, matched)


class ResultsModel(QAbstractListModel):
    """Pages of results. More are asked for by ``want_more`` when the view comes to the end."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._results: list[Result] = []
        self._more = False
        self.want_more: Callable[[], None] | None = None

    def show(self, results: Sequence[Result], *, more: bool) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._results, self._more = list(results), more
        self.endResetModel()

    def append(self, results: Sequence[Result], *, more: bool) -> None:
        """Show older ones after those that are there."""
        self._more = more
        if results:
            first = len(self._results)
            self.beginInsertRows(QModelIndex(), first, first + len(results) - 1)
            self._results += results
            self.endInsertRows()

    def remove(self, message_id: MessageId) -> None:
        """A message is gone, or says something else."""
        for row in reversed(range(len(self._results))):
            if self._results[row].hit.message.id == message_id:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._results[row]
                self.endRemoveRows()

    def result(self, row: int) -> Result | None:
        """A row's result."""
        return self._results[row] if 0 <= row < len(self._results) else None

    def results(self) -> list[Result]:
        """All of them, in order."""
        return list(self._results)

    @property
    def has_more(self) -> bool:
        """Whether older ones can be asked for."""
        return self._more

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._results)

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        if self._more and self.want_more is not None:
            self._more = False  # until an answer is here
            self.want_more()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        result = self.result(index.row()) if index.isValid() else None
        if result is None:
            return None
        if role == ResultRole.RESULT:
            return result
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return told_of(join_facts((result.name, result.speaker, result.when)), result.text)
        return None


class ResultsDelegate(QStyledItemDelegate):
    """Paints a result: avatar, name and time, two lines of text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._size = QSize()
        self.measure()

    def measure(self) -> None:
        """Measure rows again: the theme's texts changed their size."""
        height = QFontMetricsF(font(NORMAL)).height() + _LINES * QFontMetricsF(font(SMALL)).lineSpacing()
        self._size = QSize(200, round(height) + 18)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self._size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        result: Result = index.data(ResultRole.RESULT)
        painter.save()
        rect: QRect = option.rect
        painter.setClipRect(rect)
        ring = paint_row_background(painter, option)
        avatar = QRect(rect.left() + _MARGIN, rect.top() + 10, avatar_side(), avatar_side())
        paint_avatar(painter, QRectF(mirrored(option, avatar)), result.jid, result.name, None, ring)
        left = avatar.right() + 1 + _GAP
        area = QRect(left, rect.top() + 8, rect.right() + 1 - _MARGIN - left, rect.height() - 16)
        self._paint_head(painter, option, result, area)
        self._paint_text(painter, option, result, area)
        painter.restore()

    def _paint_head(self, painter: QPainter, option: QStyleOptionViewItem, result: Result, area: QRect) -> None:
        tokens = theme().tokens
        name, small = font(NORMAL), font(SMALL)
        name.setWeight(QFont.Weight.Medium)
        height = round(QFontMetricsF(name).height())
        corner = round(QFontMetricsF(small).horizontalAdvance(result.when)) + 2
        painter.setFont(small)
        painter.setPen(tokens.second_text)
        paint_text(
            painter, option, QRect(area.right() + 1 - corner, area.top(), corner, height), result.when, at_end=True
        )
        painter.setFont(name)
        painter.setPen(tokens.text)
        paint_text(
            painter, option, QRect(area.left(), area.top(), max(0, area.width() - corner - 8), height), result.name
        )

    def _paint_text(self, painter: QPainter, option: QStyleOptionViewItem, result: Result, area: QRect) -> None:
        tokens = theme().tokens
        top = area.top() + round(QFontMetricsF(font(NORMAL)).height()) + 1
        text = told_of(result.speaker, result.text)
        before = len(text) - len(result.text)
        layout = QTextLayout(text, font(SMALL))
        layout.setTextOption(_wrapping(option.direction))
        layout.setFormats([marked(text, a + before, b + before, tokens.accent) for a, b in result.marks])
        layout.beginLayout()
        y = 0.0
        for _ in range(_LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(area.width())
            line.setPosition(QPointF(0, y))
            y += line.height()
        layout.endLayout()
        painter.setPen(tokens.second_text)
        layout.draw(painter, QPointF(mirrored(option, QRect(area.left(), top, area.width(), 1)).left(), top))


def _wrapping(direction: Qt.LayoutDirection) -> QTextOption:
    side = Qt.AlignmentFlag.AlignLeft if direction == Qt.LayoutDirection.LeftToRight else Qt.AlignmentFlag.AlignRight
    option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    return option


def marked(text: str, start: int, end: int, color: QColor) -> QTextLayout.FormatRange:
    """How a place in a text is shown. Qt counts in units of UTF-16: an emoji is two."""
    look = QTextCharFormat()
    look.setForeground(color)
    look.setFontWeight(QFont.Weight.DemiBold)
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = _units(text[:start]), _units(text[start:end]), look
    return found


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
