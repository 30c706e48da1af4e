"""Emoji: which texts consist of nothing else, and their names for the picker and for ``:name:``."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_MAX_LARGE = 6
_BASE = (
    r"[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    r"\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_TONED = rf"{_BASE}\ufe0f?[\U0001f3fb-\U0001f3ff]?"
_ONE = (
    r"(?:[\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f?\u20e3"
    rf"|{_TONED}[\U000e0020-\U000e007f]*(?:\u200d{_TONED})*)"
)
_ONLY = re.compile(rf"\s*(?:{_ONE}\s*){{1,{_MAX_LARGE}}}")
_MAX_BYTES = 200

_RANGES = (
    (0x1F600, 0x1F64F),
    (0x1F910, 0x1F92F),
    (0x1F970, 0x1F97A),
    (0x1F440, 0x1F4FF),
    (0x1F400, 0x1F43F),
    (0x1F300, 0x1F3F4),
    (0x1F500, 0x1F5FF),
    (0x1F680, 0x1F6D7),
    (0x1F930, 0x1F96F),
    (0x1F97B, 0x1F9FF),
    (0x1FA70, 0x1FA95),
)
_FIRST = "😀😂🙂😉😊😍😘🤔😎😢😭😡👍👎👋🙏👏💪❤️🎉🔥✨✅❌☕🍻🎂🌞🌧️🚀🏠📷"
_ALIASES = {
    "smile": "🙂",
    "grin": "😁",
    "joy": "😂",
    "wink": "😉",
    "blush": "😊",
    "heart_eyes": "😍",
    "kiss": "😘",
    "thinking": "🤔",
    "cool": "😎",
    "sad": "🙁",
    "cry": "😢",
    "sob": "😭",
    "angry": "😠",
    "+1": "👍",
    "thumbsup": "👍",
    "-1": "👎",
    "thumbsdown": "👎",
    "wave": "👋",
    "pray": "🙏",
    "clap": "👏",
    "heart": "❤️",
    "tada": "🎉",
    "fire": "🔥",
    "check": "✅",
    "x": "❌",
    "coffee": "☕",
    "beers": "🍻",
    "cake": "🎂",
    "sun": "🌞",
    "rocket": "🚀",
    "eyes": "👀",
    "100": "💯",
    "shrug": "🤷",
}


def is_only_emoji(text: str) -> bool:
    """Whether a text is nothing but a few emoji, which are then shown large."""
    return len(text) <= _MAX_BYTES and _ONLY.fullmatch(text) is not None


@cache
def emoji_names() -> dict[str, str]:
    """Names such as ``grinning_face`` with their emoji: short names first, then Unicode's."""
    names = dict(_ALIASES)
    for first, last in _RANGES:
        for code in range(first, last + 1):
            char = chr(code)
            if name := _name(char):
                names.setdefault(name, char)
    return names


def find_emoji(words: str, limit: int = 200) -> list[tuple[str, str]]:
    """Emoji whose names have every word of ``words``: pairs of emoji and name; the usual ones for ""."""
    wanted = words.lower().replace("_", " ").replace(":", " ").split()
    if not wanted:
        usual = [(emoji, _name(emoji[0])) for emoji in _split(_FIRST)]
        seen = {emoji for emoji, _ in usual}
        return (usual + [(e, n) for n, e in emoji_names().items() if n == _name(e[0]) and e not in seen])[:limit]
    found: dict[str, str] = {}
    for name, emoji in emoji_names().items():
        parts = name.split("_")
        if all(any(part.startswith(word) for part in parts) for word in wanted):
            found.setdefault(emoji, name)
    return sorted(found.items(), key=lambda pair: (pair[1] != "_".join(wanted), len(pair[1])))[:limit]


def find_by_name(name: str) -> str | None:
    """The emoji that ``:name:`` stands for."""
    return emoji_names().get(name.lower())


def _name(char: str) -> str:
    name = unicodedata.name(char, "")
    if unicodedata.category(char) != "So" or "LETTER" in name or "KEYCAP" in name:
        return ""
    return name.lower().replace(" ", "_").replace("-", "_")


def _split(text: str) -> list[str]:
    return re.findall(r".\ufe0f?", text)
