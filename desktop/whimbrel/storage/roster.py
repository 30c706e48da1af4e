"""The roster as the server last told it (RFC 6121 section 2), and its version (section 2.6)."""

from __future__ import annotations

import json
from collections.abc import Iterable

from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.jid import JID
from whimbrel.storage.columns import to_jid
from whimbrel.storage.database import Database, Row

_COLUMNS = "account_id, jid, name, groups, subscription, ask, approved, removed_by_them"
_SELECT = (
    f"SELECT {_COLUMNS}, ifnull(nick, '') FROM contact LEFT JOIN person USING (account_id, jid) WHERE account_id = ?"
)
_SET = f"INSERT OR REPLACE INTO contact ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class RosterStore:
    """The table ``contact``, read with the nicknames that contacts give themselves (``PeopleStore``).

    Its methods raise KnownError as :meth:`Database.transaction` does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_contacts(self, account_id: AccountId) -> list[Contact]:
        """The contacts of an account, by address."""
        rows = self._database.rows(f"{_SELECT} ORDER BY jid", (account_id,))
        return [_contact(row) for row in rows]

    def list_names(self, account_id: AccountId) -> list[tuple[str, str]]:
        """Addresses of contacts, and what these are called (``Contact.label``): cheaper than all that is known."""
        rows = self._database.rows(
            "SELECT jid, coalesce(nullif(name, ''), nullif(nick, ''), jid) FROM contact"
            " LEFT JOIN person USING (account_id, jid) WHERE account_id = ?",
            (account_id,),
        )
        return [(jid, label) for jid, label in rows]

    def find_contact(self, account_id: AccountId, jid: JID) -> Contact | None:
        """The contact of an address."""
        row = self._database.row(f"{_SELECT} AND jid = ?", (account_id, str(jid.bare)))
        return _contact(row) if row else None

    def has_contact(self, account_id: AccountId, jid: JID) -> bool:
        """Whether an address is a contact's: cheaper than all that is known of them."""
        row = self._database.row("SELECT 1 FROM contact WHERE account_id = ? AND jid = ?", (account_id, str(jid.bare)))
        return row is not None

    def sees_us(self, account_id: AccountId, jid: JID) -> bool:
        """Whether an address has a subscription to our presence."""
        row = self._database.row(
            "SELECT 1 FROM contact WHERE account_id = ? AND jid = ? AND subscription IN ('from', 'both')",
            (account_id, str(jid.bare)),
        )
        return row is not None

    def set_contact(self, contact: Contact) -> None:
        """Add a contact, or write one that exists."""
        self._database.execute(_SET, _values(contact))

    def remove_contact(self, account_id: AccountId, jid: JID) -> None:
        """Remove a contact; its conversation stays."""
        self._database.execute("DELETE FROM contact WHERE account_id = ? AND jid = ?", (account_id, str(jid.bare)))

    def replace(self, account_id: AccountId, contacts: Iterable[Contact], version: str | None) -> None:
        """Put a whole roster in the place of the one that is known."""
        with self._database.transaction():
            self._database.execute("DELETE FROM contact WHERE account_id = ?", (account_id,))
            for contact in contacts:
                self._database.execute(_SET, _values(contact))
            self.set_version(account_id, version)

    def version(self, account_id: AccountId) -> str | None:
        """The version that the server gave the roster; None where none was ever fetched."""
        row = self._database.row("SELECT roster_version FROM account WHERE id = ?", (account_id,))
        return row[0] if row else None

    def set_version(self, account_id: AccountId, version: str | None) -> None:
        """Write the roster's version."""
        self._database.execute("UPDATE account SET roster_version = ? WHERE id = ?", (version, account_id))


def _values(contact: Contact) -> tuple[object, ...]:
    return (
        contact.account_id,
        str(contact.jid),
        contact.name,
        json.dumps(sorted(contact.groups), ensure_ascii=False),
        contact.subscription.value,
        contact.ask,
        contact.approved,
        contact.removed_by_them,
    )


def _contact(row: Row) -> Contact:
    account_id, jid, name, groups, subscription, ask, approved, removed, nick = row
    return Contact(
        AccountId(account_id),
        to_jid(jid),
        name,
        frozenset(json.loads(groups)),
        Subscription(subscription),
        bool(ask),
        bool(approved),
        bool(removed),
        nick,
    )
