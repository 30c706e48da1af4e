"""Emoji: which texts consist of nothing else, and their names for the picker and for ``:name:``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QLocale

from whimbrel.platform import resources

_MAX_LARGE = 6
_BASE = (
    r"[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    r"\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_TONED = rf"{_BASE}\ufe0f?[\U0001f3fb-\U0001f3ff]?"
_ONE = (
    r"(?:[\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f?\u20e3"
    rf"|{_TONED}[\U000e0020-\U000e007f]*(?:\u200d{_TONED})*)"
)
_ONLY = re.compile(rf"\s*(?:{_ONE}\s*){{1,{_MAX_LARGE}}}")
_MAX_BYTES = 200


def is_only_emoji(text: str) -> bool:
    """Whether a text is nothing but a few emoji, which are then shown large."""
    return len(text) <= _MAX_BYTES and _ONLY.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Emoji:
    """An emoji as the picker knows it. ``group`` is one of ``GROUPS``."""

    char: str
    group: int
    name: str  # in the person's language
    codes: tuple[str, ...]  # what stands between the colons of ``:name:``
    words: str  # to find it by, in small letters, each with a space before it
    tones: tuple[str, ...]  # itself in the five skin tones, from light to dark; none where it has none

    def in_tone(self, tone: int) -> str:
        """Itself in a skin tone, 1 to 5; 0: as it is."""
        return self.tones[tone - 1] if 0 < tone <= len(self.tones) else self.char


GROUPS = (0, 1, 3, 4, 5, 6, 7, 8, 9)
"""Unicode's groups: smileys, people, animals, food, travel, activities, objects, symbols, flags (2: parts)."""


@cache
def emoji_list() -> tuple[Emoji, ...]:
    """All emoji, in Unicode's order; read when first asked for."""
    chinese = QLocale().language() is QLocale.Language.Chinese
    return tuple(_emoji(row, chinese) for row in json.loads(resources.read_bytes("emoji/emoji.json")))


def _emoji(row: list[str], chinese: bool) -> Emoji:
    char, group, english, other, words, codes, tones = row
    found_by = f" {english} {other} {words} {codes} {codes.replace('_', ' ')}".lower()
    name = other if chinese and other else english
    return Emoji(char, int(group), name, tuple(codes.split()), found_by, tuple(tones.split()))


def find_emoji(words: str, limit: int = 200) -> list[Emoji]:
    """Emoji of which each of ``words`` begins a word, Chinese ones also within one; the nearest names first."""
    wanted = words.lower().replace("_", " ").replace(":", " ").split()
    if not wanted:
        return list(emoji_list()[:limit])
    code = "_".join(wanted)
    found = [one for one in emoji_list() if all(_is_named(one, word) for word in wanted)]
    return sorted(found, key=lambda one: _distance(one, code))[:limit]


def find_by_name(name: str) -> Emoji | None:
    """The emoji that ``:name:`` stands for."""
    return _by_code().get(name.lower())


def find_by_chars(chars: Iterable[str]) -> list[Emoji]:
    """The emoji that these are, in whatever skin tone; those that are none are left out."""
    known = _by_char()
    return list(dict.fromkeys(known[char] for char in chars if char in known))


@cache
def _by_code() -> dict[str, Emoji]:
    known: dict[str, Emoji] = {}
    for one in emoji_list():
        for code in one.codes:
            known.setdefault(code, one)
    return known


@cache
def _by_char() -> dict[str, Emoji]:
    return {char: one for one in emoji_list() for char in (one.char, *one.tones)}


def _is_named(one: Emoji, word: str) -> bool:
    return (f" {word}" if word.isascii() else word) in one.words


def _distance(one: Emoji, code: str) -> tuple[int, int]:
    """How far the names of an emoji are from what was typed."""
    nearest = [known for known in one.codes if known.startswith(code)]
    if code in one.codes or code == one.name:
        return 0, 0
    return (1, min(map(len, nearest))) if nearest else (2, 0)
