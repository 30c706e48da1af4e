"""Makes the program's icons of every size from the drawing in ``resources/icons``; needs PySide6.

``icons.py hicolor DIR`` (PNG by size, for ``/usr/share/icons/hicolor``), ``icons.py ico FILE``, ``icons.py icns FILE``.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

_ROOT = Path(__file__).resolve().parents[2]
_NAME = "im.whimbrel.Whimbrel"
_HICOLOR = (16, 22, 24, 32, 48, 64, 128, 256, 512)  # pixels
_ICO = (16, 24, 32, 48, 64, 128, 256)
_ICNS = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09", 1024: b"ic10"}


def render(size: int) -> bytes:
    """The icon as PNG, ``size`` pixels wide and high."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(_ROOT / "resources/icons/whimbrel.svg")).render(painter, QRectF(0, 0, size, size))
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def write_hicolor(folder: Path) -> None:
    """Each size in its folder of the icon theme."""
    for size in _HICOLOR:
        place = folder / f"{size}x{size}" / "apps"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{_NAME}.png").write_bytes(render(size))


def write_ico(file: Path) -> None:
    """One file for Windows: a directory of PNG images."""
    images = [(size, render(size)) for size in _ICO]
    offset = 6 + 16 * len(images)
    head = struct.pack("<HHH", 0, 1, len(images))
    for size, image in images:
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(image), offset)
        offset += len(image)
    file.write_bytes(head + b"".join(image for _size, image in images))


def write_icns(file: Path) -> None:
    """One file for macOS: PNG images, each under the name of its size."""
    images = b"".join(
        kind + struct.pack(">I", len(image) + 8) + image for kind, image in ((k, render(s)) for s, k in _ICNS.items())
    )
    file.write_bytes(b"icns" + struct.pack(">I", len(images) + 8) + images)


if __name__ == "__main__":
    {"hicolor": write_hicolor, "ico": write_ico, "icns": write_icns}[sys.argv[1]](Path(sys.argv[2]))
