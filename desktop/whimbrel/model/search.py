"""What is searched for, and what is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from whimbrel.model.conversation import ConversationId
from whimbrel.model.message import Direction, Message

Place = NewType("Place", int)
"""Where a message stands in the index: it grows with time."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow one another; ``prefix``: the last of them may go on."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is searched for: all of it must hold.

    Args:
        terms: what the message, or the name of a file of it, contains.
        conversations: where; None means anywhere.
        direction: who said it: we or the others; None means both.
        before, after: aware; what was said before the first moment, and from the second on.
    """

    terms: tuple[Term, ...] = ()
    conversations: frozenset[ConversationId] | None = None
    direction: Direction | None = None
    has_file: bool = False
    has_link: bool = False
    before: datetime | None = None
    after: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for that could be found."""
        return not (self.terms or self.has_file or self.has_link or self.before or self.after or self.direction)


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found, with the names of its files."""

    place: Place
    message: Message
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of what was found, the newest first. ``more``: there are older ones."""

    hits: tuple[Hit, ...]
    more: bool = False

    @property
    def end(self) -> Place | None:
        """The place from which older ones are found; None where nothing was found."""
        return min((hit.place for hit in self.hits), default=None)
