"""Opening the history with the person's help: a keyring that waits, a file that cannot be opened."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication

from whimbrel.core.history import History, KeyKeeper, open_history
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.storage.database import Database, set_aside
from whimbrel.ui.accounts.storage_dialog import StorageTroubleDialog
from whimbrel.ui.main_window import MainWindow

log = logging.getLogger(__name__)

_PATIENCE = 1.5  # seconds after which a keyring that does not answer is told of


class SkippableKeys(KeyKeeper, Protocol):
    """What is needed of ``platform.secrets.Secrets``."""

    session_only: bool


async def open_with_person(path: Path, keys: SkippableKeys, window: MainWindow) -> History | None:
    """Open the history. While it cannot be opened, the person chooses; None: they chose to quit."""
    choice = "retry"
    while choice != "quit":
        try:
            if choice == "set-aside":
                aside = await asyncio.to_thread(set_aside, path)
                log.warning("The history was set aside as %s", aside.name)
            return await _open_patiently(path, keys, window)
        except KnownError as error:
            log.warning("The history cannot be opened: %s", error)
            choice = await _ask(error, window)
            keys.session_only = False
    return None


async def _open_patiently(path: Path, keys: SkippableKeys, window: MainWindow) -> History:
    """Open it; where the keyring waits for the person, say so, and let them go on without it."""
    opening = asyncio.ensure_future(open_history(path, keys))
    try:
        done, _ = await asyncio.wait({opening}, timeout=_PATIENCE)
        if done:
            return opening.result()
        skipped: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        window.notice.show_text(
            QCoreApplication.translate("Opening", "Waiting for your keyring. Unlock it in its own window to go on."),
            QCoreApplication.translate("Opening", "Go on without it"),
            lambda: None if skipped.done() else skipped.set_result(None),
        )
        either: set[asyncio.Future[Any]] = {opening, skipped}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        window.notice.hide()
        if opening.done():
            return opening.result()
    finally:
        opening.cancel()
    if Database.is_encrypted_file(path):
        raise KnownError(ErrorKind.KEYRING_LOCKED, "the key of the history is in it", subject=str(path))
    keys.session_only = True
    return await open_history(path, keys)


async def _ask(error: KnownError, window: MainWindow) -> str:
    window.show()  # also where it is to start hidden
    dialog = StorageTroubleDialog(error, window)
    chosen: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    dialog.retry_requested.connect(partial(chosen.set_result, "retry"))
    dialog.set_aside_requested.connect(partial(chosen.set_result, "set-aside"))
    dialog.quit_requested.connect(partial(chosen.set_result, "quit"))
    dialog.open()
    return await chosen
