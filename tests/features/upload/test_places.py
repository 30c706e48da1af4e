"""Nothing tells where a picture was taken, and the picture itself stays as it is."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from whimbrel.features.upload.keeping import Keeper
from whimbrel.features.upload.places import without_places
from whimbrel.model.errors import ErrorKind, KnownError

PLACE = b"N 48 51 30 E 2 17 40"


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def exif(orientation: int, order: str = "<") -> bytes:
    start = b"II*\0" if order == "<" else b"MM\0*"
    entries = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack(f"{order}HHII", 0x8825, 4, 1, 99)
    return b"Exif\0\0" + start + struct.pack(f"{order}IH", 8, 2) + entries + b"\0" * 4 + PLACE


SCAN = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"pixels \xff\x00 \xff\xd0 more"
TABLES = segment(0xDB, b"\0" * 65) + segment(0xC2, b"frame") + segment(0xC4, b"huffman")
ICC = segment(0xE2, b"ICC_PROFILE\0colours")
JFIF = segment(0xE0, b"JFIF\0")


def jpeg(orientation: int, order: str = "<") -> bytes:
    telling = segment(0xE1, exif(orientation, order)) + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE)
    telling += segment(0xED, PLACE) + segment(0xFE, PLACE) + segment(0xE2, b"MPF\0" + PLACE)
    scans = SCAN + segment(0xC4, b"second") + SCAN
    return b"\xff\xd8" + JFIF + telling + ICC + TABLES + scans + b"\xff\xd9" + b"\xff\xd8 another " + PLACE


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_jpeg_keeps_its_picture_its_colours_and_which_way_is_up(order: str) -> None:
    cleaned = without_places(jpeg(6, order))
    assert PLACE not in cleaned
    kept = segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0")
    assert cleaned == b"\xff\xd8" + JFIF + kept + ICC + TABLES + SCAN + segment(0xC4, b"second") + SCAN + b"\xff\xd9"
    assert without_places(cleaned) == cleaned
    upright = without_places(jpeg(1))
    assert b"Exif" not in upright
    assert PLACE not in upright


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_a_png_keeps_its_picture() -> None:
    start, picture, end = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"0" * 13),
        chunk(b"IDAT", b"pixels"),
        chunk(b"IEND", b""),
    )
    telling = b"".join(chunk(kind, PLACE) for kind in (b"eXIf", b"tEXt", b"zTXt", b"iTXt"))
    assert without_places(start + telling + picture + telling + end + PLACE) == start + picture + end


def riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def webp(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_a_webp_keeps_its_picture() -> None:
    picture = riff(b"VP8 ", b"pixels!")
    told = webp(riff(b"VP8X", b"\x2c" + b"\0" * 9), picture, riff(b"EXIF", PLACE), riff(b"XMP ", PLACE))
    assert without_places(told) == webp(riff(b"VP8X", b"\x20" + b"\0" * 9), picture)


def tiff(order: str) -> bytes:
    start = b"II*\0" if order == "<" else b"MM\0*"
    first = struct.pack(f"{order}H", 2) + struct.pack(f"{order}HHII", 0x0110, 2, 6, 26 + 12)
    first += struct.pack(f"{order}HHII", 0x8825, 4, 1, 44) + b"\0\0\0\0"
    gps = struct.pack(f"{order}H", 1) + struct.pack(f"{order}HHII", 29, 2, len(PLACE), 62) + b"\0\0\0\0"
    return (start + struct.pack(f"{order}I", 8) + first).ljust(38, b".") + b"Camera" + gps + PLACE + b" and the rest"


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("before", [b"", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic Exif\0 Exif\0\0"], ids=["tiff", "heif"])
def test_where_nothing_can_be_cut_out_the_place_is_blanked(before: bytes, order: str) -> None:
    data = before + tiff(order)
    cleaned = without_places(data)
    assert PLACE in data
    assert not any(word in cleaned for word in PLACE.split() if len(word) > 1)
    assert len(cleaned) == len(data)
    assert cleaned.endswith(b" and the rest")
    assert b"Camera" in cleaned


def test_other_files_are_kept_as_they_are(tmp_path: Path) -> None:
    for data in (b"", b"%PDF-1.4 " + PLACE, b"GIF89a", b"RIFF\0\0\0\0WAVE"):
        kept = Keeper(tmp_path / "kept").keep(data, "a", "")
        assert Path(kept.path).read_bytes() == data


@pytest.mark.parametrize("data", [b"\xff\xd8\x00\x01 \x02\x03", b"\xff\xd8\xff\xe1\0\x01 abc"])
def test_a_picture_that_cannot_be_cleaned_is_not_sent(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(KnownError) as caught:
        Keeper(tmp_path / "kept").keep(data, "a.jpg", "image/jpeg")
    assert caught.value.kind is ErrorKind.NOT_ACCEPTABLE
    assert list((tmp_path / "kept").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../x.txt", "x.txt"),
        ("..\\..\\x.txt", "x.txt"),
        (".desktop", "desktop"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\0b\nc", "abc"),
        ("", "file"),
        ("...", "file"),
        ("ä" * 300 + ".jpg", "ä" * 98 + ".jpg"),
        ("x" * 300, "x" * 200),
    ],
)
def test_c1_names_are_made_safe(tmp_path: Path, name: str, kept: str) -> None:
    file = Keeper(tmp_path).keep(b"x", name, "text/plain")
    assert file.name == kept
    assert Path(file.path).parent.parent == tmp_path


def test_only_our_copies_are_removed(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "kept")
    other = tmp_path / "other" / "precious.txt"
    other.parent.mkdir()
    other.write_text("x")
    keeper.remove(str(other))
    keeper.remove("")
    assert other.exists()


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "kept")
    with pytest.raises(KnownError) as caught:
        keeper.keep(tmp_path, tmp_path.name, "")
    assert caught.value.kind is ErrorKind.IS_FOLDER
    for path in (tmp_path / "gone", Path("/dev/zero")):
        with pytest.raises(KnownError) as caught:
            keeper.keep(path, path.name, "")
        assert caught.value.kind is ErrorKind.NOT_FOUND
