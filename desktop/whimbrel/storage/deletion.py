"""Removes what was said, in portions: whatever belongs to a message goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from whimbrel.model.conversation import ConversationId
from whimbrel.model.message import Message
from whimbrel.storage.columns import from_time
from whimbrel.storage.database import Database
from whimbrel.storage.messages import COLUMNS, to_message
from whimbrel.storage.reader import Errand

_END = 2**62  # after all that is said


@dataclass(frozen=True, slots=True)
class Removed:
    """What a portion removed: messages, and the paths of local copies of their files."""

    messages: tuple[Message, ...]
    paths: tuple[str, ...]


class DeletionStore:
    """Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, conversation_id: ConversationId | None, before: datetime | None, errand: Errand) -> int:
        """How many messages would go; counted beside the connection that writes, since that may take long.

        Raises Interrupted where the errand was given up.
        """
        reader = self._database.reader
        with reader.use(errand):
            rows = reader.rows(  # by conversation: so it is counted in the index alone
                "SELECT count(*) FROM conversation CROSS JOIN message ON conversation_id = conversation.id"
                " WHERE (?1 IS NULL OR conversation.id = ?1) AND time < ?2",
                (conversation_id, _END if before is None else from_time(before)),
            )
        return int(rows[0][0])

    def last_id(self) -> int:
        """The id of the message that was stored last."""
        row = self._database.row("SELECT coalesce(max(id), 0) FROM message")
        return row[0] if row else 0

    def remove(self, conversation_id: ConversationId, before: datetime | None, up_to: int, most: int) -> Removed:
        """Remove the oldest messages of a conversation, at most so many, none that was stored after ``up_to``."""
        with self._database.transaction():
            rows = self._database.rows(
                f"SELECT {COLUMNS} FROM message WHERE conversation_id = ? AND time < ? AND id <= ?"
                " ORDER BY time, id LIMIT ?",
                (conversation_id, _END if before is None else from_time(before), up_to, most),
            )
            ids = [row[0] for row in rows]
            marks = ", ".join("?" * len(ids))
            paths = self._database.rows(
                f"SELECT path FROM attachment WHERE message_id IN ({marks}) AND path <> ''", ids
            )
            self._database.execute(f"DELETE FROM message WHERE id IN ({marks})", ids)
        return Removed(tuple(to_message(row) for row in rows), tuple(path for (path,) in paths))

    def is_used(self, path: str) -> bool:
        """Whether a local copy belongs to another message too."""
        return self._database.row("SELECT 1 FROM attachment WHERE path = ? LIMIT 1", (path,)) is not None

    def remove_conversation(self, conversation_id: ConversationId) -> bool:
        """Remove a conversation in which nothing is left; returns whether that was so."""
        removed = self._database.rows(
            "DELETE FROM conversation WHERE id = ?1 AND NOT EXISTS"
            " (SELECT 1 FROM message WHERE conversation_id = ?1) RETURNING id",
            (conversation_id,),
        )
        return bool(removed)
