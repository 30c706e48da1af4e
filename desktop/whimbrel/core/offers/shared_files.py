"""What was shared in a conversation."""

from __future__ import annotations

from typing import Protocol

from whimbrel.model.attachment import Attachment
from whimbrel.model.conversation import ConversationId


class FilesOfConversation(Protocol):
    """Knows the pictures and files of conversations."""

    def list_shared(self, conversation_id: ConversationId, limit: int) -> list[Attachment]:
        """The newest pictures and files, both ways."""
