"""Messages that a fault of ours kept from being taken in: as they came, until they can be."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import NewType

from whimbrel.model.account import AccountId
from whimbrel.model.envelope import Envelope, Source
from whimbrel.storage.columns import from_time, to_jid, to_time
from whimbrel.storage.database import Database, Row

DeferredId = NewType("DeferredId", int)

_AS_IT_CAME = "account_id, own_jid, sender, recipient, type, wire_id, stanza, received, source, archive_ids"
_COLUMNS = f"{_AS_IT_CAME}, archive_id, stamp, news"


class DeferredStore:
    """The table ``deferred``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_envelope(self, envelope: Envelope) -> None:
        """Keep a message."""
        self._database.execute(
            f"INSERT INTO deferred ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                envelope.account_id,
                str(envelope.own_jid),
                str(envelope.sender or ""),
                str(envelope.recipient or ""),
                envelope.type,
                envelope.wire_id,
                ET.tostring(envelope.element, encoding="unicode"),
                from_time(envelope.received),
                envelope.source.value,
                envelope.archive_ids,
                envelope.archive_id,
                None if envelope.stamp is None else from_time(envelope.stamp),
                envelope.news,
            ),
        )

    def list_deferred(self, account_id: AccountId) -> list[DeferredId]:
        """What is kept of an account, oldest first."""
        rows = self._database.rows("SELECT id FROM deferred WHERE account_id = ? ORDER BY id", (account_id,))
        return [DeferredId(row[0]) for row in rows]

    def find_envelope(self, deferred_id: DeferredId) -> Envelope | None:
        """One message, as it came."""
        row = self._database.row(f"SELECT {_COLUMNS} FROM deferred WHERE id = ?", (deferred_id,))
        return _envelope(row) if row else None

    def remove(self, deferred_id: DeferredId) -> None:
        """Remove a message that was taken in."""
        self._database.execute("DELETE FROM deferred WHERE id = ?", (deferred_id,))


def _envelope(row: Row) -> Envelope:
    account_id, own_jid, sender, recipient, type_, wire_id, stanza, received, source, archive_ids, *archived = row
    archive_id, stamp, news = archived
    return Envelope(
        AccountId(account_id),
        to_jid(own_jid),
        to_jid(sender) if sender else None,
        to_jid(recipient) if recipient else None,
        type_,
        wire_id,
        ET.fromstring(stanza),
        to_time(received),
        Source(source),
        bool(archive_ids),
        archive_id,
        None if stamp is None else to_time(stamp),
        bool(news),
    )
