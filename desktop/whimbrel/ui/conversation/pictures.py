"""The pictures of a conversation as they are painted: decoded in threads, the last wanted first, kept up to a size."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage

from whimbrel.platform.pictures import FrameReader, read_picture, read_thumbnail
from whimbrel.ui.run import run
from whimbrel.ui.theme.theme import theme

if TYPE_CHECKING:
    from whimbrel.model.attachment import Attachment, AttachmentId

_MOST_BYTES = 64 * 1024 * 1024
_AT_ONCE = 2
_MOST_UNSEEN = 5  # frames of a film that nobody painted, before it is ended
_MOST_WAITING = 60  # what scrolled past long ago is asked for again when it comes back


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture at a size: in device pixels, with round corners. Without a path: its thumbnail."""

    attachment_id: AttachmentId
    path: str
    width: int
    height: int
    radius: float


class Pictures(QObject):
    """Has what is near; ``changed`` is emitted when something else can be painted."""

    changed = Signal()
    unreadable = Signal(object)  # AttachmentId: what is here cannot be shown

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Wanted, QImage | None] = OrderedDict()
        self._bytes = 0
        self._waiting: dict[Wanted, bytes] = {}
        self._running: set[Wanted] = set()
        self._films: dict[AttachmentId, Playing] = {}
        self._played: set[AttachmentId] = set()

    def find(self, attachment: Attachment, width: int, height: int, radius: float) -> QImage | None:
        """What is to be painted now for a picture that fits these device pixels: itself, else its thumbnail."""
        found = None
        if attachment.path:
            if (playing := self._films.get(attachment.id)) is not None and playing.wanted.width == width:
                playing.unseen = 0
                return playing.image
            found = self._find(Wanted(attachment.id, attachment.path, width, height, radius), b"")
        if found is None and attachment.thumbnail:
            return self._find(Wanted(attachment.id, "", width, height, radius), attachment.thumbnail)
        return found

    def _find(self, wanted: Wanted, thumbnail: bytes) -> QImage | None:
        if wanted in self._kept:
            self._kept.move_to_end(wanted)
            return self._kept[wanted]
        if wanted not in self._running:
            self._waiting.pop(wanted, None)
            self._waiting[wanted] = thumbnail
            while len(self._waiting) > _MOST_WAITING:
                self._waiting.pop(next(iter(self._waiting)))
            self._go_on()
        return None

    def _go_on(self) -> None:
        while self._waiting and len(self._running) < _AT_ONCE:
            wanted, thumbnail = self._waiting.popitem()
            self._running.add(wanted)
            run(self, self._read(wanted, thumbnail), on_error=lambda _: None)

    async def _read(self, wanted: Wanted, thumbnail: bytes) -> None:
        box = QSize(wanted.width, wanted.height)
        film: FrameReader | None = None
        try:
            if not wanted.path:
                image = await asyncio.to_thread(read_thumbnail, thumbnail, box, wanted.radius)
            else:
                path = Path(wanted.path)
                image = await asyncio.to_thread(read_picture, path, box, wanted.radius)
                if image is not None and wanted.attachment_id not in self._played and not theme().is_still:
                    film = await asyncio.to_thread(_open_film, path, box, wanted.radius)
        finally:
            self._running.discard(wanted)
        self._keep(wanted, image)
        if film is not None and image is not None and wanted.attachment_id not in self._played:
            self._played.add(wanted.attachment_id)
            self._films[wanted.attachment_id] = playing = Playing(self, wanted, image)
            run(playing, playing.play(film), on_error=lambda _: None)
        if image is None and wanted.path:
            self.unreadable.emit(wanted.attachment_id)
        self.changed.emit()
        self._go_on()

    def _keep(self, wanted: Wanted, image: QImage | None) -> None:
        self._kept[wanted] = image
        self._bytes += 0 if image is None else image.sizeInBytes()
        while self._bytes > _MOST_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= 0 if oldest is None else oldest.sizeInBytes()

    def end_film(self, playing: Playing) -> None:
        """It was shown once, or nobody looks any more; the frame that was shown last stays."""
        self._films.pop(playing.wanted.attachment_id, None)
        kept = self._kept.get(playing.wanted)
        if kept is not None:
            self._bytes += playing.image.sizeInBytes() - kept.sizeInBytes()
            self._kept[playing.wanted] = playing.image
        self.changed.emit()


class Playing(QObject):
    """An animated picture that is shown once: a frame is read in a thread when the one before has had its time."""

    def __init__(self, pictures: Pictures, wanted: Wanted, image: QImage) -> None:
        super().__init__(pictures)
        self.wanted = wanted
        self.image = image
        self.unseen = 0  # frames since it was painted
        self._pictures = pictures

    async def play(self, film: FrameReader) -> None:
        """From the first frame to the last; no further once it is out of view."""
        while self.unseen < _MOST_UNSEEN and (frame := await asyncio.to_thread(film.read_next)) is not None:
            self.image, delay = frame
            self.unseen += 1
            self._pictures.changed.emit()
            await asyncio.sleep(delay / 1000)
        self._pictures.end_film(self)
        self.deleteLater()


def _open_film(path: Path, box: QSize, radius: float) -> FrameReader | None:
    """The frames of an animated picture; None: it is not animated."""
    film = FrameReader(path, box, radius)
    return film if film.is_animated else None
