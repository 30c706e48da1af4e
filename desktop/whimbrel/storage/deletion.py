"""Removes what was said, in portions: whatever belongs to a message goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from whimbrel.model.conversation import ConversationId
from whimbrel.model.message import Message
from whimbrel.storage.columns import from_time
from whimbrel.storage.database import Database
from whimbrel.storage.messages import COLUMNS, to_message


@dataclass(frozen=True, slots=True)
class Removed:
    """What a portion removed: messages, and the paths of local copies of their files."""

    messages: tuple[Message, ...]
    paths: tuple[str, ...]


class DeletionStore:
    """Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, conversation_id: ConversationId | None, before: datetime | None) -> int:
        """How many messages would go."""
        where, parameters = _where(conversation_id, before)
        row = self._database.row(f"SELECT count(*) FROM message WHERE {where}", parameters)
        return row[0] if row else 0

    def last_id(self) -> int:
        """The id of the message that was stored last."""
        row = self._database.row("SELECT coalesce(max(id), 0) FROM message")
        return row[0] if row else 0

    def remove(self, conversation_id: ConversationId, before: datetime | None, up_to: int, most: int) -> Removed:
        """Remove the oldest messages of a conversation, at most so many, none that was stored after ``up_to``."""
        where, parameters = _where(conversation_id, before)
        with self._database.transaction():
            rows = self._database.rows(
                f"SELECT {COLUMNS} FROM message WHERE {where} AND id <= ? ORDER BY time, id LIMIT ?",
                (*parameters, up_to, most),
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


def _where(conversation_id: ConversationId | None, before: datetime | None) -> tuple[str, tuple[object, ...]]:
    conditions, parameters = ["1"], []
    if conversation_id is not None:
        conditions.append("conversation_id = ?")
        parameters.append(int(conversation_id))
    if before is not None:
        conditions.append("time < ?")
        parameters.append(from_time(before))
    return " AND ".join(conditions), tuple(parameters)
