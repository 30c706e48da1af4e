"""Copies of fetched files, in the profile's cache folder, up to a size; what was not used for longest goes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import threading
from collections.abc import Collection, Iterable
from pathlib import Path

MOST_BYTES = 1024**3


class MediaCache:
    """A folder for each file, so that it keeps its name. Safe to be used from several threads.

    Args:
        folder: made when it is needed.
        most: bytes that all copies together may have.
    """

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most = most
        self._lock = threading.Lock()

    def locate(self, url: str, name: str) -> Path:
        """Where a file that is fetched from an address goes. ``name`` must be safe."""
        return self._folder / hashlib.sha256(f"{url}\n{name}".encode()).hexdigest()[:32] / name

    def place(self, url: str, name: str) -> Path:
        """The same, with its folder made.

        Raises:
            OSError: the folder cannot be made.
        """
        path = self.locate(url, name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    def holds(self, path: Path) -> bool:
        """Whether a path is one of this cache's copies, wherever it is now."""
        return path.is_relative_to(self._folder)

    def use(self, path: Path) -> None:
        """Note that a copy was used just now."""
        if self.holds(path):
            with contextlib.suppress(OSError):  # it has gone meanwhile, or the disk is read-only: then it counts as old
                os.utime(path)

    def remove(self, path: Path) -> None:
        """A copy is not wanted any more."""
        if self.holds(path):
            shutil.rmtree(path.parent, ignore_errors=True)

    def trim(self, spare: Path | None = None) -> None:
        """Remove copies until the others are within the size; ``spare`` is not removed."""
        with self._lock:
            kept = []
            for path in self._folder.glob("*/*"):
                with contextlib.suppress(OSError):  # removed by somebody else
                    status = path.stat()
                    kept.append((status.st_mtime, status.st_size, path))
            total = sum(size for _, size, _ in kept)
            for _, size, path in sorted(kept):
                if total <= self._most:
                    return
                if path != spare:
                    shutil.rmtree(path.parent, ignore_errors=True)
                    total -= size

    def size(self) -> int:
        """The bytes of all copies."""
        total = 0
        for path in self._folder.glob("*/*"):
            with contextlib.suppress(OSError):  # removed by somebody else
                total += path.stat().st_size
        return total

    def list_folders(self) -> list[Path]:
        """The folders of all copies."""
        return list(self._folder.glob("*"))

    def sweep(self, there: Iterable[Path], known: Collection[Path]) -> None:
        """Remove every copy but the known ones (of messages that are gone, or not finished), and what is too much.

        Args:
            there: the folders as they were before it was looked which are known.
        """
        spared = {path.parent for path in known}
        for folder in there:
            if folder not in spared:
                shutil.rmtree(folder, ignore_errors=True)
        self.trim()
