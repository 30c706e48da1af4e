"""Where in a text stands what was searched for, as the index understands it: whatever case, accents and widths."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from whimbrel.model.search import Term
from whimbrel.storage.segments import CHARACTERS, EMOJI, TONES

_RUN = CHARACTERS.removesuffix("+")
_START = rf"(?:(?<![^\W_])|(?<={_RUN}))"  # words begin beside characters of writings without spaces, too
_END = rf"(?:(?![^\W_])|(?={_RUN}))"
_BETWEEN = r"[\W_]{1,8}"
_PIECE = re.compile(rf"({CHARACTERS}|{EMOJI})|[^\W_]+")
_TONE = re.compile(f"[{TONES}]")
_REST = re.compile(f"(?:[{TONES}\U000e0020-\U000e007f\u20e3]|\u200d.)+")  # of an emoji
_LONGEST = 20_000  # characters that are looked at
_MOST = 200

Span = tuple[int, int]


def find_marks(text: str, terms: Sequence[Term]) -> list[Span]:
    """The places where terms stand in a text, in order, as (start, end), without overlaps."""
    patterns = [pattern for term in terms if (pattern := _pattern(term))]
    if not patterns:
        return []
    folded, places = _fold(text[:_LONGEST])
    spans: list[Span] = []
    for match in re.finditer("|".join(patterns), folded):
        start, end = places[match.start()], places[match.end() - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        if (rest := _REST.match(text, end)) is not None:
            end = rest.end()
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
        if len(spans) >= _MOST:
            break
    return spans


def _pattern(term: Term) -> str:
    folded, _ = _fold(term.text)
    pieces = list(_PIECE.finditer(folded))
    if not pieces:
        return ""
    pattern = ""
    for number, piece in enumerate(pieces):
        if number:
            pattern += "" if pieces[number - 1].end() == piece.start() else _BETWEEN
        pattern += re.escape(piece[0]) if piece[1] else _START + re.escape(piece[0])
    return pattern if term.prefix or pieces[-1][1] else pattern + _END


def _fold(text: str) -> tuple[str, list[int]]:
    """A text without case, accents and widths, and where each of its characters comes from."""
    folded, places = [], []
    for place, character in enumerate(text):
        for part in _fold_character(character):
            folded.append(part)
            places.append(place)
    return "".join(folded), places


def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    if _TONE.match(character):
        return ""
    plain = unicodedata.normalize("NFKC", character)
    if re.match(CHARACTERS, plain):
        return plain
    parts = unicodedata.normalize("NFKD", plain.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))
