"""What was said of a message with emoji."""

from __future__ import annotations

from dataclasses import dataclass

from whimbrel.model.jid import JID


@dataclass(frozen=True, slots=True)
class ReactionSet:
    """The emoji that somebody gave a message; all that count of theirs."""

    sender: JID  # bare
    emoji: tuple[str, ...]


def bare_emoji(emoji: str) -> str:
    """An emoji without the marks that ask for a coloured picture, which some programs send and some do not."""
    return emoji.replace("\ufe0f", "")


def is_same(one: str, other: str) -> bool:
    """Whether two are one emoji to a person."""
    return bare_emoji(one) == bare_emoji(other)
