"""Reading pictures: fitted and turned as they were taken; those that are made to do harm are not decoded (C9)."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageWriter
from PySide6.QtWidgets import QApplication

from whimbrel.platform.pictures import FrameReader, measure, read_picture, read_thumbnail


def picture(path: Path, width: int, height: int) -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    assert image.save(str(path))
    return path


def png(width: int, height: int, data: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><image href='file:///etc/passwd'/></svg>"
GIF_BOMB = b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\x80\x00\x00" + bytes(6) + b";"


@pytest.mark.parametrize(
    "data",
    [
        png(1_000_000_000, 1, b""),
        png(60_000, 60_000, bytes(1000)),
        png(20_000, 10, bytes(1000)),
        png(9_000, 9_000, bytes(1000)),
        GIF_BOMB,
        SVG,
        b"<?xml version='1.0'?>" + SVG,
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\xff\xff\xff\xffWEBPVP8X" + bytes(20),
    ],
    ids=["width", "square", "long", "pixels", "gif", "svg", "xml", "empty", "head", "webp"],
)
def test_c9_what_is_too_large_or_no_picture_is_not_decoded(tmp_path: Path, qapp: QApplication, data: bytes) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(data)
    assert measure(path) is None
    assert read_picture(path, QSize(100, 100)) is None
    assert read_thumbnail(data, QSize(100, 100)) is None
    assert FrameReader(path, QSize(100, 100)).read_next() is None


@pytest.mark.qt_log_ignore("Corrupt JPEG data")
def test_c9_a_picture_that_breaks_off_does_no_harm(tmp_path: Path, qapp: QApplication) -> None:
    whole = picture(tmp_path / "x.jpg", 400, 300).read_bytes()
    for part in (len(whole) // 3, len(whole) // 2, len(whole) - 20):
        (tmp_path / "part.jpg").write_bytes(whole[:part])
        image = read_picture(tmp_path / "part.jpg", QSize(100, 100))
        assert image is None or image.width() <= 100


def test_pictures_are_fitted_and_turned_as_they_were_taken(tmp_path: Path, qapp: QApplication) -> None:
    path = picture(tmp_path / "x.jpg", 400, 200)
    writer = QImageWriter(str(tmp_path / "turned.jpg"))
    writer.setTransformation(QImageIOHandler.Transformation.TransformationRotate90)
    assert writer.write(QImage(str(path)))
    assert measure(path) == (400, 200)
    assert measure(tmp_path / "turned.jpg") == (200, 400)
    turned = read_picture(tmp_path / "turned.jpg", QSize(50, 100), 8.0)
    assert turned is not None
    assert (turned.width(), turned.height()) == (50, 100)
    small = read_picture(path, QSize(4000, 4000))
    assert small is not None
    assert small.width() == 400
