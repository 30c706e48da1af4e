"""From a message's body to the characters that are drawn, and the two ways of counting them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LINE_SEPARATOR = "\u2028"
COLLAPSED_CHARACTERS = 4_000
COLLAPSED_LINES = 60
STEP = 5  # each "Show more" shows so many times more

_UNDRAWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff]")
_NEWLINE = re.compile(r"\r\n|\r|\n|\u2029|\x85")
_ASTRAL = re.compile(r"[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class ShownText:
    """The part of a body that is drawn. ``text`` has line separators where the body has line ends."""

    text: str
    is_whole: bool


def shown_text(body: str, step: int = 0) -> ShownText:
    """The drawable start of a body: collapsed at first, longer with each ``step``."""
    characters = COLLAPSED_CHARACTERS * STEP**step
    lines = COLLAPSED_LINES * STEP**step
    # A little over the limit is shown too: hiding a few words would only annoy.
    head = body[: characters + 1] if len(body) > characters * 1.1 else body
    text = _UNDRAWABLE.sub("\ufffd", _NEWLINE.sub(LINE_SEPARATOR, head))
    if len(head) < len(body):
        text = text[:characters]
    whole = len(head) == len(body)
    if text.count(LINE_SEPARATOR) >= lines:
        text = LINE_SEPARATOR.join(text.split(LINE_SEPARATOR, lines)[:lines])
        whole = False
    return ShownText(text, whole)


def utf16_length(text: str) -> int:
    """The number of UTF-16 code units, which is how Qt counts."""
    return len(text) + len(_ASTRAL.findall(text))


def utf16_slice(text: str, start: int, end: int) -> str:
    """The part of a text between two positions that Qt counted."""
    if text.isascii():
        return text[start:end]
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[start * 2 : end * 2].decode("utf-16-le", "replace")


def plain(text: str) -> str:
    """Drawn characters as they go to the clipboard."""
    return text.replace(LINE_SEPARATOR, "\n")


def starts_right_to_left(text: str) -> bool:
    """Whether the first character with a direction runs from right to left (UAX #9, P2 and P3)."""
    if text.isascii():
        return False
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False
