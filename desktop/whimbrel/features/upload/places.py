"""What a picture tells besides the picture (EXIF, XMP, comments): taken out, without touching the picture itself.

The orientation stays, since the picture would lie on its side without it, and so do colour profiles.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_JPEG = b"\xff\xd8"
_PNG = b"\x89PNG\r\n\x1a\n"
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_COMMENT, _SCAN = 0xFE, 0xDA
_BARE = (0x01, *range(0xD0, 0xD8))  # markers without a length
_PNG_TELLING = (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")
_WEBP_TELLING = (b"EXIF", b"XMP ")
_WEBP_FLAGS = 0x08 | 0x04  # of VP8X: EXIF, XMP
_ORIENTATION = 0x0112
_GPS = 0x8825
_EXIF = b"Exif\0\0"
_TIFF = {b"II*\0": "<", b"MM\0*": ">"}
_HEIF = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis")  # brands of ISO/IEC 23008-12
_SIZES = {3: 2, 4: 4, 5: 8, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}  # bytes of a value of a type; 1 of any other
_MOST_ENTRIES = 512
_ICC = b"ICC_PROFILE\0"


def without_places(data: bytes) -> bytes:
    """A picture without what it tells of where, when and with what it was taken; anything else as it is."""
    try:
        if data.startswith(_JPEG):
            return b"".join(_jpeg(data))
        if data.startswith(_PNG):
            return b"".join(_png(data))
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp(data)
        if _is_heif(data):
            return _heif(data)
        if data[:4] in _TIFF:
            return bytes(_blank_gps(bytearray(data), 0))
    except (struct.error, IndexError) as error:
        raise ValueError("not a sound picture") from error
    return data


def may_tell_places(head: bytes) -> bool:
    """Whether a file that begins so (12 bytes) is of a kind that :func:`without_places` knows."""
    is_webp = head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    return head.startswith((_JPEG, _PNG)) or is_webp or _is_heif(head) or head[:4] in _TIFF


def _is_heif(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF


def _heif(data: bytes) -> bytes:
    """Without the place in its EXIF; all that stands in such a file is found by its position, so nothing is cut out."""
    blanked, found = bytearray(data), data.find(_EXIF)
    while found >= 0:
        start = found + len(_EXIF)
        if data[start : start + 4] in _TIFF:
            _blank_gps(blanked, start)
        found = data.find(_EXIF, start)
    return bytes(blanked)


def _blank_gps(data: bytearray, start: int) -> bytearray:
    """Overwrite the place (Exif 2.3 section 4.6.6) in a TIFF structure that starts there."""
    order = _TIFF[bytes(data[start : start + 4])]
    first = struct.unpack_from(f"{order}I", data, start + 4)[0]
    for tag, _, _, place, _ in _entries(data, start, first, order):
        if tag != _GPS:
            continue
        for _, kind, count, value, at in _entries(data, start, place, order):
            size = _SIZES.get(kind, 1) * count
            if size > 4:
                end = min(start + value + size, len(data))
                data[start + value : end] = bytes(max(0, end - start - value))
            data[at : at + 12] = bytes(12)
        struct.pack_into(f"{order}H", data, start + place, 0)
    return data


def _entries(data: bytearray, start: int, directory: int, order: str) -> list[tuple[int, int, int, int, int]]:
    """The entries of a directory: tag, type, count, value or its offset, and where the entry stands."""
    count = struct.unpack_from(f"{order}H", data, start + directory)[0]
    places = [start + directory + 2 + 12 * index for index in range(min(count, _MOST_ENTRIES))]
    return [(*struct.unpack_from(f"{order}HHII", data, at), at) for at in places]


def _jpeg(data: bytes) -> Iterator[bytes]:
    """Only the segments that are needed to show it (ITU T.81 annex B): of APPn, JFIF, ICC and Adobe's."""
    yield data[:2]
    place, turned = 2, False
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            raise ValueError("not a sound picture")
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in _BARE:
            yield data[place : place + 2]
            place += 2
            continue
        length = struct.unpack_from(">H", data, place + 2)[0]
        if length < 2:
            raise ValueError("not a sound picture")
        segment = data[place : place + 2 + length]
        if marker == _SCAN:
            yield from _scans(data, place)
            return
        body = segment[4:]
        if marker == _APP1 and body.startswith(_EXIF) and not turned:
            turned = True
            yield _turned(_orientation(body[len(_EXIF) :]))
        elif _is_needed(marker, body):
            yield segment
        place += 2 + length


def _is_needed(marker: int, body: bytes) -> bool:
    if marker == _APP2:
        return body.startswith(_ICC)
    return marker in (_APP0, _APP14) or not (_APP0 <= marker <= 0xEF or marker == _COMMENT)


def _scans(data: bytes, place: int) -> Iterator[bytes]:
    """The picture itself, to its end: what follows (another picture, a film) is left out with what it tells."""
    end = place
    while (end := data.find(b"\xff", end)) >= 0 and end + 1 < len(data):
        marker = data[end + 1]
        if marker == 0xD9:
            yield data[place : end + 2]
            return
        if marker in (0x00, 0xFF) or marker in _BARE:
            end += 1 if marker == 0xFF else 2
            continue
        end += 2 + struct.unpack_from(">H", data, end + 2)[0]
    yield data[place:]


def _orientation(tiff: bytes) -> int:
    """How the picture has to be turned (Exif 2.3 section 4.6.4): 1 to 8; 1 where that is not told."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        first = struct.unpack_from(f"{order}I", tiff, 4)[0]
        count = struct.unpack_from(f"{order}H", tiff, first)[0]
        for index in range(min(count, 512)):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * index)
            if tag == _ORIENTATION:
                return int(value) if 1 <= value <= 8 else 1
    except (KeyError, struct.error):
        return 1
    return 1


def _turned(orientation: int) -> bytes:
    """An APP1 segment that says nothing but the orientation; nothing where that is the usual one."""
    if orientation == 1:
        return b""
    tiff = struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    body = _EXIF + tiff
    return struct.pack(">BBH", 0xFF, _APP1, len(body) + 2) + body


def _png(data: bytes) -> Iterator[bytes]:
    yield data[:8]
    place = 8
    while place + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if kind not in _PNG_TELLING:
            yield data[place:end]
        if kind == b"IEND":
            return
        place = end


def _webp(data: bytes) -> bytes:
    chunks, place = [], 12
    end_of_all = min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while place + 8 <= end_of_all:
        kind, length = struct.unpack_from("<4sI", data, place)
        end = place + 8 + length + length % 2
        chunk = data[place:end]
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if kind not in _WEBP_TELLING:
            chunks.append(chunk)
        place = end
    body = b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
