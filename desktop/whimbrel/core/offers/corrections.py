"""What the interface asks of corrections."""

from __future__ import annotations

from typing import Protocol

from whimbrel.model.message import Message, MessageId
from whimbrel.model.version import Version


class Corrector(Protocol):
    """Gives sent messages another text."""

    def can_correct(self, message: Message) -> bool:
        """Whether a message is the person's own, and one whose text can be another."""

    def correct(self, message_id: MessageId, body: str) -> bool:
        """Give a message of the person's another text. What has not left yet is simply changed, what failed sent again.

        Returns:
            False where it cannot be corrected any more (it was deleted meanwhile); then nothing changed.

        Raises:
            KnownError: DISK_FULL; then nothing changed.
        """

    def retry(self, message_id: MessageId) -> None:
        """Send a correction that was refused again. Raises KnownError DISK_FULL; then nothing changed."""

    def undo(self, message_id: MessageId) -> None:
        """Give a message the text back that it had before a correction that was refused: what the others have.

        Raises:
            KnownError: DISK_FULL; then nothing changed.
        """

    def versions(self, message_id: MessageId) -> list[Version]:
        """All texts that a message had, the first one first; none where it was never corrected."""
