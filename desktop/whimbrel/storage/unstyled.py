"""The messages whose senders want no styling."""

from __future__ import annotations

from collections.abc import Collection

from whimbrel.model.message import MessageId
from whimbrel.storage.database import Database


class UnstyledStore:
    """The table ``unstyled``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, message_id: MessageId) -> None:
        """Note a message."""
        self._database.execute("INSERT INTO unstyled VALUES (?) ON CONFLICT DO NOTHING", (message_id,))

    def list_unstyled(self, message_ids: Collection[MessageId]) -> frozenset[MessageId]:
        """Those of these messages that were noted."""
        rows = self._database.rows_among("SELECT message_id FROM unstyled WHERE message_id IN ({ids})", message_ids)
        return frozenset(MessageId(row[0]) for row in rows)
