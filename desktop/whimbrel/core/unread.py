"""What has not been read yet."""

from __future__ import annotations

from whimbrel.model.conversation import ConversationId


class Unread:
    """Counts unread messages."""

    def total(self) -> int:
        """Over all conversations."""
        raise NotImplementedError

    def mark_read(self, conversation_id: ConversationId) -> None:
        """Everything in a conversation was seen."""
        raise NotImplementedError

    def set_viewed(self, conversation_id: ConversationId, viewed: bool) -> None:
        """Whether a conversation is being looked at (open, at its end, window active): then nothing counts."""
        raise NotImplementedError
