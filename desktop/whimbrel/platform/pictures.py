"""Reading pictures that others made: the format and the measures first, within bounds, never on the event loop (C9).

And writing those that the person shows to others.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QImageIOHandler, QImageReader, QImageWriter, QPainter

FORMATS = frozenset({b"png", b"jpeg", b"gif", b"webp"})
LONGEST_SIDE = 16_384
MOST_PIXELS = 50_000_000
"""A picture that says more of itself is not decoded."""
_MOST_MEGABYTES = 256  # for one picture: four bytes a pixel, and room to turn it
_MOST_FRAMES = 300
_LEAST_DELAY = 20  # milliseconds; programs that say less mean "quickly"
_USUAL_DELAY = 100


def measure(path: Path) -> tuple[int, int] | None:
    """Width and height in pixels as it is to be shown, from the header; None: it is no picture that may be decoded."""
    reader = _reader(QImageReader(str(path)))
    size = None if reader is None else _shown_size(reader)
    return None if size is None else (size.width(), size.height())


def read_picture(path: Path, box: QSize, radius: float = 0.0) -> QImage | None:
    """Decode a picture to fit into a box, never larger than it is; None: it is none, or is not whole.

    Args:
        box: in device pixels.
        radius: of its corners, in device pixels, where it fills the box; in proportion where it is smaller.
    """
    reader = _reader(QImageReader(str(path)))
    image = None if reader is None else _read(reader, box)
    return None if image is None else _finish(image, radius * _share(image, box))


def read_thumbnail(data: bytes, box: QSize, radius: float = 0.0) -> QImage | None:
    """Decode a small picture that came with a message; it fills a box as far as its form lets it."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = _reader(QImageReader(buffer))
    image = None if reader is None else _read(reader, box)
    if image is None:
        return None
    scaled = image.scaled(box, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return _finish(scaled, radius)


def encode(image: QImage, kind: bytes, quality: int = -1) -> bytes:
    """A picture as a file; blocks.

    Args:
        kind: as Qt names it ("png", "jpeg").
        quality: from 0 to 100; -1: the usual.
    """
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(kind))
    writer.setQuality(quality)
    writer.write(image)
    buffer.close()
    return bytes(data.data())


class FrameReader:
    """The frames of an animated picture one after the other, none of them kept. For one thread at a time.

    Args:
        box: in device pixels; a larger picture is made smaller.
        radius: of the frames' corners, as of :func:`read_picture`.
    """

    def __init__(self, path: Path, box: QSize, radius: float = 0.0) -> None:
        self._reader = _reader(QImageReader(str(path)))
        self._box = box
        self._radius = radius
        self._left = _MOST_FRAMES

    @property
    def is_animated(self) -> bool:
        """Whether there is more than one frame, as far as the file tells."""
        reader = self._reader
        return reader is not None and reader.supportsAnimation() and reader.imageCount() != 1

    def read_next(self) -> tuple[QImage, int] | None:
        """The next frame and the milliseconds that it is shown; None: that was the last."""
        if self._reader is None or self._left == 0:
            return None
        self._left -= 1
        fitted = _fitted(self._reader.read(), self._box)
        image = _finish(fitted, self._radius * _share(fitted, self._box))
        delay = self._reader.nextImageDelay()
        return None if image is None else (image, delay if delay >= _LEAST_DELAY else _USUAL_DELAY)


def _reader(reader: QImageReader) -> QImageReader | None:
    """A reader of a picture that may be decoded: its kind is told by its first bytes, its size by its header."""
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(_MOST_MEGABYTES)
    if bytes(reader.format().data()) not in FORMATS:
        return None
    size = reader.size()
    sound = size.isValid() and 0 < size.width() <= LONGEST_SIDE and 0 < size.height() <= LONGEST_SIDE
    return reader if sound and size.width() * size.height() <= MOST_PIXELS else None


def _shown_size(reader: QImageReader) -> QSize:
    turned = reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90
    return reader.size().transposed() if turned else reader.size()


def _read(reader: QImageReader, box: QSize) -> QImage | None:
    """Decode at the size that is wanted, which costs much less with JPEG."""
    shown = _shown_size(reader)
    fitted = _fitting(shown, box)
    if fitted != shown:
        turned = shown != reader.size()
        reader.setScaledSize(fitted.transposed() if turned else fitted)
    image = reader.read()
    return None if image.isNull() else image


def _fitting(size: QSize, box: QSize) -> QSize:
    if size.width() <= box.width() and size.height() <= box.height():
        return size
    fitted = size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio)
    return fitted.expandedTo(QSize(1, 1))


def _fitted(image: QImage, box: QSize) -> QImage:
    wanted = _fitting(image.size(), box)
    if wanted == image.size():
        return image
    return image.scaled(wanted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _share(image: QImage, box: QSize) -> float:
    """How much of a box a picture fills along the side that it fills most, at most 1."""
    return min(max(image.width() / max(box.width(), 1), image.height() / max(box.height(), 1)), 1.0)


def _finish(image: QImage | None, radius: float) -> QImage | None:
    """Give it round corners and the form in which it is painted quickest."""
    if image is None or image.isNull():
        return None
    if radius <= 0:
        return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    rounded = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    if rounded.isNull():
        return None
    rounded.fill(Qt.GlobalColor.transparent)
    painter = QPainter(rounded)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(image))
    painter.drawRoundedRect(QRectF(rounded.rect()), radius, radius)
    painter.end()
    return rounded
