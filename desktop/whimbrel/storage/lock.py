"""A lock between processes, held by the system for as long as its holder lives."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.storage.failures import known_os_error

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FileLock:
    """Holds ``<database>.lock`` from its making until :meth:`release`.

    The lock is not on the database itself: reading that file with anything but SQLite would drop SQLite's own locks.
    The file stays, since removing it would let two processes lock two different files of one name.

    Raises:
        KnownError: DATABASE_LOCKED where somebody else holds it, DISK_FULL where it cannot be written.
    """

    def __init__(self, database: Path) -> None:
        try:
            self._descriptor = os.open(database.with_name(database.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise known_os_error(error) from error
        try:
            if sys.platform == "win32":
                msvcrt.locking(self._descriptor, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._descriptor)
            raise KnownError(ErrorKind.DATABASE_LOCKED, str(error), subject=str(database)) from error

    def release(self) -> None:
        """Let the next one in. More than once does no harm."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> FileLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
