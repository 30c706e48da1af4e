"""The numbered migrations and the version that a database stands at (``PRAGMA user_version``)."""

from __future__ import annotations

import importlib.resources
from functools import cache

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.storage.connection import Connection


@cache
def list_migrations() -> tuple[str, ...]:
    """The scripts in order; the first one leads to version 1."""
    files = sorted(
        (file for file in importlib.resources.files("whimbrel.storage.migrations").iterdir() if _is_script(file.name)),
        key=lambda file: file.name,
    )
    for number, file in enumerate(files, 1):
        if not file.name.startswith(f"{number:04}_"):
            raise RuntimeError(f"migration {number} is missing: found {file.name}")
    return tuple(file.read_text("utf-8") for file in files)


def version_of(connection: Connection) -> int:
    """The version of the schema; 0 for an empty database."""
    row = connection.execute("PRAGMA user_version").fetchone()
    return int(row[0]) if row else 0


def migrate(connection: Connection) -> None:
    """Bring a database to the newest version, one transaction a migration. Foreign keys must be off.

    Raises:
        KnownError: DATABASE_NEWER for one that a later program made, DATABASE_DAMAGED for another program's.
        dbapi2.Error: whatever SQLite reports; that migration was undone.
    """
    migrations = list_migrations()
    version = version_of(connection)
    if version > len(migrations):
        raise KnownError(ErrorKind.DATABASE_NEWER, f"schema {version}, this program knows {len(migrations)}")
    if version == 0 and connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone():
        raise KnownError(ErrorKind.DATABASE_DAMAGED, "the tables are those of another program")
    for number, script in enumerate(migrations[version:], version + 1):
        _apply(connection, number, script)


def _apply(connection: Connection, number: int, script: str) -> None:
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{script}\n;PRAGMA user_version = {number};\nCOMMIT;")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _is_script(name: str) -> bool:
    return name.endswith(".sql")
