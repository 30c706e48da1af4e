"""What SQLite and the file system report, in the errors that the person is told about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlcipher3 import dbapi2

from whimbrel.model.errors import ErrorKind, KnownError

_KINDS = {
    dbapi2.SQLITE_FULL: ErrorKind.DISK_FULL,
    dbapi2.SQLITE_IOERR: ErrorKind.DISK_FULL,
    dbapi2.SQLITE_READONLY: ErrorKind.DISK_FULL,
    dbapi2.SQLITE_CANTOPEN: ErrorKind.DISK_FULL,
    dbapi2.SQLITE_PERM: ErrorKind.DISK_FULL,
    dbapi2.SQLITE_CORRUPT: ErrorKind.DATABASE_DAMAGED,
    dbapi2.SQLITE_NOTADB: ErrorKind.DATABASE_DAMAGED,
    dbapi2.SQLITE_BUSY: ErrorKind.DATABASE_LOCKED,
    dbapi2.SQLITE_LOCKED: ErrorKind.DATABASE_LOCKED,
}


@contextmanager
def known_failures() -> Iterator[None]:
    """Turn SQLite's errors that are nobody's fault in the code into a KnownError; the others pass.

    Raises:
        KnownError: DISK_FULL (full, or not to be written at all), DATABASE_DAMAGED, DATABASE_LOCKED.
    """
    try:
        yield
    except dbapi2.Error as error:
        if (known := known_error(error)) is None:
            raise
        raise known from error


def known_error(error: Exception) -> KnownError | None:
    """The KnownError that an error of SQLite stands for; None for a fault in the code."""
    code = getattr(error, "sqlite_errorcode", None)
    kind = None if code is None else _KINDS.get(code & 0xFF)
    return None if kind is None else KnownError(kind, str(error))


def known_os_error(error: OSError) -> KnownError:
    """An error of the file system while writing: DISK_FULL with the system's words."""
    return KnownError(ErrorKind.DISK_FULL, str(error))
