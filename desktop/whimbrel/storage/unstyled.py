"""The messages whose senders want no styling."""

from __future__ import annotations

from collections.abc import Collection

from whimbrel.model.message import MessageId
from whimbrel.storage.database import Database

_PAGE = 500  # parameters of one query


class UnstyledStore:
    """The table ``unstyled``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, message_id: MessageId) -> None:
        """Note a message."""
        self._database.execute("INSERT INTO unstyled VALUES (?) ON CONFLICT DO NOTHING", (message_id,))

    def list_unstyled(self, message_ids: Collection[MessageId]) -> frozenset[MessageId]:
        """Those of these messages that were noted."""
        found: set[MessageId] = set()
        ids = list(message_ids)
        for start in range(0, len(ids), _PAGE):
            some = ids[start : start + _PAGE]
            marks = ", ".join("?" * len(some))
            rows = self._database.rows(f"SELECT message_id FROM unstyled WHERE message_id IN ({marks})", some)
            found.update(MessageId(row[0]) for row in rows)
        return frozenset(found)
