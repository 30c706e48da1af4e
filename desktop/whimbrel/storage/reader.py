"""A second connection that only reads, for work that may take long: used by any thread, by one at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2

from whimbrel.storage.connection import Connection, connect
from whimbrel.storage.failures import known_failures

if TYPE_CHECKING:
    from whimbrel.storage.database import Row

_CACHE = -8000  # KiB


class Interrupted(Exception):
    """Whoever asked does not want to know any more."""


class Errand:
    """One use of a reader, which whoever began it can give up."""

    def __init__(self) -> None:
        self.given_up = False


class Reader:
    """Reads what is committed, beside the connection that writes. The file is opened with the first use."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        self._path = path
        self._key = key
        self._connection: Connection | None = None
        self._use = threading.Lock()
        self._guard = threading.Lock()
        self._errand: Errand | None = None
        self._closed = False

    @contextmanager
    def use(self, errand: Errand) -> Iterator[None]:
        """Have the connection for oneself; waits for whoever has it.

        Raises:
            Interrupted: the errand was given up, before or meanwhile, or the history is being closed.
            KnownError: as :meth:`Database.transaction` does.
        """
        with self._use:
            with self._guard:
                self._errand = errand
            try:
                if errand.given_up or self._closed:
                    raise Interrupted
                yield
            except dbapi2.OperationalError as error:
                if error.sqlite_errorcode == dbapi2.SQLITE_INTERRUPT:
                    raise Interrupted from error
                raise
            finally:
                with self._guard:
                    self._errand = None

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a statement; only within :meth:`use`."""
        with known_failures():
            if self._connection is None:
                self._connection = self._open()
            return self._connection.execute(sql, parameters).fetchall()

    def checkpoint(self, errand: Errand) -> None:
        """Bring what was written from the log into the file, beside the connection that writes, which need not then.

        Raises:
            Interrupted, KnownError: as :meth:`use` does.
        """
        with self.use(errand):
            self.rows("PRAGMA wal_checkpoint(PASSIVE)")

    def give_up(self, errand: Errand) -> None:
        """End an errand at once, from whatever thread."""
        errand.given_up = True
        with self._guard:
            if self._errand is errand and self._connection is not None:
                self._connection.interrupt()

    def close(self) -> None:
        """Let go of the file, once what is being read has been interrupted."""
        self._closed = True
        with self._guard:
            if self._errand is not None:
                self._errand.given_up = True
                if self._connection is not None:
                    self._connection.interrupt()
        with self._use:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> Connection:
        connection = connect(self._path, self._key, any_thread=True)
        try:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute(f"PRAGMA cache_size = {_CACHE}")
        except BaseException:
            connection.close()
            raise
        return connection
