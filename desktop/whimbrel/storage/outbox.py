"""Actions of the person that wait for their account's stream."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from whimbrel.model.account import AccountId
from whimbrel.model.message import MessageId
from whimbrel.model.outbox import JSON, OutboxId, OutboxKind, OutboxRow
from whimbrel.storage.columns import from_time, to_time
from whimbrel.storage.database import Database, Row

_COLUMNS = "id, account_id, kind, key, lane, payload, message_id, in_flight, created, unconfirmed, sequence"
_SAID = ", ".join(f"'{kind.value}'" for kind in OutboxKind if kind.is_said)
_IS_SAID = f"(kind IN ({_SAID}))"


class OutboxStore:
    """The table ``outbox``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        account_id: AccountId,
        kind: OutboxKind,
        key: str,
        lane: str,
        payload: Mapping[str, JSON],
        message_id: MessageId | None = None,
        sequence: int | None = None,
    ) -> None:
        """Add an action at the end; in flight where ``sequence`` tells as which stanza (XEP-0198).

        One with the same kind and key goes, even one in flight: the new row has another id, so that the answer to the
        old one removes nothing.
        """
        text = json.dumps(payload, ensure_ascii=False)
        created = from_time(datetime.now(UTC))
        self._database.execute(
            "INSERT OR REPLACE INTO outbox"
            " (account_id, kind, key, lane, payload, message_id, created, in_flight, sequence)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (account_id, kind.value, key, lane, text, message_id, created, sequence is not None, sequence),
        )

    def list_pending(self, account_id: AccountId, kinds: Collection[OutboxKind] = ()) -> list[OutboxRow]:
        """All actions of an account, oldest first, with those in flight; ``kinds``: only those of these kinds."""
        of_kinds = f" AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM outbox WHERE account_id = ?{of_kinds} ORDER BY id",
            (account_id, *(kind.value for kind in kinds)),
        )
        return [_row(row) for row in rows]

    def list_waiting(self, account_id: AccountId, lane: str, said: bool, limit: int) -> list[OutboxRow]:
        """What is to be said to an address, or (``said`` False) asked about it, oldest first.

        Nothing where it is not known of one whether the server has it.
        """
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM outbox WHERE account_id = ?1 AND lane = ?2 AND in_flight = 0 AND {_IS_SAID} = ?3"
            " AND NOT EXISTS (SELECT 1 FROM outbox WHERE account_id = ?1 AND lane = ?2 AND in_flight = 0"
            f" AND {_IS_SAID} = ?3 AND unconfirmed) ORDER BY id LIMIT ?4",
            (account_id, lane, said, limit),
        )
        return [_row(row) for row in rows]

    def list_lanes(self, account_id: AccountId) -> list[tuple[str, bool]]:
        """Where something is to be carried out: addresses, and whether it is to be said to them."""
        rows = self._database.rows(
            f"SELECT lane, {_IS_SAID}, min(id) FROM outbox WHERE account_id = ? AND in_flight = 0"
            " GROUP BY 1, 2 HAVING NOT max(unconfirmed) ORDER BY 3",
            (account_id,),
        )
        return [(lane, bool(said)) for lane, said, _ in rows]

    def find_by_message(self, message_id: MessageId) -> OutboxRow | None:
        """The action that sends a message."""
        row = self._database.row(f"SELECT {_COLUMNS} FROM outbox WHERE message_id = ?", (message_id,))
        return _row(row) if row else None

    def find_by_key(self, account_id: AccountId, kind: OutboxKind, key: str) -> OutboxRow | None:
        """The action with a key."""
        row = self._database.row(
            f"SELECT {_COLUMNS} FROM outbox WHERE account_id = ? AND kind = ? AND key = ?",
            (account_id, kind.value, key),
        )
        return _row(row) if row else None

    def set_in_flight(self, outbox_id: OutboxId, in_flight: bool, sequence: int | None = None) -> None:
        """Write whether an action was handed to the stream, and as which of its stanzas (XEP-0198)."""
        self._database.execute(
            "UPDATE outbox SET in_flight = ?, sequence = ? WHERE id = ?", (in_flight, sequence, outbox_id)
        )

    def set_unconfirmed(self, account_id: AccountId) -> None:
        """The session is gone: whether the server has what was in flight in it is not known."""
        self._database.execute(
            "UPDATE outbox SET in_flight = 0, sequence = NULL, unconfirmed = 1 WHERE account_id = ? AND in_flight",
            (account_id,),
        )

    def forget_sequences(self, account_id: AccountId) -> None:
        """What is in flight has no number in the session that begins."""
        self._database.execute("UPDATE outbox SET sequence = NULL WHERE account_id = ?", (account_id,))

    def set_waiting(self, outbox_id: OutboxId) -> None:
        """An action is to be carried out again."""
        self._database.execute(
            "UPDATE outbox SET in_flight = 0, sequence = NULL, unconfirmed = 0 WHERE id = ?", (outbox_id,)
        )

    def remove(self, outbox_id: OutboxId) -> None:
        """Remove an action that is done, or given up."""
        self._database.execute("DELETE FROM outbox WHERE id = ?", (outbox_id,))


def _row(row: Row) -> OutboxRow:
    outbox_id, account_id, kind, key, lane, payload, message_id, in_flight, created, unconfirmed, sequence = row
    return OutboxRow(
        OutboxId(outbox_id),
        AccountId(account_id),
        OutboxKind(kind),
        key,
        lane,
        json.loads(payload),
        None if message_id is None else MessageId(message_id),
        bool(in_flight),
        to_time(created),
        bool(unconfirmed),
        sequence,
    )
