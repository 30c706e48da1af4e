"""A keyring that does not answer is told of, and the person may go on without it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import qasync
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from whimbrel.core.history import History
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.platform.settings import Settings
from whimbrel.storage.database import Database
from whimbrel.ui.accounts.storage_dialog import StorageTroubleDialog
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.opening import open_with_person
from whimbrel.ui.theme.theme import Theme


class SilentKeyring:
    """Waits for a prompt that nobody sees."""

    def __init__(self) -> None:
        self.session_only = False

    async def usable(self) -> bool:
        return not self.session_only

    async def database_key(self, create: bool) -> bytes | None:
        await asyncio.Event().wait()
        raise AssertionError


class NoKeyring(SilentKeyring):
    """There is none."""

    async def usable(self) -> bool:
        return False


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    """An event loop that turns with Qt's."""
    loop = qasync.QEventLoop(qapp)
    yield loop
    loop.close()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """A window with nothing behind it."""
    window = MainWindow(Theme.install(qapp), Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(window)
    window.show()
    return window


def test_the_person_goes_on_without_a_keyring_that_does_not_answer(
    loop: qasync.QEventLoop, window: MainWindow, tmp_path: Path
) -> None:
    keys = SilentKeyring()
    path = tmp_path / "data" / "history.db"

    async def open_it() -> History | None:
        opening = asyncio.ensure_future(open_with_person(path, keys, window))
        while not window.notice.isVisible():  # noqa: ASYNC110 - widgets have no event of asyncio's
            await asyncio.sleep(0.01)
        assert "keyring" in window.notice.label.text()
        window.notice.action_button.click()
        return await opening

    history = loop.run_until_complete(asyncio.wait_for(open_it(), 20))
    assert history is not None
    assert not history.database.encrypted
    assert history.notice is not None
    assert not window.notice.isVisible()
    history.database.close()


def test_an_encrypted_history_needs_its_keyring(loop: qasync.QEventLoop, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "data" / "history.db"
    Database.open(path, bytes(range(32))).close()
    before = path.read_bytes()

    async def open_it() -> History | None:
        opening = asyncio.ensure_future(open_with_person(path, SilentKeyring(), window))
        while not window.notice.isVisible():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        window.notice.action_button.click()
        while not (dialogs := window.findChildren(StorageTroubleDialog)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert not dialogs[0].set_aside_button.isVisible()
        dialogs[0].quit_button.click()
        return await opening

    assert loop.run_until_complete(asyncio.wait_for(open_it(), 20)) is None
    assert path.read_bytes() == before


def test_a_history_that_cannot_even_be_set_aside_is_asked_about_again(
    loop: qasync.QEventLoop, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data" / "history.db"
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)

    def refuse(_: Path) -> Path:
        raise KnownError(ErrorKind.DISK_FULL)

    async def open_it() -> History | None:
        opening = asyncio.ensure_future(open_with_person(path, NoKeyring(), window))
        with monkeypatch.context() as patch:
            patch.setattr("whimbrel.ui.opening.set_aside", refuse)
            (await next_dialog(window)).set_aside_button.click()
            dialog = await next_dialog(window)
        dialog.retry_button.click()
        (await next_dialog(window)).set_aside_button.click()
        return await opening

    history = loop.run_until_complete(asyncio.wait_for(open_it(), 20))
    assert history is not None
    history.database.close()
    assert [file.read_bytes()[:11] for file in path.parent.glob("*.damaged.db")] == [b"no database"]


async def next_dialog(window: MainWindow) -> StorageTroubleDialog:
    """The dialog that asks now."""
    while not (dialogs := [d for d in window.findChildren(StorageTroubleDialog) if d.isVisible()]):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    return dialogs[-1]
