"""Where a film was taken (MP4 and MOV: ISO/IEC 14496-12, QuickTime): blanked in our copy, the film itself untouched.

All that stands in such a file is found by its position, so nothing is cut out. What a camera writes into a track of its
own, moment by moment, stays: that is part of the film.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_FIRST = (b"ftyp", b"moov", b"mdat", b"wide")
_CONTAINERS = (b"moov", b"trak", b"udta", b"meta", b"ilst")
_TELLING = (b"\xa9xyz", b"loci", b"XMP_")
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_DEEPEST = 8
_MOST = 100_000  # boxes
_MOST_KEYS = 1_000_000  # bytes
_PIECE = 1_000_000


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    content: int  # where it begins
    end: int


def is_film(head: bytes) -> bool:
    """Whether a file that begins so (12 bytes) is of a kind that :func:`blank_places` knows."""
    return head[4:8] in _FIRST


def blank_places(file: BinaryIO) -> bool:
    """Overwrite what tells where a film was taken, in a file that can be read and written; returns whether it did.

    Raises:
        OSError: where it cannot be read or written.
    """
    walk = _Walk(file)
    walk.go(0, file.seek(0, 2), 0)
    return walk.has_blanked


class _Walk:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = _MOST
        self.has_blanked = False

    def go(self, start: int, end: int, depth: int) -> None:
        """Look into the boxes between two places."""
        located: frozenset[int] = frozenset()  # which items of the list tell places, by their keys
        for box in self._boxes(start, end):
            if box.kind == b"keys":
                located = self._read_keys(box)
            elif box.kind == b"ilst":
                self._blank_items(box, located)
            if box.kind in _TELLING or self._is_xmp(box):
                self._blank(box.content, box.end)
                self._write(box.start + 4, b"free")
            elif box.kind in _CONTAINERS and depth < _DEEPEST:
                self.go(self._inside(box), box.end, depth + 1)

    def _boxes(self, start: int, end: int) -> Iterator[_Box]:
        """What follows one another there, up to what is no box."""
        while start + 8 <= end and self._left > 0:
            self._left -= 1
            size, kind = struct.unpack(">I4s", self._read(start, 8))
            content = start + 8
            if size == 1 and start + 16 <= end:
                size, content = struct.unpack(">Q", self._read(content, 8))[0], start + 16
            elif size == 0 and kind != b"\0\0\0\0":  # to the end
                size = end - start
            if size < content - start:
                return
            yield _Box(kind, start, content, min(start + size, end))
            start += size

    def _inside(self, box: _Box) -> int:
        """Where its boxes begin: those of MP4's ``meta`` behind a version, those of QuickTime's at once."""
        if box.kind == b"meta" and self._read(box.content + 4, 4) != b"hdlr":
            return box.content + 4
        return box.content

    def _is_xmp(self, box: _Box) -> bool:
        return box.kind == b"uuid" and self._read(box.content, 16) == _XMP

    def _read_keys(self, box: _Box) -> frozenset[int]:
        """The numbers, from 1, of the keys that are about places (QuickTime: ``mdta``)."""
        data = self._read(box.content, min(box.end - box.content, _MOST_KEYS))
        found, place, number = set(), 8, 1
        while place + 8 <= len(data):
            size = struct.unpack_from(">I", data, place)[0]
            if size < 8:
                break
            if b"location" in data[place + 8 : place + size].lower():
                found.add(number)
            place, number = place + size, number + 1
        return frozenset(found)

    def _blank_items(self, ilst: _Box, located: frozenset[int]) -> None:
        for item in self._boxes(ilst.content, ilst.end):
            if int.from_bytes(item.kind) in located:
                for value in self._boxes(item.content, item.end):
                    self._blank(min(value.content + 8, value.end), value.end)  # behind its type and language

    def _blank(self, start: int, end: int) -> None:
        while start < end:
            self._write(start, bytes(min(end - start, _PIECE)))
            start += _PIECE

    def _read(self, place: int, size: int) -> bytes:
        self._file.seek(place)
        return self._file.read(size).ljust(size, b"\0") if size <= 16 else self._file.read(size)

    def _write(self, place: int, data: bytes) -> None:
        self.has_blanked = True
        self._file.seek(place)
        self._file.write(data)
