"""Which key a history is opened with, and that nothing about keys keeps the program from starting."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from whimbrel.core.history import History, open_history
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.storage.database import Database

KEY = bytes(range(32))


class Keys:
    """A keyring: without a key it is not usable; ``error``: what it says when asked."""

    def __init__(self, key: bytes | None = None, error: KnownError | None = None) -> None:
        self._key = key
        self._error = error

    async def usable(self) -> bool:
        return self._key is not None or self._error is not None

    async def database_key(self, create: bool) -> bytes | None:
        if self._error is not None:
            raise self._error
        return self._key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def seen(history: History) -> tuple[bool, ErrorKind | None]:
    history.database.close()
    return history.database.encrypted, history.notice and history.notice.kind


async def test_plain_without_a_keyring_and_encrypted_once_there_is_one(path: Path) -> None:
    assert seen(await open_history(path, Keys())) == (False, ErrorKind.KEYRING_UNAVAILABLE)
    locked = Keys(error=KnownError(ErrorKind.KEYRING_LOCKED))
    assert seen(await open_history(path, locked)) == (False, ErrorKind.KEYRING_LOCKED)
    assert seen(await open_history(path, Keys(KEY))) == (True, None)
    with pytest.raises(KnownError, match="keyring-locked"):
        await open_history(path, locked)
    with pytest.raises(KnownError, match="key-missing"):
        await open_history(path, Keys())


async def test_no_room_to_encrypt_is_no_reason_not_to_start(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database.open(path, None).close()

    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", no_room)
        assert seen(await open_history(path, Keys(KEY))) == (False, ErrorKind.DISK_FULL)
    assert Database.is_encrypted_file(path) is False
    assert seen(await open_history(path, Keys(KEY))) == (True, None)


async def test_a_history_that_another_has_open_is_not_opened(path: Path) -> None:
    other = Database.open(path, None)
    with pytest.raises(KnownError, match="locked"):
        await open_history(path, Keys(KEY))
    other.close()
