"""What was said of a message with emoji."""

from __future__ import annotations

from dataclasses import dataclass

from whimbrel.model.jid import JID


@dataclass(frozen=True, slots=True)
class ReactionSet:
    """The emoji that somebody gave a message; all that count of theirs."""

    sender: JID  # bare
    emoji: tuple[str, ...]
