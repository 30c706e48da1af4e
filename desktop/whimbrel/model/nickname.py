"""What people call themselves, fit to be shown."""

from __future__ import annotations

import unicodedata

LONGEST = 60
"""Characters: more is no name."""


def clean(text: str) -> str:
    """A nickname without what only deceives: control characters, marks of direction; never like an address."""
    shown = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text[: 4 * LONGEST])
    kept = "".join(char for char in shown if unicodedata.category(char) not in ("Cf", "Cs", "Co") or char in _JOINERS)
    line = " ".join(kept.split())[:LONGEST].strip()
    return "" if "@" in line or not any(char.isalnum() or _is_symbol(char) for char in line) else line


_JOINERS = "\u200c\u200d"
"""Needed within words of some scripts, and in emoji."""


def _is_symbol(char: str) -> bool:
    return unicodedata.category(char) == "So"
