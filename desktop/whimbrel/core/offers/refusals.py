"""What the interface asks of what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from whimbrel.model.message import Message, MessageId
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.refusal import Refusal


class Refusals(Protocol):
    """Knows which corrections, retractions and reactions came back. ``MessagesAnnotated`` tells of changes."""

    def refusals(self, messages: Sequence[Message]) -> Mapping[MessageId, Sequence[Refusal]]:
        """What came back of these messages; those of which nothing did are left out."""

    def dismiss(self, message_id: MessageId, kind: OutboxKind) -> None:
        """The person knows, and leaves it at that. Raises KnownError DISK_FULL; then nothing changed."""
