"""From a message's body to the characters that are drawn, and the two ways of counting them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from PySide6.QtGui import QTextOption

LINE_SEPARATOR = "\u2028"
COLLAPSED_CHARACTERS = 4_000
COLLAPSED_LINES = 60
STEP = 5  # each "Show more" shows so many times more
LONGEST_MESSAGE = 256 * 1024 - 4096  # bytes as XML: what servers usually take, less the room for what is around it
_LONG_WORD = 1_000  # characters: with these, and more lines, Qt's search for a break grows with the square

_UNDRAWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff]")
_NEWLINE = re.compile(r"\r\n|\r|\n|\u2029|\x85")
_UNBREAKABLE = re.compile(rf"[^\s\u2e80-\U0010ffff]{{{_LONG_WORD}}}")  # between Chinese characters lines do break
_AS_XML = {"&": 5, "<": 4, ">": 4, '"': 6, "'": 6}
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


def is_too_long(text: str) -> bool:
    """Whether a text is more than goes into one message; one that a server takes less of comes back when it leaves."""
    if len(text) * max(_AS_XML.values()) <= LONGEST_MESSAGE:
        return False
    escaped = sum(text.count(char) * (length - 1) for char, length in _AS_XML.items())
    return len(text.encode("utf-8", "surrogatepass")) + escaped > LONGEST_MESSAGE


def wrap_mode(text: str) -> QTextOption.WrapMode:
    """Between words, where Qt can do that in a bearable time: each line costs a look at all of the word it is in."""
    breaking = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
    if len(text) < _LONG_WORD:
        return breaking
    words = text.split()
    if max(map(len, words), default=0) < _LONG_WORD:  # at each key, so nothing slower first
        return breaking
    if any(len(word) >= _LONG_WORD and _UNBREAKABLE.search(word) for word in words):
        return QTextOption.WrapMode.WrapAnywhere
    return breaking


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
