"""The pictures that are looked at, decoded in threads: the one that is shown first, then those beside it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage

from whimbrel.model.attachment import Attachment, AttachmentId
from whimbrel.platform.pictures import FrameReader, measure, read_picture, read_thumbnail
from whimbrel.ui.run import run

_KEPT = 3  # the one that is looked at, and one at each side
_WHOLE = QSize(6000, 6000)  # a larger one is made smaller while it is decoded


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture as it is painted; ``image`` None: it cannot be shown. ``size``: how many pixels it really has."""

    image: QImage | None
    size: QSize


class Reel(QObject):
    """Decodes one picture after the other. ``decoded`` is emitted when one is there.

    Args:
        box: device pixels beyond which nothing is seen of a whole picture.
    """

    decoded = Signal(object)  # AttachmentId

    def __init__(self, parent: QObject, box: QSize) -> None:
        super().__init__(parent)
        self._box = box
        self._kept: OrderedDict[tuple[AttachmentId, str], Decoded] = OrderedDict()
        self._wanted: list[Attachment] = []
        self._busy = False

    def want(self, attachments: Sequence[Attachment]) -> None:
        """Decode these, in this order, instead of what was wanted before."""
        self._wanted = [one for one in attachments if _key(one) not in self._kept and (one.path or one.thumbnail)]
        for one in attachments:
            if _key(one) in self._kept:
                self._kept.move_to_end(_key(one))
        self._go_on()

    def find(self, attachment: Attachment) -> Decoded | None:
        """A picture, or its thumbnail while it is not here; None: not decoded yet."""
        return self._kept.get(_key(attachment))

    def _go_on(self) -> None:
        if self._wanted and not self._busy:
            self._busy = True
            attachment = self._wanted.pop(0)
            run(
                self,
                asyncio.to_thread(_decode, attachment, self._box),
                on_done=lambda done: self._keep(attachment, done),
                on_error=lambda _: None,
            )

    def _keep(self, attachment: Attachment, done: Decoded) -> None:
        self._busy = False
        self._kept[_key(attachment)] = done
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self.decoded.emit(attachment.id)
        self._go_on()


class Projector(QObject):
    """Shows an animated picture once, frame by frame."""

    frame = Signal(QImage)
    began = Signal()
    ended = Signal()

    def __init__(self, parent: QObject, box: QSize) -> None:
        super().__init__(parent)
        self._box = box
        self._task: asyncio.Task[None] | None = None

    def play(self, path: Path) -> None:
        """Show it from the start; of a picture that does not move, nothing is told."""
        self.stop()
        self._task = run(self, self._play(path), on_error=lambda _: None)

    def look(self, path: Path) -> None:
        """Show nothing of it; of a picture that moves, tell as if it had been played, so that it can be."""
        self.stop()
        self._task = run(self, self._look(path), on_error=lambda _: None)

    def stop(self) -> None:
        """Stay where it is."""
        if self._task is not None:
            self._task.cancel()

    async def _open(self, path: Path) -> FrameReader | None:
        """None: it does not move."""
        reader = await asyncio.to_thread(FrameReader, path, self._box)
        return reader if await asyncio.to_thread(lambda: reader.is_animated) else None

    async def _look(self, path: Path) -> None:
        if await self._open(path) is not None:
            self.ended.emit()

    async def _play(self, path: Path) -> None:
        reader = await self._open(path)
        if reader is None:
            return
        self.began.emit()
        while (found := await asyncio.to_thread(reader.read_next)) is not None:
            image, delay = found
            self.frame.emit(image)
            await asyncio.sleep(delay / 1000)
        self.ended.emit()


def read_whole(path: Path) -> QImage | None:
    """All pixels of a picture, as far as there is room for them; None: it cannot be shown. Blocks."""
    return read_picture(path, _WHOLE)


def _key(attachment: Attachment) -> tuple[AttachmentId, str]:
    return attachment.id, attachment.path


def _decode(attachment: Attachment, box: QSize) -> Decoded:
    told = QSize(attachment.width or 0, attachment.height or 0)
    if not attachment.path:
        image = read_thumbnail(attachment.thumbnail, told.boundedTo(box) if not told.isEmpty() else box / 4)
        return Decoded(image, told if image is None or not told.isEmpty() else image.size())
    path = Path(attachment.path)
    size = measure(path)
    return Decoded(None, told) if size is None else Decoded(read_picture(path, box), QSize(*size))
