"""Raw connections to a database file, and what its first bytes tell about it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from sqlcipher3 import dbapi2

from whimbrel.storage.failures import known_os_error

KEY_BYTES = 32
PLAIN_HEADER = b"SQLite format 3\0"
_SALT_BYTES = 16
_PAGE_BYTES = 4096
_BUSY_SECONDS = 1.0
_DIFFERENT_BYTES_OF_A_RANDOM_PAGE = 200  # of 256; 4096 random bytes have nearly all


class Cursor(Protocol):
    """The part of a DB-API cursor that the stores use."""

    @property
    def lastrowid(self) -> int:
        """The id of the row that was inserted."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The remaining rows."""


class Connection(Protocol):
    """The part of a DB-API connection that this room uses."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> Cursor:
        """Run one statement."""

    def executescript(self, script: str) -> Cursor:
        """Run several statements."""

    def interrupt(self) -> None:
        """End what runs on it, from whatever thread."""

    def close(self) -> None:
        """Let go of the file."""


def connect(path: Path, key: bytes | None, *, any_thread: bool = False) -> Connection:
    """A connection without automatic transactions. Reads nothing yet; raises the errors of DB-API.

    Args:
        any_thread: whoever uses it sees to it that only one thread does at a time.
    """
    connection = cast(
        Connection,
        dbapi2.connect(
            str(path),
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            cached_statements=256,
            check_same_thread=not any_thread,
        ),
    )
    connection.execute("PRAGMA cipher_log_level = NONE")
    if key is not None:
        connection.execute(f'PRAGMA key = "{key_text(key)}"')
    return connection


def key_text(key: bytes) -> str:
    """The raw key and its salt as SQLCipher takes them.

    The salt stands at the start of the file. It is derived from the key, which is random and used for one file, so
    that a file tells whether a key is its own (https://www.zetetic.net/sqlcipher/sqlcipher-api/#key).

    Raises:
        ValueError: where the key has not 32 bytes.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(key)}")
    return f"x'{key.hex()}{_salt(key).hex()}'"


def has_salt_of(path: Path, key: bytes) -> bool:
    """Whether a file was encrypted with this key."""
    with path.open("rb") as file:
        return hmac.compare_digest(file.read(_SALT_BYTES), _salt(key))


def is_encrypted_file(path: Path) -> bool | None:
    """Whether a file is an encrypted database; None where there is no file, or an empty one.

    A damaged plain one, which has neither SQLite's header nor bytes that look random, counts as plain.

    Raises:
        KnownError: DISK_FULL where the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            page = file.read(_PAGE_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise known_os_error(error) from error
    if not page:
        return None
    if page.startswith(PLAIN_HEADER):
        return False
    return len(page) == _PAGE_BYTES and len(set(page)) > _DIFFERENT_BYTES_OF_A_RANDOM_PAGE


def _salt(key: bytes) -> bytes:
    return hmac.digest(key, b"whimbrel history salt", hashlib.sha256)[:_SALT_BYTES]
