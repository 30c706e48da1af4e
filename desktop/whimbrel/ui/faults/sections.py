"""A report as text with headings: its sections can go and come back, with what somebody changed in them."""

from __future__ import annotations

from collections.abc import Mapping

_MARK = "== "
_END = " =="


def join(sections: Mapping[str, str]) -> str:
    """The text of sections by heading, in their order."""
    return "\n\n".join(f"{_MARK}{heading}{_END}\n{body}" for heading, body in sections.items())


def without(text: str, heading: str) -> tuple[str, str]:
    """The text without a section, and that section as it stood there; "" where somebody took its heading away."""
    kept: list[str] = []
    taken: list[str] = []
    is_in = False
    for line in text.split("\n"):
        if line.startswith(_MARK) and line.endswith(_END):
            is_in = line == f"{_MARK}{heading}{_END}"
        (taken if is_in else kept).append(line)
    return "\n".join(kept).rstrip("\n"), "\n".join(taken).rstrip("\n")


def put_back(text: str, section: str) -> str:
    """The text with a section at its end."""
    return f"{text}\n\n{section}" if text.strip() else section
