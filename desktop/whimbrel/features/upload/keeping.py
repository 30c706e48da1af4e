"""Our copies of files that are to be sent, in a folder of the profile: a folder for each, so that names stay."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from whimbrel.core.offers.uploads import FileToSend
from whimbrel.features.upload.film_places import blank_places, is_film
from whimbrel.features.upload.places import may_tell_places, without_places
from whimbrel.model.errors import ErrorKind, KnownError

_PIECE = 1024 * 1024
_HEAD = 12
_LONGEST_NAME = 200  # bytes
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class Keeper:
    """Copies files in and removes them. All methods block: for a worker thread.

    Args:
        folder: where the copies lie; made when it is needed, for nobody else's eyes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: set[Path] = set()  # since the program's start, and of no message yet

    def keep(self, source: Path | bytes, name: str, media_type: str) -> FileToSend:
        """Copy a file, or what is in one. Raises KnownError as ``Uploads.keep``, and NOT_ACCEPTABLE."""
        name = _clean(name)
        try:
            folder = self._make_folder()
        except OSError as error:
            raise _known(error, name) from error
        target = folder / name
        try:
            size, sha256 = _copy(source, target)
        except (OSError, KnownError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, KnownError):
                raise
            raise _known(error, name) from error
        return FileToSend(str(target), name, media_type or "application/octet-stream", size, sha256)

    def remove(self, path: str) -> None:
        """Remove a copy; nothing that lies elsewhere."""
        if self.holds(path):
            self.remove_folders([Path(path).parent])

    def holds(self, path: str) -> bool:
        """Whether a path is that of one of these copies."""
        return bool(path) and Path(path).parent.parent == self.folder

    def settle(self, paths: Iterable[str]) -> None:
        """These belong to messages now: when those are gone, nothing else needs the copies."""
        self._made.difference_update(Path(path).parent for path in paths)

    def list_folders(self) -> list[Path]:
        """The folders of all copies that are there."""
        return list(self.folder.iterdir()) if self.folder.is_dir() else []

    def find_unneeded(self, folders: Iterable[Path], needed: Iterable[str]) -> list[Path]:
        """Of folders that were listed before: those of no needed path, and of none that is only just chosen."""
        keep = {Path(path).parent for path in needed} | self._made
        return [folder for folder in folders if folder not in keep]

    def remove_folders(self, folders: Iterable[Path]) -> None:
        """Remove what is not needed."""
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)

    def _make_folder(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = self.folder / uuid.uuid4().hex
        self._made.add(folder)
        folder.mkdir(mode=0o700)
        return folder


def _copy(source: Path | bytes, target: Path) -> tuple[int, str]:
    """Copy, onto the disk, what a file holds but does not tell of places; returns its size and SHA-256."""
    if isinstance(source, bytes):
        return _write(target, _told(source, target.name))
    if source.is_dir():
        raise KnownError(ErrorKind.IS_FOLDER, "a folder", subject=source.name)
    if not source.is_file():
        raise KnownError(ErrorKind.NOT_FOUND, "not a file", subject=source.name)
    with source.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(0)
        if may_tell_places(head):
            return _write(target, _told(file.read(), target.name))
        with _create(target) as copy:
            digest, size = hashlib.sha256(), 0
            while piece := file.read(_PIECE):
                copy.write(piece)
                digest.update(piece)
                size += len(piece)
            if is_film(head) and blank_places(copy):
                digest = _digest(copy)
            copy.flush()
            os.fsync(copy.fileno())
    return size, base64.b64encode(digest.digest()).decode()


def _digest(file: BinaryIO) -> hashlib._Hash:
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest


def _write(target: Path, data: bytes) -> tuple[int, str]:
    with _create(target) as copy:
        copy.write(data)
        copy.flush()
        os.fsync(copy.fileno())
    return len(data), base64.b64encode(hashlib.sha256(data).digest()).decode()


def _told(data: bytes, name: str) -> bytes:
    try:
        return without_places(data)
    except ValueError as error:
        raise KnownError(ErrorKind.NOT_ACCEPTABLE, f"a damaged picture: {error}", subject=name) from error


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def _clean(name: str) -> str:
    """A file's name as it is told to others: no folders, nothing that cannot be seen, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(char for char in last if char.isprintable()).strip().lstrip(".")
    stem, dot, ending = seen.rpartition(".")
    if not stem or len(ending.encode()) > 20:
        stem, dot, ending = seen, "", ""
    room = _LONGEST_NAME - len((dot + ending).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + ending or "file"


def _known(error: OSError, name: str) -> KnownError:
    if error.errno in _NO_ROOM:
        return KnownError(ErrorKind.DISK_FULL, str(error), subject=name)
    if isinstance(error, PermissionError):
        return KnownError(ErrorKind.NOT_ALLOWED, str(error), subject=name)
    return KnownError(ErrorKind.NOT_FOUND, str(error), subject=name)
