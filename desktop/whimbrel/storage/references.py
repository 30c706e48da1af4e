"""The ids by which others speak of messages: one table for all kinds."""

from __future__ import annotations

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import MessageId, Reference, ReferenceKind
from whimbrel.storage.database import Database


class ReferenceStore:
    """The table ``reference``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, account_id: AccountId, message_id: MessageId, reference: Reference) -> None:
        """Note an id of a message; one that is noted already stays. An empty one is none."""
        if reference.value:
            self._database.execute(
                "INSERT OR IGNORE INTO reference (account_id, kind, scope, value, message_id) VALUES (?, ?, ?, ?, ?)",
                (account_id, reference.kind.value, str(reference.scope), reference.value, message_id),
            )

    def find(self, account_id: AccountId, kind: ReferenceKind, scope: JID, value: str) -> MessageId | None:
        """The message that an id means; of several, the one stored last. An empty id means none."""
        if not value:
            return None
        row = self._database.row(
            "SELECT message_id FROM reference WHERE account_id = ? AND value = ? AND kind = ? AND scope = ?"
            " ORDER BY reference.message_id DESC LIMIT 1",
            (account_id, value, kind.value, str(scope)),
        )
        return MessageId(row[0]) if row else None

    def find_in(self, conversation_id: ConversationId, reference: Reference) -> MessageId | None:
        """The message of a conversation that bears an id; of several, the one stored last."""
        row = self._database.row(
            "SELECT max(message.id) FROM conversation JOIN reference ON reference.account_id = conversation.account_id"
            " JOIN message ON message.id = message_id AND conversation_id = conversation.id"
            " WHERE conversation.id = ? AND value = ? AND kind = ? AND scope = ?",
            (conversation_id, reference.value, reference.kind.value, str(reference.scope)),
        )
        return MessageId(row[0]) if row and row[0] is not None else None
