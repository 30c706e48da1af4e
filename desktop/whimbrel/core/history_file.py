"""Where the history lies, how large it is, and whether it is encrypted."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from whimbrel.storage.database import Database


class HistoryFile:
    """What can be said of the history on disk."""

    def __init__(self, database: Database) -> None:
        self.folder = database.folder
        self.encrypted = database.encrypted

    async def size(self) -> int:
        """Its bytes, with those of what belongs to it (copies of sent files); counted in a thread."""
        return await asyncio.to_thread(_size, self.folder)


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # removed meanwhile, or not ours to look at
            if path.is_file() and not path.is_symlink():
                total += path.stat().st_size
    return total
