"""Messages that a fault of ours kept from being taken in: as they came, until they can be."""

from __future__ import annotations

from typing import NewType

from whimbrel.model.account import AccountId
from whimbrel.model.envelope import Envelope
from whimbrel.storage.database import Database
from whimbrel.storage.envelopes import COLUMNS, MARKS, to_envelope, to_row

DeferredId = NewType("DeferredId", int)


class DeferredStore:
    """The table ``deferred``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_envelope(self, envelope: Envelope) -> None:
        """Keep a message."""
        self._database.execute(f"INSERT INTO deferred ({COLUMNS}) VALUES ({MARKS})", to_row(envelope))

    def list_deferred(self, account_id: AccountId) -> list[DeferredId]:
        """What is kept of an account, oldest first."""
        rows = self._database.rows("SELECT id FROM deferred WHERE account_id = ? ORDER BY id", (account_id,))
        return [DeferredId(row[0]) for row in rows]

    def find_envelope(self, deferred_id: DeferredId) -> Envelope | None:
        """One message, as it came."""
        row = self._database.row(f"SELECT {COLUMNS} FROM deferred WHERE id = ?", (deferred_id,))
        return to_envelope(row) if row else None

    def remove(self, deferred_id: DeferredId) -> None:
        """Remove a message that was taken in."""
        self._database.execute("DELETE FROM deferred WHERE id = ?", (deferred_id,))
