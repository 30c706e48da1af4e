"""What stands above the text of a reply: who said what it answers, and the start of that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QTextLayout, QTextOption

from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.conversation.parts import Slot
from whimbrel.ui.conversation.text import starts_right_to_left
from whimbrel.ui.theme.colors import consistent_color
from whimbrel.ui.theme.theme import theme

_BAR = 3.0
_PAD_X = 8.0
_PAD_Y = 4.0
_RADIUS = 4.0
_LINES = 2
_LEAST = 60.0
TINT = 20  # of 255: how much of the colour lies over the bubble


@dataclass(frozen=True, slots=True)
class QuotePart:
    """A quotation. ``address`` is whose colour it has; "" where it is not known to be anybody's words."""

    name: str
    said: str
    address: str = ""
    run: Callable[[], None] = field(default=lambda: None, compare=False)

    @property
    def slot(self) -> Slot:
        """Above the text."""
        return Slot.ABOVE

    @property
    def text(self) -> str | None:
        """The message says its own words."""
        return None

    @property
    def words(self) -> str:
        """Whom it answers, and what they said."""
        told = QCoreApplication.translate("Replying", "Reply to {name}: {text}")
        return told.replace("{name}", self.name).replace("{text}", self.said)

    def lay_out(self, look: Look, width: float, *, outgoing: bool) -> QuoteLayout:
        """Lay it out."""
        return QuoteLayout(self, look, width)


class QuoteLayout:
    """A quotation at one width: the name on a line, the words on at most two."""

    def __init__(self, part: QuotePart, look: Look, width: float) -> None:
        self._part = part
        self._look = look
        self._is_rtl = starts_right_to_left(part.said)
        room = max(width - _BAR - 2 * _PAD_X, _LEAST)
        metrics = QFontMetricsF(look.small_bold)
        self._name = metrics.elidedText(part.name, Qt.TextElideMode.ElideRight, room)
        self._lines = _break(part.said, look, room, self._is_rtl)
        small = QFontMetricsF(look.small)
        widest = max(metrics.horizontalAdvance(self._name), *(small.horizontalAdvance(line) for line in self._lines), 0)
        height = (bool(self._name) + len(self._lines)) * look.small_height + 2 * _PAD_Y
        self._size = QSizeF(min(widest + 1, room) + _BAR + 2 * _PAD_X, height)

    @property
    def size(self) -> QSizeF:
        """What it needs."""
        return self._size

    def actions(self, rect: QRectF) -> Sequence[Action]:
        """A click goes to what is quoted."""
        label = QCoreApplication.translate("Replying", "Go to the original message")
        return [Action(ActionKind.PART, label, rect=rect, run=self._part.run)]

    def paint(self, painter: QPainter, rect: QRectF, marked: Action | None) -> None:
        """A tinted field with a bar at the side where its words begin."""
        tokens, look = self._look.tokens, self._look
        color = name_color(self._part.address) if self._part.address else tokens.second_text
        tint = QColor(color)
        tint.setAlpha(2 * TINT if marked is not None and marked.rect == rect else TINT)
        field = QPainterPath()
        field.addRoundedRect(rect, _RADIUS, _RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillPath(field, tint)
        painter.setClipPath(field)
        left = rect.right() - _BAR if self._is_rtl else rect.left()
        painter.fillRect(QRectF(left, rect.top(), _BAR, rect.height()), color)
        inner = rect.adjusted(_PAD_X + _BAR, _PAD_Y, -_PAD_X, -_PAD_Y)
        if self._is_rtl:
            inner = rect.adjusted(_PAD_X, _PAD_Y, -_PAD_X - _BAR, -_PAD_Y)
        painter.setClipRect(rect)
        painter.setLayoutDirection(_direction(self._is_rtl))  # the text's own, not the interface's
        side = Qt.AlignmentFlag.AlignRight if self._is_rtl else Qt.AlignmentFlag.AlignLeft
        flags = int(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        line = QRectF(inner.left(), inner.top(), inner.width(), look.small_height)
        for text, font, pen in (
            *(((self._name, look.small_bold, color if self._part.address else tokens.text),) if self._name else ()),
            *((text, look.small, tokens.text) for text in self._lines),
        ):
            painter.setFont(font)
            painter.setPen(pen)
            painter.drawText(line, flags | int(Qt.TextFlag.TextSingleLine), text)
            line.translate(0, look.small_height)


def name_color(address: str) -> QColor:
    """The colour of a sender's name (XEP-0392), on a bubble with a contrast of at least 4.5 : 1."""
    return consistent_color(address, 70.0, 75.0) if theme().is_dark else consistent_color(address, 80.0, 38.0)


def _direction(is_rtl: bool) -> Qt.LayoutDirection:
    return Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight


def _break(text: str, look: Look, room: float, is_rtl: bool) -> list[str]:
    """A text in at most so many lines, the last one ending in … where there is more."""
    if not text:
        return []
    layout = QTextLayout(text, look.small)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(_direction(is_rtl))
    layout.setTextOption(option)
    raw = text.encode("utf-16-le", "surrogatepass")
    lines: list[str] = []
    layout.beginLayout()
    while len(lines) < _LINES and (line := layout.createLine()).isValid():
        line.setLineWidth(room)
        line.setPosition(QPointF(0, 0))
        start = 2 * line.textStart()
        end = len(raw) if len(lines) == _LINES - 1 else start + 2 * line.textLength()
        lines.append(raw[start:end].decode("utf-16-le", "replace").strip())
    layout.endLayout()
    elide = QFontMetricsF(look.small).elidedText
    return [elide(line, Qt.TextElideMode.ElideRight, room) for line in lines]
