"""What was said of messages last (corrections, retractions, reactions), and why it came back."""

from __future__ import annotations

from collections.abc import Collection

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import ConversationId
from whimbrel.model.message import MessageId
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.refusal import Refusal, Statement
from whimbrel.storage.columns import to_jid
from whimbrel.storage.database import Database


class RefusalStore:
    """The table ``refusal``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, message_id: MessageId, kind: OutboxKind, wire_id: str) -> None:
        """Note what is about to be said of a message; what was said before of its kind is of no matter any more."""
        self._database.execute(
            "INSERT OR REPLACE INTO refusal (message_id, kind, wire_id, reason) VALUES (?, ?, ?, NULL)",
            (message_id, kind.value, wire_id),
        )

    def find(self, account_id: AccountId, wire_id: str) -> Statement | None:
        """What was said last of a message, by its stanza's id."""
        row = self._database.row(
            "SELECT message.id, conversation_id, conversation.jid, kind FROM refusal"
            " JOIN message ON message.id = message_id JOIN conversation ON conversation.id = conversation_id"
            " WHERE refusal.wire_id = ? AND message.account_id = ?",
            (wire_id, account_id),
        )
        if row is None:
            return None
        return Statement(MessageId(row[0]), ConversationId(row[1]), to_jid(row[2]), OutboxKind(row[3]))

    def find_wire_id(self, message_id: MessageId, kind: OutboxKind) -> str:
        """The id of what was said of a message and came back; "" where nothing did."""
        row = self._database.row(
            "SELECT wire_id FROM refusal WHERE message_id = ? AND kind = ? AND reason IS NOT NULL",
            (message_id, kind.value),
        )
        return str(row[0]) if row else ""

    def set_reason(self, message_id: MessageId, kind: OutboxKind, reason: str) -> None:
        """It came back."""
        self._database.execute(
            "UPDATE refusal SET reason = ? WHERE message_id = ? AND kind = ?", (reason, message_id, kind.value)
        )

    def remove(self, message_id: MessageId, kind: OutboxKind) -> None:
        """It is of no matter any more."""
        self._database.execute("DELETE FROM refusal WHERE message_id = ? AND kind = ?", (message_id, kind.value))

    def list_refusals(self, message_ids: Collection[MessageId]) -> dict[MessageId, list[Refusal]]:
        """What came back of messages; those of which nothing did are left out."""
        found: dict[MessageId, list[Refusal]] = {}
        for message_id, kind, reason in self._database.rows_among(
            "SELECT message_id, kind, reason FROM refusal WHERE message_id IN ({ids})"
            " AND reason IS NOT NULL ORDER BY message_id, kind",
            message_ids,
        ):
            found.setdefault(MessageId(message_id), []).append(Refusal(OutboxKind(kind), reason))
        return found
