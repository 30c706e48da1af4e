"""What addresses tell of themselves: nickname, hash of their avatar; and the pictures, by hash."""

from __future__ import annotations

from dataclasses import dataclass

from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID
from whimbrel.storage.columns import to_jid
from whimbrel.storage.database import Database


@dataclass(frozen=True, slots=True)
class Hashes:
    """Whose pictures are which, as SHA-1 in hexadecimal; "" for none."""

    account_id: AccountId
    jid: JID  # bare
    avatar: str  # published (XEP-0084)
    photo: str  # in the vCard (XEP-0153)


class PeopleStore:
    """The tables ``person`` and ``picture``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_hashes(self) -> list[Hashes]:
        """Everybody who has a picture."""
        rows = self._database.rows(
            "SELECT account_id, jid, avatar, photo FROM person WHERE avatar <> '' OR photo <> ''"
        )
        return [Hashes(AccountId(account_id), to_jid(jid), avatar, photo) for account_id, jid, avatar, photo in rows]

    def set_hashes(self, hashes: Hashes) -> None:
        """Write whose pictures are which."""
        self._database.execute(
            "INSERT INTO person (account_id, jid, avatar, photo) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET avatar = excluded.avatar, photo = excluded.photo",
            (hashes.account_id, str(hashes.jid.bare), hashes.avatar, hashes.photo),
        )

    def find_nick(self, account_id: AccountId, jid: JID) -> str:
        """The nickname that an address gives itself, or nothing."""
        row = self._database.row(
            "SELECT nick FROM person WHERE account_id = ? AND jid = ?", (account_id, str(jid.bare))
        )
        return str(row[0]) if row else ""

    def set_nick(self, account_id: AccountId, jid: JID, nick: str) -> None:
        """Write a nickname; "" for none."""
        self._database.execute(
            "INSERT INTO person (account_id, jid, nick) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET nick = excluded.nick",
            (account_id, str(jid.bare), nick),
        )

    def has_picture(self, hash_: str) -> bool:
        """Whether a picture is here."""
        return self._database.row("SELECT 1 FROM picture WHERE hash = ?", (hash_,)) is not None

    def find_picture(self, hash_: str) -> bytes | None:
        """The picture with a hash, as it was fetched; None where it is not here."""
        row = self._database.row("SELECT data FROM picture WHERE hash = ?", (hash_,))
        return bytes(row[0]) if row else None

    def add_picture(self, hash_: str, data: bytes) -> None:
        """Keep a picture; its hash was compared."""
        self._database.execute("INSERT OR REPLACE INTO picture (hash, data) VALUES (?, ?)", (hash_, data))

    def remove_unused(self) -> None:
        """Remove the pictures that nobody has any more."""
        self._database.execute(
            "DELETE FROM picture WHERE hash NOT IN (SELECT avatar FROM person UNION ALL SELECT photo FROM person)"
        )
