"""Message styling (XEP-0393): which parts of a plain text are strong, quoted, code. Nothing of the text goes away.

A parser of our own, in one pass over the text, since what is parsed comes from anybody (section 12): it knows no
HTML, and its work grows with the length of the text only. Quotes are followed to a depth of ``DEEPEST``.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from whimbrel.ui.conversation.text import LINE_SEPARATOR

DEEPEST = 8
FENCE = "```"
_DIRECTIVE = re.compile(r"[*_~`]")
_MAY_BE_STYLED = re.compile(rf"[*_~`]|(?:^|{LINE_SEPARATOR})>")


class Style(enum.Enum):
    """How a span looks; its value is the character around it."""

    STRONG = "*"
    EMPHASIS = "_"
    STRIKE = "~"
    CODE = "`"


class LineKind(enum.Enum):
    """What a line is, within its quotes."""

    PLAIN = "plain"
    CODE = "code"
    FENCE = "fence"  # begins or ends lines of code


@dataclass(frozen=True, slots=True)
class StyledSpan:
    """``text[start:end]``, with the characters around it, looks like this."""

    start: int
    end: int
    style: Style


@dataclass(frozen=True, slots=True)
class StyledLine:
    """A line of the text: within ``depth`` quotes, whose marks end at ``content``."""

    start: int
    content: int
    end: int
    depth: int = 0
    kind: LineKind = LineKind.PLAIN

    @property
    def is_plain(self) -> bool:
        """Whether it has no look of its own."""
        return self.depth == 0 and self.kind is LineKind.PLAIN


@dataclass(frozen=True, slots=True)
class Styling:
    """The look of a text."""

    spans: list[StyledSpan] = field(default_factory=list)
    lines: list[StyledLine] = field(default_factory=list)  # all of them, or none where all are plain


def parse_styling(text: str) -> Styling:
    """Parse a text whose lines are parted by ``LINE_SEPARATOR``."""
    if _MAY_BE_STYLED.search(text) is None:
        return Styling()
    lines = _drop_empty(list(_parse_lines(text)))
    spans = [span for line in lines if line.kind is LineKind.PLAIN for span in _parse_spans(text, line)]
    return Styling(spans, [] if all(line.is_plain for line in lines) else lines)


def _parse_lines(text: str) -> Iterator[StyledLine]:
    """Blocks (section 5.1): quotes, and code in or outside of them."""
    start, code_depth = 0, -1  # -1: not within code
    for raw in text.split(LINE_SEPARATOR):
        end = start + len(raw)
        depth, content = _quote_marks(text, start, end, DEEPEST if code_depth < 0 else code_depth)
        if 0 <= depth < code_depth:
            code_depth = -1  # the quote around it has ended
        kind = LineKind.PLAIN
        if code_depth >= 0:
            ends = text[content:end].rstrip() == FENCE
            kind = LineKind.FENCE if ends else LineKind.CODE
            code_depth = -1 if ends else code_depth
        elif text.startswith(FENCE, content, end):
            kind, code_depth = LineKind.FENCE, depth
        yield StyledLine(start, content, end, depth, kind)
        start = end + 1


def _quote_marks(text: str, start: int, end: int, deepest: int) -> tuple[int, int]:
    """How many quotes a line is in, and where its content begins."""
    depth = 0
    while depth < deepest and start < end and text[start] == ">":
        depth += 1
        start += 2 if start + 1 < end and text[start + 1].isspace() else 1
    return depth, start


def _drop_empty(lines: list[StyledLine]) -> list[StyledLine]:
    """Quotes and code without a content are no more than their marks: those would be all there is to see."""
    if not any(line.depth and line.content < line.end for line in lines):
        lines = [replace(line, depth=0, content=line.start) for line in lines]
    if not any(line.kind is LineKind.CODE and line.content < line.end for line in lines):
        lines = [replace(line, kind=LineKind.PLAIN) for line in lines]
    return lines


def _parse_spans(text: str, line: StyledLine) -> Iterator[StyledSpan]:
    """Spans (section 5.2), lazily matched from left to right. One kind is never within itself: four deep at most."""
    places = [match.start() for match in _DIRECTIVE.finditer(text, line.content, line.end)]
    closers: dict[str, list[int]] = {style.value: [] for style in Style}
    for place in reversed(places):
        if place > line.content and not text[place - 1].isspace():
            closers[text[place]].append(place)  # the next one is last
    ends: list[int] = []  # of the spans that are open
    opened = passed = -1
    for place in places:
        while ends and place >= ends[-1]:
            passed = max(passed, ends.pop())
        if place <= passed or not _opens(text, place, line, opened):
            continue
        waiting = closers[text[place]]
        while waiting and waiting[-1] <= place:
            waiting.pop()
        if not waiting or waiting[-1] >= (ends[-1] if ends else line.end):
            continue
        close = waiting[-1]
        if close == place + 1:  # nothing between the two: neither counts
            passed = close
            continue
        yield StyledSpan(place, close + 1, Style(text[place]))
        if text[place] == Style.CODE.value:
            passed = close
        else:
            ends.append(close)
            opened = place


def _opens(text: str, place: int, line: StyledLine, opened: int) -> bool:
    """Whether a directive stands where a span may begin; ``opened``: the one that began last."""
    if place + 1 >= line.end or text[place + 1].isspace():
        return False
    return place == line.content or opened == place - 1 or text[place - 1].isspace()
