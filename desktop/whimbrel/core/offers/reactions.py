"""Emoji on messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from whimbrel.model.message import Message, MessageId
from whimbrel.model.reaction import ReactionSet


class Reactions(Protocol):
    """Knows and changes what was said of messages with emoji. ``MessagesAnnotated`` tells of changes."""

    def can_react(self, message: Message) -> bool:
        """Whether there is a name for a message that the other side knows, and something left of it."""

    def toggle(self, message_id: MessageId, emoji: str) -> None:
        """Give a message an emoji of ours, or take it back: on disk once this returns, sent by itself.

        Does nothing with what is not one emoji, or with more of them than a message is given.

        Raises:
            KnownError: DISK_FULL; then nothing changed.
        """

    def retry(self, message_id: MessageId) -> None:
        """Say again what was refused; nothing where nothing was.

        Raises:
            KnownError: DISK_FULL; then nothing changed.
        """

    def reactions(self, messages: Sequence[Message]) -> Mapping[MessageId, Sequence[ReactionSet]]:
        """What was said of these messages; those of which nothing was are left out."""
