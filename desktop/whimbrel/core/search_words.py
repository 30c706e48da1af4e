"""What a person types into a search, taken apart: words, phrases in quotes, and filters such as ``from:alice``."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from whimbrel.model.search import SearchQuery, Term
from whimbrel.storage.segments import is_findable

_LONGEST = 500  # characters that are looked at
_MOST_TERMS = 16
_PIECE = re.compile(
    r"(?P<key>from|in|has|before|after)[:\uff1a](?:\"(?P<quoted>[^\"]*)\"?|(?P<value>\S*))|\"(?P<phrase>[^\"]*)\"?|(?P<word>\S+)",
    re.IGNORECASE,
)
ReadDay = Callable[[str], date | None]
"""Reads a day as the person's language writes it."""

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class FilterKind(enum.Enum):
    """What a filter asks for; the value is what is typed before the colon."""

    FROM = "from"
    IN = "in"
    HAS = "has"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as it was typed. ``span``: where it stands in the text, as (start, end)."""

    kind: FilterKind
    value: str
    span: tuple[int, int] = field(default=(0, 0), compare=False)

    def typed(self) -> str:
        """As a person types it."""
        return f'{self.kind.value}:"{self.value}"' if " " in self.value else f"{self.kind.value}:{self.value}"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: terms to find, and filters with a value."""

    terms: tuple[Term, ...]
    filters: tuple[Filter, ...]

    def values(self, kind: FilterKind) -> list[str]:
        """The values of a kind of filter."""
        return [one.value for one in self.filters if one.kind is kind]


def take_apart(text: str) -> Typed:
    """Words, phrases and filters. The last word may be the beginning of a longer one, unless a space follows it."""
    text = text[:_LONGEST]
    terms, filters = [], []
    for piece in _PIECE.finditer(text):
        if piece["key"] is not None:
            found = _filter(piece)
            if found.value:
                filters.append(found)
        elif piece["phrase"] is not None:
            terms.append(Term(piece["phrase"]))
        else:
            word = piece["word"]
            terms.append(Term(word, prefix=word.endswith("*") or piece.end() == len(text)))
    wanted = [term for term in terms if is_findable(term.text)]
    # What has neither letter nor emoji can only be looked for together with what has one, and then it does not matter.
    return Typed(tuple((wanted or terms)[:_MOST_TERMS]), tuple(filters))


def find_filter_at(text: str, position: int) -> Filter | None:
    """The filter that is being typed at a position in a text, with or without a value; None where none is."""
    for piece in _PIECE.finditer(text[:_LONGEST]):
        closed = piece["quoted"] is not None and piece[0].endswith('"') and not piece[0].endswith(':"')
        first = piece.start() + len(piece["key"] or "")
        if piece["key"] is not None and first < position and position < piece.end() + (not closed):
            return _filter(piece)
    return None


def add_times(
    query: SearchQuery, filters: Iterable[Filter], zone: tzinfo | None = None, read_day: ReadDay | None = None
) -> SearchQuery:
    """A query with what ``before:`` and ``after:`` ask for; the days are those of a zone, the computer's by default.

    What is no day is left out: it may be one once it is typed to its end.
    """
    for one in filters:
        if one.kind not in (FilterKind.BEFORE, FilterKind.AFTER):
            continue
        days = find_days(one.value, zone, read_day)
        if days is None:
            continue
        first, end = days
        if one.kind is FilterKind.BEFORE:
            query = replace(query, before=first if query.before is None else min(query.before, first))
        else:
            query = replace(query, after=end if query.after is None else max(query.after, end))
    return query


def find_days(
    value: str, zone: tzinfo | None = None, read_day: ReadDay | None = None
) -> tuple[datetime, datetime] | None:
    """The beginning of a day, month or year, and of what follows it; None where it is none.

    Days are read as ISO 8601 writes them, in words, and as ``read_day`` does.
    """
    today = datetime.now(zone).date()
    named = {"today": today, "yesterday": today - timedelta(days=1)}
    match = _DATE.fullmatch(value)
    try:
        day = named.get(value.lower()) or (read_day(value) if read_day is not None and match is None else None)
        if day is not None:
            return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
        if match is None:
            return None
        year, month, number = (int(part) if part else None for part in match.groups())
        first = date(year or 1, month or 1, number or 1)
        if number:
            following = first + timedelta(days=1)
        elif month:
            following = (first + timedelta(days=31)).replace(day=1)
        else:
            following = first.replace(year=first.year + 1)
        return _midnight(first, zone), _midnight(following, zone)
    except (ValueError, OverflowError):  # no such day, or one that no clock knows
        return None


def _filter(piece: re.Match[str]) -> Filter:
    value = (piece["quoted"] if piece["quoted"] is not None else piece["value"]).strip()
    return Filter(FilterKind(piece["key"].lower()), value, piece.span())


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    local = datetime.combine(day, time(), zone)
    return (local if zone is not None else local.astimezone()).astimezone(UTC)
