"""A message's text, laid out for one width: its lines, its links, and what its styling puts around it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.emoji import is_only_emoji
from whimbrel.ui.conversation.links import find_links
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.conversation.styling import FENCE, LineKind, Style, StyledLine, Styling, parse_styling
from whimbrel.ui.conversation.text import starts_right_to_left, utf16_length, wrap_mode

QUOTE_STEP = 12.0  # pixels that each quote moves its text in
CODE_PAD = 8.0  # between a block of code and its edge
_FENCE_HEIGHT = 6.0


@dataclass(slots=True)
class Ornament:
    """What is painted behind lines that follow each other: a quote's bar (``depth`` from 1), or a code's ground."""

    top: float
    bottom: float
    depth: int
    is_code: bool


class MessageText:
    """All places are in pixels from the upper left of the text."""

    def __init__(
        self,
        text: str,
        width: float,
        look: Look,
        *,
        actor: str = "",
        direction: str = "",
        is_styled: bool = True,
    ) -> None:
        """Lay out.

        Args:
            width: how wide it may be.
            actor: who does what the text says (XEP-0245); the text begins with it.
            direction: the text that tells whether it runs from right to left, where that is not ``text``.
            is_styled: whether it may be; its sender may not want that.
        """
        self.text = text
        self.look = look
        self.length = utf16_length(text)
        self.is_emoji = is_only_emoji(text)
        self.is_rtl = starts_right_to_left(direction or text)
        self.links: list[Action] = []
        self.ornaments: list[Ornament] = []
        self._last: dict[tuple[int, bool], Ornament] = {}  # of each kind: looking for it would cost the square
        self.ends_in_block = False  # nothing may stand beside the last line
        self.height = self.natural_width = self.last_width = self.last_baseline = 0.0
        self.max_width = width
        self._line_tops: list[float] = []
        styling = parse_styling(text) if look.styled and is_styled and not self.is_emoji else Styling()
        self._lines = styling.lines
        self._starts = self._count_starts()
        self.layout = QTextLayout(text, look.emoji if self.is_emoji else look.text)
        self.layout.setTextOption(self._option())
        self.layout.setCacheEnabled(True)
        self.layout.setFormats(self._formats(styling, actor))
        self._lay_out()

    def position_at(self, point: QPointF) -> int:
        """The position in the text that is nearest to a point."""
        if point.y() < 0:
            return 0
        if not self._line_tops or point.y() > self.height:
            return self.length
        return self.layout.lineAt(self.line_at(point.y())).xToCursor(point.x())

    def line_at(self, y: float) -> int:
        """The number of the line at a height."""
        return max(bisect_right(self._line_tops, y) - 1, 0)

    def cursor_rect(self, position: int) -> QRectF:
        """Where a caret at this position would stand."""
        line = self.layout.lineForTextPosition(position)
        return QRectF(_x(line, position), line.y(), 1, line.height()) if line.isValid() else QRectF()

    def places(self, start: int, end: int) -> list[QRectF]:
        """The places of a part of the text, one a line."""
        rects = []
        first = self.layout.lineForTextPosition(start).lineNumber()
        last = self.layout.lineForTextPosition(max(end - 1, start)).lineNumber()
        for number in range(first, last + 1):
            line = self.layout.lineAt(number)
            left = _x(line, max(start, line.textStart()))
            right = _x(line, min(end, line.textStart() + line.textLength()))
            rects.append(QRectF(min(left, right), line.y(), abs(right - left), line.height()))
        return rects

    # Laying out

    def _option(self) -> QTextOption:
        option = QTextOption()
        option.setWrapMode(wrap_mode(self.text))
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if self.is_rtl else Qt.LayoutDirection.LeftToRight)
        option.setAlignment(Qt.AlignmentFlag.AlignRight if self.is_rtl else Qt.AlignmentFlag.AlignLeft)
        return option

    def _lay_out(self) -> None:
        y = 0.0
        styled: StyledLine | None = None
        self.layout.beginLayout()
        while (line := self.layout.createLine()).isValid():
            styled = self._styled(line.textStart())
            before, after = _indent(styled)
            line.setLineWidth(max(self.max_width - before - after, 1.0))
            height = max(line.height(), self._least_height(styled))
            line.setPosition(QPointF(after if self.is_rtl else before, y + (height - line.height()) / 2))
            self._line_tops.append(y)
            self._adorn(styled, y, y + height)
            y += height
            self.last_width = line.naturalTextWidth() + before + after
            self.natural_width = max(self.natural_width, self.last_width)
        self.layout.endLayout()
        self.natural_width = min(self.natural_width, self.max_width)
        self.height = y if self.text else 0.0  # a picture without a caption has no line for one
        self.ends_in_block = styled is not None and styled.kind is not LineKind.PLAIN
        final = self.layout.lineAt(self.layout.lineCount() - 1)
        self.last_baseline = final.y() + final.ascent()

    def _least_height(self, styled: StyledLine | None) -> float:
        if self.is_emoji:
            return 0.0
        return _FENCE_HEIGHT if _is_bare_fence(styled, self.text) else self.look.line_height

    def _styled(self, position: int) -> StyledLine | None:
        if not self._lines:
            return None
        line = self._lines[bisect_right(self._starts, position) - 1]
        return None if line.is_plain else line

    def _adorn(self, styled: StyledLine | None, top: float, bottom: float) -> None:
        if styled is None:
            return
        wanted = [(depth, False) for depth in range(1, styled.depth + 1)]
        if styled.kind is not LineKind.PLAIN:
            wanted.append((styled.depth, True))
        for depth, is_code in wanted:
            last = self._last.get((depth, is_code))
            if last is not None and last.bottom == top:
                last.bottom = bottom
            else:
                self._last[depth, is_code] = Ornament(top, bottom, depth, is_code)
                self.ornaments.append(self._last[depth, is_code])

    # Formats

    def _count_starts(self) -> list[int]:
        """Where each line begins, as Qt counts."""
        starts, position, passed = [], 0, 0
        for line in self._lines:
            position += utf16_length(self.text[passed : line.start])
            passed = line.start
            starts.append(position)
        return starts

    def _formats(self, styling: Styling, actor: str) -> list[QTextLayout.FormatRange]:
        text = self.text
        count = _Counter(text)
        formats = []
        if actor:
            formats.append(format_range(0, self.length, _italic()))
            name = QTextCharFormat()
            name.setFontWeight(QFont.Weight.DemiBold)
            formats.append(format_range(0, utf16_length(actor), name))
        for line in styling.lines:
            formats += self._line_formats(line, count)
        for span in sorted(styling.spans, key=lambda one: one.start):
            start = count.to(span.start)
            end = start + utf16_length(text[span.start : span.end])
            formats.append(format_range(start, end, _span_format(span.style, self.look)))
        count = _Counter(text)
        for link in find_links(text):
            start = count.to(link.start)
            action = Action(ActionKind.LINK, link.url, link.url, start, start + utf16_length(link.url))
            self.links.append(action)
            color = QTextCharFormat()
            color.setForeground(self.look.tokens.link)
            color.setFontUnderline(self.look.outlined)
            formats.append(format_range(action.start, action.end, color))
        return formats

    def _line_formats(self, line: StyledLine, count: _Counter) -> list[QTextLayout.FormatRange]:
        formats = []
        start = count.to(line.start)
        content = start + utf16_length(self.text[line.start : line.content])
        if content > start:
            formats.append(format_range(start, content, _hidden()))
        if line.kind is LineKind.FENCE:
            marks = content + len(FENCE)
            formats.append(format_range(content, marks, _hidden()))
            rest = marks + utf16_length(self.text[line.content + len(FENCE) : line.end])
            formats.append(format_range(marks, rest, _fence_words(self.look)))
            formats.append(format_range(rest, rest + 1, _hidden()))  # the line's end is as high as its font
        elif line.kind is LineKind.CODE:
            end = content + utf16_length(self.text[line.content : line.end])
            formats.append(format_range(content, end, _mono(self.look)))
        return formats


class _Counter:
    """Turns growing places in a text into Qt's, each part counted once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = self._position = 0

    def to(self, place: int) -> int:
        """The position of a place; where that is before the last one, counting begins again."""
        if place < self._place:
            self._place = self._position = 0
        self._position += utf16_length(self._text[self._place : place])
        self._place = place
        return self._position


