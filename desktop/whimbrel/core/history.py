"""Opening the history: with which key, and encrypting it once a keyring appears."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.storage.database import Database, encrypt

log = logging.getLogger(__name__)


class KeyKeeper(Protocol):
    """Keeps the history's key (``platform/secrets.py``)."""

    async def usable(self) -> bool:
        """Whether there is a keyring that keeps secrets secret."""

    async def database_key(self, create: bool) -> bytes | None:
        """The key, made where there is none and ``create``. Raises KnownError KEYRING_LOCKED, KEYRING_UNAVAILABLE."""


@dataclass(frozen=True, slots=True)
class History:
    """An open history. ``notice`` says why it is not encrypted; None where it is."""

    database: Database
    notice: KnownError | None


async def open_history(path: Path, keys: KeyKeeper) -> History:
    """Open a profile's history, made new where there is none.

    A new one is encrypted where there is a usable keyring; a plain one becomes encrypted as soon as there is.

    Raises:
        KnownError: DATABASE_DAMAGED, DATABASE_LOCKED, DATABASE_NEWER, DATABASE_KEY_MISSING, DISK_FULL, and
            KEYRING_LOCKED, KEYRING_UNAVAILABLE where the history is encrypted and its key is not to be had.
    """
    encrypted = Database.is_encrypted_file(path)
    if encrypted:
        return History(Database.open(path, await keys.database_key(create=False)), None)
    key, notice = await _key_for_plain(keys)
    if key is not None and encrypted is False:
        log.info("A keyring has appeared: encrypting the history")
        try:
            await asyncio.to_thread(encrypt, path, key)
        except KnownError as error:  # the plain one is whole, and does until the next start
            log.warning("The history could not be encrypted: %s", error)
            notice = error
    return History(Database.open(path, key), notice)


async def _key_for_plain(keys: KeyKeeper) -> tuple[bytes | None, KnownError | None]:
    """A key for a history that needs none yet; where the keyring refuses, the reason instead."""
    if not await keys.usable():
        return None, KnownError(ErrorKind.KEYRING_UNAVAILABLE)
    try:
        return await keys.database_key(create=True), None
    except KnownError as error:
        log.warning("The history stays as it is: %s", error)
        return None, error
