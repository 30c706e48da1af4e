"""Sessions that their servers may still hold (XEP-0198)."""

from __future__ import annotations

from whimbrel.model.account import AccountId
from whimbrel.model.stream import ResumableSession
from whimbrel.storage.columns import to_jid
from whimbrel.storage.database import Database


class SessionStore:
    """The table ``session``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_session(self, account_id: AccountId) -> ResumableSession | None:
        """The account's last session that can be resumed."""
        row = self._database.row(
            "SELECT session_id, address, location, handled FROM session WHERE account_id = ?", (account_id,)
        )
        return ResumableSession(row[0], to_jid(row[1]), row[2], row[3]) if row else None

    def set_session(self, account_id: AccountId, session: ResumableSession | None) -> None:
        """Keep a session instead of the last one; None: there is none."""
        if session is None:
            self._database.execute("DELETE FROM session WHERE account_id = ?", (account_id,))
            return
        self._database.execute(
            "INSERT OR REPLACE INTO session (account_id, session_id, address, location, handled)"
            " VALUES (?, ?, ?, ?, ?)",
            (account_id, session.session_id, str(session.address), session.location, session.handled),
        )

    def set_handled(self, account_id: AccountId, handled: int) -> None:
        """So many stanzas of the server's are done with."""
        self._database.execute("UPDATE session SET handled = ? WHERE account_id = ?", (handled, account_id))
