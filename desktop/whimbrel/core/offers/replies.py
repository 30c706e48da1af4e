"""Answering messages, and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from whimbrel.model.message import Message, MessageId
from whimbrel.model.reply import Quote


class Replies(Protocol):
    """Knows which messages answer which. ``MessagesAnnotated`` tells that a quote is another now."""

    def can_answer(self, message: Message) -> bool:
        """Whether there is a name for a message that the other side knows."""

    def answer(self, original: Message) -> Callable[[Message], None]:
        """What writes, in the transaction of a new message, that it answers ``original``.

        For ``Outbox.submit(also=…)``. It raises KnownError DISK_FULL.
        """

    def quotes(self, messages: Sequence[Message]) -> Mapping[MessageId, Quote]:
        """What those of these messages that are replies answer."""
