"""What speaks of messages that are not here yet (a correction before its original), until they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from whimbrel.model.account import AccountId
from whimbrel.model.envelope import Envelope
from whimbrel.storage.columns import from_time
from whimbrel.storage.database import Database
from whimbrel.storage.envelopes import COLUMNS, MARKS, to_envelope, to_row

_MOST = 2_000  # of an account: whoever speaks of what will never come must not fill the disk
_MOST_OF_ONE = 20  # of one address about one message: all of it is taken in at once, when that comes
_MOST_BYTES = 4_000_000  # of them together: some are long
_BARE = "substr(sender, 1, instr(sender || '/', '/') - 1)"


class WaitingStore:
    """The table ``waiting``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, envelope: Envelope, waits_for: str) -> None:
        """Keep a stanza until a message bears an id. Of too many, the oldest goes of the address that has the most."""
        self._database.execute(
            f"INSERT INTO waiting (waits_for, {COLUMNS}) VALUES (?, {MARKS})", (waits_for, *to_row(envelope))
        )
        self._database.execute(
            f"DELETE FROM waiting WHERE id IN (SELECT id FROM waiting WHERE account_id = ? AND waits_for = ?"
            f" AND {_BARE} = ? ORDER BY id DESC LIMIT -1 OFFSET {_MOST_OF_ONE})",
            (envelope.account_id, waits_for, str(envelope.sender.bare) if envelope.sender is not None else ""),
        )
        while self._database.row(
            f"SELECT count(*) FROM waiting WHERE account_id = ? HAVING count(*) > {_MOST}"
            f" OR sum(octet_length(stanza)) > {_MOST_BYTES}",
            (envelope.account_id,),
        ):
            self._database.execute(
                "DELETE FROM waiting WHERE id = (SELECT min(id) FROM waiting WHERE account_id = ?"
                f" GROUP BY {_BARE} ORDER BY sum(octet_length(stanza) + {_MOST_BYTES // _MOST}) DESC LIMIT 1)",
                (envelope.account_id,),
            )

    def list_older(self, account_id: AccountId, before: datetime) -> list[int]:
        """What came before a moment and waits still, oldest first."""
        rows = self._database.rows(
            "SELECT id FROM waiting WHERE account_id = ? AND received < ? ORDER BY id", (account_id, from_time(before))
        )
        return [row[0] for row in rows]

    def find_envelope(self, waiting_id: int) -> Envelope | None:
        """One that waits, as it came."""
        row = self._database.row(f"SELECT {COLUMNS} FROM waiting WHERE id = ?", (waiting_id,))
        return to_envelope(row) if row else None

    def remove(self, waiting_id: int) -> None:
        """One waits no longer."""
        self._database.execute("DELETE FROM waiting WHERE id = ?", (waiting_id,))

    def take(self, account_id: AccountId, ids: Collection[str]) -> list[Envelope]:
        """Remove and return what waited for one of these ids, oldest first."""
        if not ids:
            return []
        rows = self._database.rows(
            f"DELETE FROM waiting WHERE account_id = ? AND waits_for IN ({', '.join('?' * len(ids))})"
            f" RETURNING id, {COLUMNS}",
            (account_id, *ids),
        )
        return [to_envelope(row[1:]) for row in sorted(rows, key=lambda row: row[0])]
