"""Contact requests that nobody has answered yet (RFC 6121 section 3)."""

from __future__ import annotations

from whimbrel.model.account import AccountId
from whimbrel.model.contact import ContactRequest
from whimbrel.model.jid import JID
from whimbrel.storage.columns import from_time, to_jid, to_time
from whimbrel.storage.database import Database, Row

_COLUMNS = "account_id, jid, message, nick, received"


class RequestStore:
    """The table ``contact_request``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_requests(self) -> list[ContactRequest]:
        """The requests of all accounts, oldest first."""
        return [
            _request(row)
            for row in self._database.rows(f"SELECT {_COLUMNS} FROM contact_request ORDER BY received, account_id, jid")
        ]

    def find_request(self, account_id: AccountId, jid: JID) -> ContactRequest | None:
        """The request of an address."""
        row = self._database.row(
            f"SELECT {_COLUMNS} FROM contact_request WHERE account_id = ? AND jid = ?", (account_id, str(jid.bare))
        )
        return _request(row) if row else None

    def add_request(self, request: ContactRequest) -> None:
        """Add a request, in the place of an earlier one of the same address."""
        self._database.execute(
            f"INSERT OR REPLACE INTO contact_request ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)",
            (request.account_id, str(request.jid), request.message, request.nick, from_time(request.received)),
        )

    def remove_request(self, account_id: AccountId, jid: JID) -> bool:
        """Remove a request; returns whether there was one."""
        cursor = self._database.execute(
            "DELETE FROM contact_request WHERE account_id = ? AND jid = ?", (account_id, str(jid.bare))
        )
        return cursor.rowcount > 0


def _request(row: Row) -> ContactRequest:
    account_id, jid, message, nick, received = row
    return ContactRequest(AccountId(account_id), to_jid(jid), message, nick, to_time(received))
