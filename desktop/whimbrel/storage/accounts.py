"""The accounts of this profile. Never their passwords."""

from __future__ import annotations

from whimbrel.model.account import Account, AccountId, ConnectionSettings, Security
from whimbrel.model.jid import JID
from whimbrel.storage.columns import to_jid
from whimbrel.storage.database import Database, Row

_COLUMNS = "id, jid, host, port, security, resource, remember_password, enabled, mechanism, certificate"


class AccountStore:
    """The table ``account``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_accounts(self) -> list[Account]:
        """All accounts, in the order in which they were added."""
        return [_account(row) for row in self._database.rows(f"SELECT {_COLUMNS} FROM account ORDER BY id")]

    def find_account(self, account_id: AccountId) -> Account | None:
        """One account."""
        row = self._database.row(f"SELECT {_COLUMNS} FROM account WHERE id = ?", (account_id,))
        return _account(row) if row else None

    def find_by_jid(self, jid: JID) -> Account | None:
        """The account of an address."""
        row = self._database.row(f"SELECT {_COLUMNS} FROM account WHERE jid = ?", (str(jid.bare),))
        return _account(row) if row else None

    def add_account(
        self, jid: JID, settings: ConnectionSettings, remember_password: bool, certificate: str = ""
    ) -> Account:
        """Add an account; an address that is there already raises sqlcipher3's IntegrityError."""
        values = (str(jid.bare), *_settings(settings), remember_password, True, certificate)
        cursor = self._database.execute(
            "INSERT INTO account (jid, host, port, security, resource, remember_password, enabled, certificate)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        return Account(AccountId(cursor.lastrowid), jid.bare, settings, remember_password, certificate=certificate)

    def set_account(self, account: Account) -> None:
        """Write an account that exists."""
        self._database.execute(
            "UPDATE account SET jid = ?, host = ?, port = ?, security = ?, resource = ?, remember_password = ?,"
            " enabled = ?, mechanism = ?, certificate = ? WHERE id = ?",
            (
                str(account.jid),
                *_settings(account.settings),
                account.remember_password,
                account.enabled,
                account.mechanism,
                account.certificate,
                account.id,
            ),
        )

    def remove_account(self, account_id: AccountId) -> None:
        """Remove an account and all that belongs to it: contacts, requests, conversations, messages, outbox."""
        self._database.execute("DELETE FROM account WHERE id = ?", (account_id,))


def _settings(settings: ConnectionSettings) -> tuple[str, int, str, str]:
    return settings.host, settings.port, settings.security.value, settings.resource


def _account(row: Row) -> Account:
    account_id, jid, host, port, security, resource, remember, enabled, mechanism, certificate = row
    settings = ConnectionSettings(host, port, Security(security), resource)
    return Account(AccountId(account_id), to_jid(jid), settings, bool(remember), bool(enabled), mechanism, certificate)
