"""Encrypting a plain history, and setting one aside that cannot be opened. Neither ever loses it."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from sqlcipher3 import dbapi2

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.storage.connection import Connection, connect, is_encrypted_file, key_text
from whimbrel.storage.failures import known_failures, known_os_error
from whimbrel.storage.lock import FileLock
from whimbrel.storage.schema import version_of

_COMPANIONS = ("-wal", "-shm")


def encrypt(path: Path, key: bytes) -> None:
    """Put an encrypted copy in the place of a plain history that nobody has open; an encrypted one stays as it is.

    Whatever stops the process, one of the two is there, whole: the plain one goes once the other was read back and is
    safely on disk. ``key`` must be kept before this is called.

    Raises:
        KnownError: DATABASE_LOCKED, DATABASE_DAMAGED, DISK_FULL; the plain history is untouched.
    """
    with FileLock(path):
        copy = path.with_name(path.name + ".encrypting")
        try:
            copy.unlink(missing_ok=True)  # of an attempt that was stopped
            if is_encrypted_file(path) is not False:
                return
            os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            try:
                with known_failures():
                    counts = _export(path, copy, key)
                    _verify(copy, key, counts)
                _sync(copy)
                os.replace(copy, path)
                _sync(path.parent)
            finally:
                copy.unlink(missing_ok=True)
        except OSError as error:
            raise known_os_error(error) from error


def set_aside(path: Path) -> Path:
    """Give a history (with its companions) another name, so that a new one can be made. Returns that name.

    Raises:
        KnownError: DATABASE_LOCKED where a process has it open, DISK_FULL where the folder cannot be written.
    """
    with FileLock(path):
        target = _free_name(path)
        try:
            for suffix in _COMPANIONS:  # copied first: the file must not be without them, whatever stops us
                if (companion := path.with_name(path.name + suffix)).exists():
                    shutil.copy2(companion, target.with_name(target.name + suffix))
                    _sync(target.with_name(target.name + suffix))
            path.rename(target)
            for suffix in _COMPANIONS:
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            _sync(path.parent)
        except OSError as error:
            raise known_os_error(error) from error
        return target


def _export(path: Path, copy: Path, key: bytes) -> dict[str, int]:
    """Copy all into ``copy``; returns how many rows each table has. Afterwards ``path`` has no companions."""
    connection = connect(path, None)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        if mode is None or mode[0] != "delete":
            raise KnownError(ErrorKind.DATABASE_LOCKED, f"the journal is still {mode}", subject=str(path))
        counts = _count_rows(connection)
        connection.execute("ATTACH DATABASE ? AS copy KEY ?", (str(copy), key_text(key)))
        connection.execute("PRAGMA copy.journal_mode = OFF")  # a copy that was not finished is thrown away
        _copy(connection)
        connection.execute(f"PRAGMA copy.user_version = {version_of(connection)}")
        connection.execute("DETACH DATABASE copy")
        return counts
    finally:
        connection.close()


def _copy(connection: Connection) -> None:
    try:
        connection.execute("SELECT sqlcipher_export('copy')").fetchall()
    except dbapi2.OperationalError as error:  # the export passes on SQLite's words, but not its code
        kind = ErrorKind.DATABASE_DAMAGED if "malformed" in str(error) else ErrorKind.DISK_FULL
        raise KnownError(kind, str(error)) from error


def _verify(copy: Path, key: bytes, counts: dict[str, int]) -> None:
    """Read the copy back from the disk; raises KnownError DATABASE_DAMAGED where something is missing in it."""
    connection = connect(copy, key)
    try:
        faults = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        faults += [row for row in connection.execute("PRAGMA integrity_check").fetchall() if row[0] != "ok"]
        if faults or _count_rows(connection) != counts:
            raise KnownError(ErrorKind.DATABASE_DAMAGED, f"the encrypted copy is not whole: {faults[:3]}")
    finally:
        connection.close()


def _count_rows(connection: Connection) -> dict[str, int]:
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()]
    counts = {"user_version": version_of(connection)}
    for name in names:
        row = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        counts[name] = row[0] if row else 0
    return counts


def _free_name(path: Path) -> Path:
    day = datetime.now(UTC).date().isoformat()
    number = 1
    while True:
        target = path.with_name(f"{path.stem}-{day}-{number}.damaged{path.suffix}")
        if not any(target.with_name(target.name + suffix).exists() for suffix in ("", *_COMPANIONS)):
            return target
        number += 1


def _sync(path: Path) -> None:
    """Wait until a file, or a folder's names, are on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # a folder cannot be opened there, and its names are journalled
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
