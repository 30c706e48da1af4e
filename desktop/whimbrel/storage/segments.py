"""How text stands in the index, so that words of writings without spaces are found, whatever their length.

FTS5's tokenizer takes a run of Chinese or Japanese characters for one word, and its trigrams cannot find two of them.
Here each such character stands with the one that follows it, the last one of a run alone: 图书馆 becomes 图书 书馆 馆.
A run that is searched for is then a phrase of such pairs, and a single character the beginning of a pair.

The tokenizer leaves out emoji; each stands as a word of its code points, whatever its skin tone: 👍🏽 as 👍.
"""

from __future__ import annotations

import re
import unicodedata

CHARACTERS = (
    "["
    "\u3005-\u3007\u3040-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uac00-\ud7a3\U00020000-\U0003fffd"
    "]+"
)
"""Han, kana and Hangul."""
TONES = "\U0001f3fb-\U0001f3ff\ufe0e\ufe0f"
"""Skin tones, and what asks for a coloured or a plain picture: they make no other emoji."""
_PICTURE = (
    "[\u203c\u2049\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u25aa\u25ab"
    "\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d"
    "\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
)
EMOJI = (
    f"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}[{TONES}\U000e0020-\U000e007f]*"
    f"(?:\u200d{_PICTURE}[{TONES}]*)*)"
)
"""One emoji, with all that belongs to it (UTS #51)."""
_EMOJI = re.compile(EMOJI)
_TONE = re.compile(f"[{TONES}]")
_MARK = "\ue000"  # for private use: the tokenizer takes it for a letter, and nobody types it
_RUN = re.compile(CHARACTERS)
_LAST_RUN = re.compile(f"({CHARACTERS})\\s*$")


def normalise(text: str) -> str:
    """One spelling for what looks alike: full and half width, ligatures, composed characters (NFKC)."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def segment(text: str) -> str:
    """A text as the index takes it."""
    if text.isascii():
        return text
    return _RUN.sub(lambda found: f" {_pairs(found[0])} ", _EMOJI.sub(_word, normalise(text)))


def is_findable(text: str) -> bool:
    """Whether there is something in a text that the index knows: a letter, a digit, an emoji."""
    return any(character.isalnum() for character in text) or _EMOJI.search(text) is not None


def phrase(text: str, *, prefix: bool = False) -> str:
    """An expression of FTS5 that finds a text; "" where there is nothing in it to be found.

    Args:
        prefix: what comes last may be the beginning of a longer word.
    """
    plain = _EMOJI.sub(_word, normalise(text)).replace("\0", " ")
    if not is_findable(plain):
        return ""
    segmented = segment(plain.rstrip())
    last = _LAST_RUN.search(plain)
    if last is not None:
        segmented = segmented.rstrip()
        prefix = len(last[1]) == 1
        if not prefix:
            segmented = segmented.rpartition(" ")[0]  # without the last character alone: the text may go on
    quoted = segmented.replace('"', " ")
    return f'"{quoted}"' + (" *" if prefix else "")


def _word(emoji: re.Match[str]) -> str:
    """An emoji as a word. Each of its characters ends in a letter, so that none is the beginning of another one."""
    return f" {_MARK}{''.join(f'{ord(character):x}x' for character in _TONE.sub('', emoji[0]))} "


def _pairs(run: str) -> str:
    return " ".join(run[position : position + 2] for position in range(len(run)))
