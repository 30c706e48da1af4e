"""The texts of messages that were corrected, and the ids of messages that the person deleted here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from whimbrel.model.conversation import ConversationId
from whimbrel.model.message import Message, MessageId, Reference
from whimbrel.model.version import Version
from whimbrel.storage.columns import from_time, to_time
from whimbrel.storage.database import Database

_MOST = 50
"""Texts of a message that are kept besides the first: whoever corrects without end must not fill the disk."""


class VersionStore:
    """The table ``version``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, message: Message, version: Version) -> bool:
        """Keep the text of a correction, and at the first one that which it had; returns whether it is new.

        Of too many, those that were sent first go.
        """
        first = Version("", message.body, message.time)
        added = False
        for one in (version,) if message.edited else (first, version):
            rows = self._database.rows(
                "INSERT INTO version (message_id, correction_id, body, time) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING RETURNING 1",
                (message.id, one.correction_id, one.body, from_time(one.time)),
            )
            added = bool(rows)
        self._database.execute(
            "DELETE FROM version WHERE message_id = ?1 AND correction_id IN (SELECT correction_id FROM version"
            " WHERE message_id = ?1 AND correction_id <> '' ORDER BY time DESC, correction_id DESC LIMIT -1 OFFSET ?2)",
            (message.id, _MOST),
        )
        return added

    def list_versions(self, message_id: MessageId) -> list[Version]:
        """All texts, the first one first, then by time of sending; none where it was never corrected."""
        rows = self._database.rows(
            "SELECT correction_id, body, time FROM version WHERE message_id = ?"
            " ORDER BY correction_id <> '', time, correction_id",
            (message_id,),
        )
        return [Version(correction_id, body, to_time(time)) for correction_id, body, time in rows]

    def find_last(self, message_id: MessageId) -> Version | None:
        """The text that counts; None where it was never corrected."""
        row = self._database.row(
            "SELECT correction_id, body, time FROM version WHERE message_id = ?"
            " ORDER BY correction_id <> '' DESC, time DESC, correction_id DESC LIMIT 1",
            (message_id,),
        )
        return Version(row[0], row[1], to_time(row[2])) if row else None

    def find_newest_time(self, message_id: MessageId) -> datetime | None:
        """When the last of all texts was sent; None where there is none."""
        row = self._database.row("SELECT max(time) FROM version WHERE message_id = ?", (message_id,))
        return to_time(row[0]) if row and row[0] is not None else None

    def set_time(self, message_id: MessageId, correction_id: str, time: datetime) -> None:
        """A correction left only now."""
        self._database.execute(
            "UPDATE version SET time = ? WHERE message_id = ? AND correction_id = ?",
            (from_time(time), message_id, correction_id),
        )

    def remove_version(self, message_id: MessageId, correction_id: str) -> None:
        """Forget a correction that nobody has seen."""
        self._database.execute(
            "DELETE FROM version WHERE message_id = ? AND correction_id = ?", (message_id, correction_id)
        )

    def remove_all(self, message_id: MessageId) -> None:
        """Forget all texts of a message: it was taken back."""
        self._database.execute("DELETE FROM version WHERE message_id = ?", (message_id,))


class DeletedStore:
    """The table ``deleted``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, message: Message) -> None:
        """Note all ids that a message bears; call it before the message goes."""
        self._database.execute(
            "INSERT OR IGNORE INTO deleted (conversation_id, value, kind, scope)"
            " SELECT ?, value, kind, scope FROM reference WHERE message_id = ?",
            (message.conversation_id, message.id),
        )

    def is_empty(self) -> bool:
        """Whether nothing was ever deleted."""
        return self._database.row("SELECT 1 FROM deleted LIMIT 1") is None

    def has_any(self, conversation_id: ConversationId, references: Sequence[Reference]) -> bool:
        """Whether a message of a conversation that bore one of these ids was deleted."""
        return any(
            self._database.row(
                "SELECT 1 FROM deleted WHERE conversation_id = ? AND value = ? AND kind = ? AND scope = ?",
                (conversation_id, reference.value, reference.kind.value, str(reference.scope)),
            )
            is not None
            for reference in references
        )
