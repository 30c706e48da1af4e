"""The pictures of people, decoded off the event loop into a small cache; fetched where one is on the screen."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QImageReader, QPainter, QPixmap

from whimbrel.core.offers.avatars import Avatars
from whimbrel.core.services import Services
from whimbrel.model.errors import KnownError
from whimbrel.model.events import AvatarChanged
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.run import run
from whimbrel.ui.theme.avatar import set_picture_source, tell_pictures_changed

FORMATS = frozenset({b"png", b"jpeg", b"gif", b"webp"})
LONGEST_SIDE = 4096
"""Pixels: a picture that says more of itself is not looked into."""
_MOST_PIXELS = 4096 * 4096
_MOST_KEPT = 400
_WANT_AGAIN = 10.0
"""Seconds until a picture that did not come is asked for again."""


class AvatarPictures(QObject):
    """What ``theme/avatar.py`` paints, by address and size in device pixels."""

    def __init__(self, services: Services, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._avatars = services.offer(Avatars)
        self._kept: OrderedDict[tuple[str, int], QPixmap] = OrderedDict()
        self._loading: set[tuple[str, int]] = set()
        self._unusable: set[str] = set()  # what is here is no picture
        self._missing: dict[str, float] = {}  # when it was wanted last
        bridge.avatar_changed.connect(self._on_avatar_changed)
        set_picture_source(self)

    def find(self, jid: JID, side: int) -> QPixmap | None:
        """The picture of an address, round; None where there is none, or not yet: then it is loaded."""
        hash_ = self._avatars.find_hash(jid)
        if not hash_ or hash_ in self._unusable:
            return None
        key = (hash_, side)
        if (kept := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return kept
        if key not in self._loading:
            self._load(jid, key)
        return None

    def _load(self, jid: JID, key: tuple[str, int]) -> None:
        hash_, now = key[0], time.monotonic()
        if now - self._missing.get(hash_, -_WANT_AGAIN) < _WANT_AGAIN:
            return
        data = self._read(hash_)
        if data is None:
            self._missing[hash_] = now
            self._avatars.want(jid)
            return
        self._loading.add(key)
        run(self, self._decode(key, data), on_error=lambda _: None)

    def _read(self, hash_: str) -> bytes | None:
        try:
            return self._avatars.find_picture(hash_)
        except KnownError:  # whoever writes is told of it
            return None

    async def _decode(self, key: tuple[str, int], data: bytes) -> None:
        try:
            image = await asyncio.to_thread(decode_round, data, key[1])
        finally:
            self._loading.discard(key)
        if image is None:
            self._unusable.add(key[0])
            return
        self._kept[key] = QPixmap.fromImage(image)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        tell_pictures_changed()

    def _on_avatar_changed(self, event: AvatarChanged) -> None:
        self._missing.pop(self._avatars.find_hash(event.jid), None)
        tell_pictures_changed()


def decode(data: bytes, side: int) -> QImage | None:
    """A picture of somebody else, about ``side`` pixels in its shorter direction; None where it is not safe, or none.

    Its header is read first: neither a format beyond ``FORMATS`` nor a size beyond ``LONGEST_SIDE`` is looked into.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    if bytes(reader.format().data()) not in FORMATS:
        return None  # before anything else is asked: some formats are read whole to tell their size
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        return None
    if max(size.width(), size.height()) > LONGEST_SIDE or size.width() * size.height() > _MOST_PIXELS:
        return None
    if min(size.width(), size.height()) > side:
        reader.setScaledSize(size.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    return None if image.isNull() else image


def decode_round(data: bytes, side: int) -> QImage | None:
    """A picture of somebody else as a disc of ``side`` pixels, its middle part; see :func:`decode`."""
    image = decode(data, 2 * side)
    return None if image is None else rounded(image, side)


def rounded(image: QImage, side: int) -> QImage:
    """The middle of a picture as a disc."""
    smooth = Qt.TransformationMode.SmoothTransformation
    square = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatioByExpanding, smooth)
    left, top = (square.width() - side) // 2, (square.height() - side) // 2
    disc = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    disc.fill(Qt.GlobalColor.transparent)
    painter = QPainter(disc)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(square.copy(left, top, side, side)))
    painter.drawEllipse(QRectF(0, 0, side, side))
    painter.end()
    return disc
