"""How text stands in the index, so that words of writings without spaces are found, whatever their length.

FTS5's tokenizer takes a run of Chinese or Japanese characters for one word, and its trigrams cannot find two of them.
Here each such character stands with the one that follows it, the last one of a run alone: 图书馆 becomes 图书 书馆 馆.
A run that is searched for is then a phrase of such pairs, and a single character the beginning of a pair.
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
_RUN = re.compile(CHARACTERS)
_LAST_RUN = re.compile(f"({CHARACTERS})\\s*$")


def normalise(text: str) -> str:
    """One spelling for what looks alike: full and half width, ligatures, composed characters (NFKC)."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def segment(text: str) -> str:
    """A text as the index takes it."""
    if text.isascii():
        return text
    return _RUN.sub(lambda found: f" {_pairs(found[0])} ", normalise(text))


def phrase(text: str, *, prefix: bool = False) -> str:
    """An expression of FTS5 that finds a text; "" where there is nothing in it to be found.

    Args:
        prefix: what comes last may be the beginning of a longer word.
    """
    plain = normalise(text).replace("\0", " ")
    if not any(character.isalnum() for character in plain):
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


def _pairs(run: str) -> str:
    return " ".join(run[position : position + 2] for position in range(len(run)))
