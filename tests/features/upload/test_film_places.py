"""Nothing tells where a film was taken, and the film itself stays as it is, byte by byte."""

from __future__ import annotations

import base64
import hashlib
import struct
from pathlib import Path

import pytest

from whimbrel.features.upload.keeping import Keeper

PLACE = b"+48.8577+002.2950/"
FRAMES = bytes(range(256)) * 20


def box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I4s", len(content) + 8, kind) + content


def large(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4sQ", 1, kind, len(content) + 16) + content


def key(name: bytes) -> bytes:
    return box(b"mdta", name)


def value(number: int, data: bytes) -> bytes:
    return box(struct.pack(">I", number), box(b"data", struct.pack(">II", 1, 0), data))


TRACK = box(b"trak", box(b"tkhd", b"track"), box(b"mdia", b"media"), box(b"udta", box(b"name", b"Clip")))
HDLR = box(b"hdlr", b"\0" * 8 + b"mdta" + b"\0" * 12)
KEYS = box(
    b"keys",
    struct.pack(">II", 0, 3),
    key(b"com.apple.quicktime.make"),
    key(b"com.apple.quicktime.location.ISO6709"),
    key(b"com.apple.quicktime.model"),
)
ITEMS = box(b"ilst", value(1, b"Maker"), value(2, PLACE), value(3, b"Model"))
ANDROID = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0x15C7), PLACE))
LOCI = box(b"udta", box(b"loci", b"\0" * 6 + PLACE + b"earth\0"), b"\0\0\0\0")
APPLE = box(b"meta", HDLR, KEYS, ITEMS)  # QuickTime: no version
ISO = box(b"udta", box(b"meta", b"\0" * 4, box(b"hdlr", b"mdir"), box(b"ilst", box(b"\xa9xyz", box(b"data", PLACE)))))
XMP = box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), b"<exif:GPSLatitude>" + PLACE)


def send(folder: Path, data: bytes) -> tuple[bytes, str]:
    source = folder / "film.mp4"
    source.write_bytes(data)
    kept = Keeper(folder / "uploads").keep(source, source.name, "video/mp4")
    assert source.read_bytes() == data  # the person's own is untouched
    return Path(kept.path).read_bytes(), kept.sha256


@pytest.mark.parametrize("telling", [ANDROID, LOCI, APPLE, ISO, XMP], ids=["©xyz", "loci", "keys", "ilst", "xmp"])
@pytest.mark.parametrize("first", [box(b"ftyp", b"isom\0\0\0\0isom"), box(b"wide")], ids=["mp4", "mov"])
def test_where_it_was_taken_is_blanked(tmp_path: Path, telling: bytes, first: bytes) -> None:
    film = first + large(b"mdat", FRAMES) + box(b"moov", box(b"mvhd", b"head"), telling, TRACK)
    sent, sha256 = send(tmp_path, film)
    assert PLACE in film
    assert PLACE not in sent
    assert len(sent) == len(film)
    assert base64.b64decode(sha256) == hashlib.sha256(sent).digest()
    start = film.index(telling)
    assert sent[:start] == film[:start]
    assert sent[start + len(telling) :] == film[start + len(telling) :]
    if telling is APPLE:
        assert b"Maker" in sent
        assert b"Model" in sent


@pytest.mark.parametrize(
    "film",
    [
        box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", b"head"), TRACK) + box(b"mdat", FRAMES + ANDROID),
        box(b"ftyp", b"isom") + struct.pack(">I4s", 0, b"mdat") + FRAMES,  # to the end
        box(b"ftyp", b"isom") + box(b"moov", struct.pack(">I4s", 3, b"trak") + FRAMES),
        box(b"ftyp", b"isom") + struct.pack(">I4s", 2**31, b"moov") + b"short",
        box(b"moov", *[struct.pack(">I4s", 8, b"free")] * 1000),
        b"\0\0\0\1ftyp",
    ],
    ids=["none", "open end", "no box", "cut off", "many", "short"],
)
def test_what_tells_nothing_or_is_damaged_goes_as_it_is(tmp_path: Path, film: bytes) -> None:
    sent, sha256 = send(tmp_path, film)
    assert sent == film
    assert base64.b64decode(sha256) == hashlib.sha256(film).digest()


def test_nesting_without_end_is_left(tmp_path: Path) -> None:
    nested = ANDROID
    for _ in range(300):
        nested = box(b"udta", nested)
    film = box(b"ftyp", b"isom") + box(b"moov", nested)
    assert len(send(tmp_path, film)[0]) == len(film)
