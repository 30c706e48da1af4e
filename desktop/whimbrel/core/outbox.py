"""The outbox: what the person did, kept on disk until the server has it."""

from __future__ import annotations

from whimbrel.model.conversation import ConversationId
from whimbrel.model.message import Message, MessageId


class Outbox:
    """Takes messages and other actions; they go out by themselves."""

    def submit(self, conversation_id: ConversationId, body: str) -> Message:
        """Write a message. Raises KnownError DISK_FULL (then nothing changed), ValueError for an empty body."""
        raise NotImplementedError

    def retry(self, message_id: MessageId) -> None:
        """Send a failed message again."""
        raise NotImplementedError

    def discard(self, message_id: MessageId) -> None:
        """Remove a failed or waiting message."""
        raise NotImplementedError
