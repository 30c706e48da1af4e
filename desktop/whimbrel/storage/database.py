"""The history of one profile: one SQLite file, encrypted by SQLCipher where there is a key."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.storage.connection import Connection, Cursor, connect, has_salt_of, is_encrypted_file
from whimbrel.storage.encryption import encrypt, set_aside
from whimbrel.storage.failures import known_error, known_failures, known_os_error
from whimbrel.storage.lock import FileLock
from whimbrel.storage.reader import Reader
from whimbrel.storage.schema import migrate

__all__ = ["Database", "encrypt", "set_aside"]

Row = tuple[Any, ...]

_MOST_IDS = 500  # in one query
_SURROGATE = re.compile("[\ud800-\udfff]")


class Database:
    """An open history. Only for the thread that opened it, and for one process at a time.

    Text that UTF-8 cannot hold (lone surrogates) is stored with U+FFFD in its place.
    """

    def __init__(
        self, connection: Connection, lock: FileLock, folder: Path, reader: Reader, *, encrypted: bool
    ) -> None:
        self.encrypted = encrypted
        self.reader = reader  # for what takes long, in another thread
        self.folder = folder  # in which the file lies, and what belongs to it
        self._connection = connection
        self._lock = lock
        self._depth = 0

    @classmethod
    def open(cls, path: Path, key: bytes | None) -> Database:
        """Open a history, making it (and its folder) where there is none, and bring its schema up to date.

        A plain file is opened plain even with a key (see ``encrypted``, :func:`encrypt`).

        Args:
            path: the file; it becomes 0600, its folder 0700.
            key: 32 bytes, or None for a new file to be plain.

        Raises:
            KnownError: DATABASE_DAMAGED, DATABASE_LOCKED (another process has it), DATABASE_NEWER,
                DATABASE_KEY_MISSING (no key, or that of another file), DISK_FULL (or not to be written).
        """
        _prepare_folder(path)
        lock = FileLock(path)
        try:
            connection, encrypted = _open_locked(path, key)
        except BaseException:
            lock.release()
            raise
        reader = Reader(path, key if encrypted else None)
        return cls(connection, lock, path.parent, reader, encrypted=encrypted)

    @staticmethod
    def is_encrypted_file(path: Path) -> bool | None:
        """Whether a file is encrypted; None where there is no file, or an empty one. Raises KnownError DISK_FULL."""
        return is_encrypted_file(path)

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[None]:
        """Everything in it happens, or nothing. One inside another joins it: it lasts once the outer one is done.

        An inner one that fails undoes its own part.

        Args:
            durable: what was committed outlasts a power cut. Waiting for the disk may take 100 ms and more where others
                write too; what is made anew from what else is here need not wait. It is consistent all the same.

        Raises:
            KnownError: DISK_FULL and the like, after undoing.
        """
        if not durable and not self._depth:
            self.execute("PRAGMA synchronous = NORMAL")
            try:
                with self.transaction():
                    yield
            finally:
                self._connection.execute("PRAGMA synchronous = FULL")
            return
        begin, end = ("SAVEPOINT joined", "RELEASE joined") if self._depth else ("BEGIN IMMEDIATE", "COMMIT")
        self.execute(begin)
        self._depth += 1
        try:
            yield
            self.execute(end)
        except BaseException:
            self._undo()
            raise
        finally:
            self._depth -= 1

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> Cursor:
        """Run one statement; outside of :meth:`transaction` it is its own. Raises KnownError as that does."""
        if self._depth and not self._connection.in_transaction:
            raise KnownError(ErrorKind.DISK_FULL, "the transaction was undone")
        try:
            return self._connection.execute(sql, parameters)
        except UnicodeEncodeError:
            return self.execute(sql, [_storable(value) for value in parameters])
        except dbapi2.Error as error:
            if (known := known_error(error)) is None:
                raise
            raise known from error

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """The first row of a statement, which is run to its end. Raises KnownError as :meth:`transaction` does."""
        rows = self.rows(sql, parameters)  # one that is not run to its end is not committed, and does not say so
        return rows[0] if rows else None

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a statement. Raises KnownError as :meth:`transaction` does."""
        try:
            return self.execute(sql, parameters).fetchall()
        except dbapi2.Error as error:
            if (known := known_error(error)) is None:
                raise
            raise known from error

    def rows_among(self, sql: str, ids: Collection[int]) -> Iterator[Row]:
        """The rows of a query in which ``{ids}`` stands for many ids, asked in portions. Raises as :meth:`rows` does.

        Only within a portion are they ordered as the query says.
        """
        listed = list(ids)
        for start in range(0, len(listed), _MOST_IDS):
            part = listed[start : start + _MOST_IDS]
            yield from self.rows(sql.replace("{ids}", ", ".join("?" * len(part))), part)

    def close(self) -> None:
        """Let go of the file. More than once does no harm."""
        self.reader.close()
        self._connection.close()
        self._lock.release()

    def _undo(self) -> None:
        """Undo the innermost transaction, unless SQLite has undone all of it by itself (disk full)."""
        if not self._connection.in_transaction:
            return
        with known_failures():
            if self._depth == 1:
                self._connection.execute("ROLLBACK")
            else:
                self._connection.execute("ROLLBACK TO joined")
                self._connection.execute("RELEASE joined")


def _open_locked(path: Path, key: bytes | None) -> tuple[Connection, bool]:
    found = is_encrypted_file(path)
    encrypted = key is not None if found is None else found
    if encrypted and key is None:
        raise KnownError(ErrorKind.DATABASE_KEY_MISSING, "the file is encrypted", subject=str(path))
    _protect(path)
    try:
        with known_failures():
            return _connect(path, key if encrypted else None), encrypted
    except KnownError as error:
        if error.kind is ErrorKind.DATABASE_DAMAGED and encrypted and key is not None and not has_salt_of(path, key):
            raise KnownError(ErrorKind.DATABASE_KEY_MISSING, error.detail, subject=str(path)) from error
        raise


def _connect(path: Path, key: bytes | None) -> Connection:
    connection = connect(path, key)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA foreign_keys = OFF")
        migrate(connection)
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.chmod(0o700)
    except OSError as error:
        raise known_os_error(error) from error


def _protect(path: Path) -> None:
    """Make the file where it is missing; SQLite gives its companions the same mode."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        for suffix in ("", "-wal", "-shm"):
            companion = path.with_name(path.name + suffix)
            if companion.exists():
                companion.chmod(0o600)
    except OSError as error:
        raise known_os_error(error) from error


def _storable(value: object) -> object:
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value
