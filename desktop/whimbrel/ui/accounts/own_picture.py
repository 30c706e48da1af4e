"""A picture of one's own: read from a file, cut to a square, made small enough for everybody. For worker threads."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from whimbrel.core.offers.avatars import OwnPicture
from whimbrel.platform.pictures import encode

_LONGEST_SIDE = 2048
"""Pixels that are worked with: more is never shown."""
_FORMATS = frozenset({b"png", b"jpeg", b"gif", b"webp", b"bmp"})
_MOST_PIXELS = 120_000_000
_SIDE = 256
_LARGEST_PNG = 64 * 1024
_QUALITY = 90


def read_picture(path: Path) -> QImage | None:
    """A picture as it is to be cut; None where the file is none. Turned upright, scaled down where it is large."""
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    if bytes(reader.format().data()) not in _FORMATS:
        return None
    size = reader.size()
    if not size.isValid() or size.isEmpty() or size.width() * size.height() > _MOST_PIXELS:
        return None
    if max(size.width(), size.height()) > _LONGEST_SIDE:
        reader.setScaledSize(size.scaled(QSize(_LONGEST_SIDE, _LONGEST_SIDE), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image


def cut(image: QImage, part: QRect) -> OwnPicture:
    """A square part of a picture, ready to be published. Nothing that the file said beside the picture is in it."""
    square = image.copy(part).scaled(
        _SIDE, _SIDE, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    has_alpha = square.hasAlphaChannel()
    plain = square.convertToFormat(QImage.Format.Format_ARGB32 if has_alpha else QImage.Format.Format_RGB32)
    for key in plain.textKeys():
        plain.setText(key, "")
    data = encode(plain, b"png")
    if len(data) <= _LARGEST_PNG or has_alpha:
        return OwnPicture(data, "image/png", _SIDE, _SIDE)
    return OwnPicture(encode(plain, b"jpeg", _QUALITY), "image/jpeg", _SIDE, _SIDE)
