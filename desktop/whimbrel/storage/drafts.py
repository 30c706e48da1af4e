"""What was typed and not sent."""

from __future__ import annotations

from whimbrel.model.conversation import ConversationId
from whimbrel.storage.database import Database


class DraftStore:
    """The table ``draft``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_draft(self, conversation_id: ConversationId) -> str:
        """The draft of a conversation, or nothing."""
        row = self._database.row("SELECT body FROM draft WHERE conversation_id = ?", (conversation_id,))
        return str(row[0]) if row else ""

    def set_draft(self, conversation_id: ConversationId, text: str) -> None:
        """Keep a draft; an empty one is removed. None is kept of a conversation that is gone."""
        if text:
            self._database.execute(
                "INSERT OR REPLACE INTO draft (conversation_id, body) SELECT id, ? FROM conversation WHERE id = ?",
                (text, conversation_id),
            )
        else:
            self._database.execute("DELETE FROM draft WHERE conversation_id = ?", (conversation_id,))
