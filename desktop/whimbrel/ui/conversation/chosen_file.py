"""A file that was chosen to be sent: what it is, and a smaller copy of a large picture. For worker threads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeDatabase, QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader, QPainter

from whimbrel.platform.pictures import encode

LONGEST_SIDE = 2048
"""Pixels; a picture with a longer side can be made smaller."""
_QUALITY = 85
_PREVIEW = 96  # pixels
_THUMBNAIL = 96
_THUMBNAIL_QUALITY = 50
_MOST_PIXELS = 120_000_000
_MOST_BYTES = 200_000_000  # a larger file is not looked into


@dataclass(frozen=True, slots=True)
class Look:
    """What a file turns out to be. ``width`` and ``height`` are those of a picture as it is shown, in pixels."""

    media_type: str
    size: int  # bytes
    width: int | None = None
    height: int | None = None
    preview: QImage | None = None
    thumbnail: bytes = b""
    still: bool = False  # a picture that can be made smaller without losing its movement

    @property
    def is_large(self) -> bool:
        """Whether it can be made smaller."""
        return self.still and max(self.width or 0, self.height or 0) > LONGEST_SIDE


def look_at(source: Path | bytes, name: str) -> Look:
    """Find out what a file is; blocks. Raises OSError where it cannot be read."""
    kinds = QMimeDatabase()
    if isinstance(source, bytes):
        size, kind = len(source), kinds.mimeTypeForFileNameAndData(name, QByteArray(source))
    else:
        size, kind = source.stat().st_size, kinds.mimeTypeForFile(str(source))
    media_type = kind.name()
    is_picture = media_type.startswith("image/") and not media_type.startswith("image/svg")
    if not is_picture or size > _MOST_BYTES:
        return Look(media_type, size)
    with _Device(source) as device:
        reader = QImageReader(device)
        reader.setAutoTransform(True)
        shown = _shown_size(reader)
        if not shown.isValid() or shown.width() * shown.height() > _MOST_PIXELS:
            return Look(media_type, size)
        still = not reader.supportsAnimation() or reader.imageCount() <= 1
        small = _read(reader, shown, _PREVIEW)
    if small.isNull():
        return Look(media_type, size)
    return Look(media_type, size, shown.width(), shown.height(), small, _jpeg(small, _THUMBNAIL_QUALITY), still)


def look_again(source: Path | None, copy: Path, name: str) -> Look:
    """Find out what a file is that was chosen and copied before; blocks. Raises OSError where the copy is gone.

    One that is not where it was chosen any more cannot be made smaller: ``source`` is None, or cannot be read.
    """
    try:
        if source is not None:
            return look_at(source, name)
    except OSError:
        pass
    return replace(look_at(copy, name), still=False)


def is_file(path: Path, size: int) -> bool:
    """Whether a file is there, and of this size in bytes; blocks."""
    try:
        return path.is_file() and path.stat().st_size == size
    except OSError:
        return False


def make_smaller(source: Path | bytes) -> bytes | None:
    """A picture as a JPEG with a longest side of 2048 pixels, and nothing else that it told; blocks.

    None where it cannot be read as a picture.
    """
    with _Device(source) as device:
        reader = QImageReader(device)
        reader.setAutoTransform(True)
        image = _read(reader, _shown_size(reader), LONGEST_SIDE)
    return None if image.isNull() else _jpeg(image, _QUALITY)


def smaller_name(name: str) -> str:
    """The name of a picture once it is a JPEG."""
    stem, dot, ending = name.rpartition(".")
    return name if ending.lower() in ("jpg", "jpeg") else f"{stem if dot else name}.jpg"


class _Device:
    """A file, or what is in one, as Qt reads it."""

    def __init__(self, source: Path | bytes) -> None:
        self._data = QByteArray(source if isinstance(source, bytes) else source.read_bytes())
        self._buffer = QBuffer(self._data)

    def __enter__(self) -> QBuffer:
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        return self._buffer

    def __exit__(self, *_: object) -> None:
        self._buffer.close()


def _shown_size(reader: QImageReader) -> QSize:
    size = reader.size()
    turned = reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90
    return size.transposed() if turned else size


def _read(reader: QImageReader, shown: QSize, longest: int) -> QImage:
    """A picture, not larger than this; decoded small where its kind can be."""
    if not shown.isValid() or shown.width() * shown.height() > _MOST_PIXELS:
        return QImage()
    wanted = shown
    if max(shown.width(), shown.height()) > longest:
        wanted = shown.scaled(longest, longest, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    turned = reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90
    reader.setScaledSize(wanted.transposed() if turned else wanted)
    return reader.read()


def _jpeg(image: QImage, quality: int) -> bytes:
    if image.hasAlphaChannel():
        opaque = QImage(image.size(), QImage.Format.Format_RGB32)
        opaque.fill(Qt.GlobalColor.white)
        painter = QPainter(opaque)
        painter.drawImage(0, 0, image)
        painter.end()
        image = opaque
    return encode(image, b"jpeg", quality)


def encode_png(image: QImage) -> bytes:
    """A pasted picture as a file; blocks."""
    return encode(image, b"png")
