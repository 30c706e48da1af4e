"""What is selected in a timeline, from a place in one message to a place in another, and its text for the clipboard."""

from __future__ import annotations

from dataclasses import dataclass

from whimbrel.model.message import Message, MessageId
from whimbrel.ui.conversation.text import plain, shown_text, utf16_length, utf16_slice
from whimbrel.ui.models.timeline import TimelineModel
from whimbrel.ui.models.timeline_row import ME, TimelineRow
from whimbrel.ui.words import brief_moment_words

Place = tuple[MessageId, int]  # a message and a position in its shown text, as Qt counts


@dataclass(frozen=True, slots=True)
class Span:
    """A selection in rows: from a position in the first to a position in the last."""

    first: int
    start: int
    last: int
    end: int

    def part(self, row: int, length: int) -> tuple[int, int] | None:
        """The selected part of a row whose text has this length; None for nothing."""
        if not self.first <= row <= self.last:
            return None
        start = self.start if row == self.first else 0
        end = self.end if row == self.last else length
        return (start, min(end, length)) if start < end else None


class Selection:
    """Two places, in the order in which the pointer was there."""

    def __init__(self) -> None:
        self.anchor: Place | None = None
        self.cursor: Place | None = None

    def clear(self) -> bool:
        """Select nothing; returns whether something was selected."""
        had = self.anchor is not None and self.anchor != self.cursor
        self.anchor = self.cursor = None
        return had

    def set(self, anchor: Place, cursor: Place) -> None:
        """Select from one place to the other."""
        self.anchor, self.cursor = anchor, cursor

    def span(self, model: TimelineModel) -> Span | None:
        """The selection in rows; None where there is none, or where an end of it is no longer in the window."""
        if self.anchor is None or self.cursor is None or self.anchor == self.cursor:
            return None
        places = [(model.row_of(place[0]), place[1]) for place in (self.anchor, self.cursor)]
        (first, start), (last, end) = sorted(places)
        return Span(first, start, last, end) if first >= 0 else None


def selected_text(span: Span, model: TimelineModel, steps: dict[MessageId, int]) -> str:
    """What Ctrl+C takes: bare text from one message; with time and name from several."""
    parts = []
    for row in range(span.first, span.last + 1):
        facts = model.row(row)
        shown = shown_text(facts.drawn, steps.get(facts.message.id, 0))
        length = utf16_length(shown.text)
        part = span.part(row, length)
        if part is None:
            continue
        parts.append((facts.message, facts.text if part == (0, length) else _part(facts, shown.text, *part)))
    if len(parts) == 1:
        return parts[0][1]
    return "\n".join(_line(model, message, text) for message, text in parts)


def _part(facts: TimelineRow, shown: str, start: int, end: int) -> str:
    """A part of the drawn text, as its author wrote it."""
    actor = utf16_length(facts.actor)
    if start >= actor:
        return plain(utf16_slice(shown, start, end))
    return ME + plain(utf16_slice(shown, actor, max(end, actor)))


def _line(model: TimelineModel, message: Message, text: str) -> str:
    """For others to read, elsewhere and later: no "You", and the day where it is not this one."""
    moment = brief_moment_words(message.time)
    return f"[{moment}] {model.author_name(message)}: {text}"