def format_range(start: int, end: int, char_format: QTextCharFormat) -> QTextLayout.FormatRange:
    """A format for a part of a text."""
    result = QTextLayout.FormatRange()
    result.start, result.length = start, end - start
    result.format = char_format
    return result


def _is_bare_fence(line: StyledLine | None, text: str) -> bool:
    return line is not None and line.kind is LineKind.FENCE and not text[line.content + len(FENCE) : line.end].strip()


def _indent(line: StyledLine | None) -> tuple[float, float]:
    """The room before and after the text of a line."""
    if line is None:
        return 0.0, 0.0
    pad = CODE_PAD if line.kind is not LineKind.PLAIN else 0.0
    return line.depth * QUOTE_STEP + pad, pad


def _hidden() -> QTextCharFormat:
    """There, to be selected and copied, but not to be seen."""
    result = QTextCharFormat()
    result.setProperty(QTextCharFormat.Property.FontPixelSize, 1)
    result.setForeground(Qt.GlobalColor.transparent)
    return result


def _italic() -> QTextCharFormat:
    result = QTextCharFormat()
    result.setFontItalic(True)
    return result


def _mono(look: Look) -> QTextCharFormat:
    result = QTextCharFormat()
    result.setFontFamilies(look.mono_families)
    result.setFontFixedPitch(True)
    return result


def _fence_words(look: Look) -> QTextCharFormat:
    result = _mono(look)
    result.setFontPointSize(look.small.pointSizeF())
    result.setForeground(look.tokens.second_text)
    return result


def _span_format(style: Style, look: Look) -> QTextCharFormat:
    result = QTextCharFormat()
    if style is Style.STRONG:
        result.setFontWeight(QFont.Weight.Bold)
    elif style is Style.EMPHASIS:
        result.setFontItalic(True)
    elif style is Style.STRIKE:
        result.setFontStrikeOut(True)
    else:
        result = _mono(look)
        result.setBackground(look.code_ground)
    return result


def _x(line: QTextLine, position: int) -> float:
    answer: object = line.cursorToX(position)  # PySide answers with the position that it corrected, too
    return float(answer[0] if isinstance(answer, tuple) else answer)  # type: ignore[arg-type]
