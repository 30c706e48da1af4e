"""Writes conversations to a file: streamed, off the event loop, whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import errno
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from whimbrel.core.export.formats import ExportWords, Format, Html, Json, Names, PlainText
from whimbrel.core.roster import Roster
from whimbrel.model.conversation import ConversationId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.storage.database import Database
from whimbrel.storage.reader import Errand, Interrupted
from whimbrel.storage.transcripts import Talk, TranscriptReader

_PAGE = 200  # messages that are in memory at once
_NAME = 40  # characters of the name that it has until it is whole
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)


class ExportFormat(enum.Enum):
    """What a file is to be; the value is how its name ends."""

    TEXT = "txt"
    HTML = "html"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What is to be written where. ``conversation_id`` None: everything."""

    path: Path
    format: ExportFormat
    words: ExportWords
    conversation_id: ConversationId | None = None


Progress = Callable[[int, int], None]
"""Called on the event loop: how many messages are written, of how many."""


class Export:
    """Writes conversations to files."""

    def __init__(self, database: Database, roster: Roster) -> None:
        self._database = database
        self._roster = roster

    async def write(self, wish: ExportWish, on_progress: Progress) -> int:
        """Write a file; returns how many messages are in it.

        Cancelling the task ends it, and leaves no file. The file is readable by its owner only.

        Raises:
            KnownError: DISK_FULL where there is no room; NOT_ALLOWED where no file can be written there (no such
                folder, no right to, not a name, something else than a file); and as the history.
        """
        loop, errand = asyncio.get_running_loop(), Errand()
        names = {contact.jid: contact.label for contact in self._roster.list_contacts()}

        def progress(done: int, total: int) -> None:
            with contextlib.suppress(RuntimeError):  # the program has ended
                loop.call_soon_threadsafe(on_progress, done, total)

        work = _Work(TranscriptReader(self._database.reader), wish, names, errand, progress)
        try:
            return await asyncio.to_thread(work.run)
        except asyncio.CancelledError:
            self._database.reader.give_up(errand)
            raise
        except Interrupted:
            return 0


class _Work:
    """What is done in the thread."""

    def __init__(
        self, reader: TranscriptReader, wish: ExportWish, names: Mapping[JID, str], errand: Errand, progress: Progress
    ) -> None:
        self._reader = reader
        self._wish = wish
        self._names = names
        self._errand = errand
        self._progress = progress
        self._format = _format(wish)
        self._done = self._total = 0

    def run(self) -> int:
        """Write it under another name first."""
        path = self._wish.path
        unfinished = path.with_name(f".{path.name[:_NAME]}.unfinished")
        try:
            if path.exists() and not path.is_file():
                raise FileExistsError(errno.EEXIST, "not a file", str(path))
            unfinished.unlink(missing_ok=True)  # of a program that was killed
            self._write(unfinished)
            os.replace(unfinished, path)
        except OSError as error:
            _remove(unfinished)
            kind = ErrorKind.DISK_FULL if error.errno in _NO_ROOM else ErrorKind.NOT_ALLOWED
            raise KnownError(kind, str(error), subject=str(path)) from error
        except BaseException:
            _remove(unfinished)
            raise
        return self._done

    def _write(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            talks = self._reader.list_talks(self._wish.conversation_id, self._errand)
            self._total = sum(talk.count for talk in talks)
            file.write(self._format.begin())
            for number, talk in enumerate(talks):
                self._write_talk(file.write, talk, first=number == 0)
            file.write(self._format.end())
            file.flush()
            os.fsync(file.fileno())

    def _write_talk(self, write: Callable[[str], object], talk: Talk, *, first: bool) -> None:
        name = self._names.get(talk.jid, str(talk.jid))
        you = "%1" if self._wish.format is ExportFormat.JSON else self._wish.words.you
        names = Names.find(talk, name, you)
        write(self._format.begin_talk(talk, name, first))
        last: Message | None = None
        while page := self._reader.read_page(talk.id, last, _PAGE, self._errand):
            write("".join(self._format.said(said, names, last is None and said is page[0]) for said in page))
            last = page[-1].message
            self._done += len(page)
            self._progress(self._done, max(self._total, self._done))
        write(self._format.end_talk())


def _format(wish: ExportWish) -> Format:
    if wish.format is ExportFormat.JSON:
        return Json()
    return Html(wish.words) if wish.format is ExportFormat.HTML else PlainText(wish.words)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
