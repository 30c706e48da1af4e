"""What the interface asks of deleting."""

from __future__ import annotations

from typing import Protocol

from whimbrel.model.message import Message, MessageId


class Eraser(Protocol):
    """Takes messages back, or deletes them here."""

    def can_retract(self, message: Message) -> bool:
        """Whether a message is the person's own, and can be deleted for everyone."""

    def retract(self, message_id: MessageId, words: str) -> None:
        """Delete a message of the person's for everyone; one that has not left yet is gone without a trace.

        Does nothing where that is not possible any more.

        Args:
            words: what programs that do not know of retractions show instead.

        Raises:
            KnownError: DISK_FULL; then nothing changed.
        """

    def retry(self, message_id: MessageId, words: str) -> None:
        """Ask again to delete a message, where that was refused. Raises KnownError DISK_FULL; then nothing changed."""

    def delete_here(self, message_id: MessageId) -> None:
        """Delete a message on this device only. Raises KnownError DISK_FULL; then nothing changed."""
