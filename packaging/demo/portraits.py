"""Landscapes with sky, sun and hills in colours of their own: a small one for everybody, larger ones to be sent."""

from __future__ import annotations

import colorsys
import math
import struct
import zlib

SIDE = 96
"""Pixels."""


def paint(name: str, width: int = SIDE, height: int = SIDE) -> bytes:
    """A PNG, the same for the same name."""
    scale = SIDE / height
    seed = zlib.crc32(name.encode())
    hue = seed % 360 / 360
    sun = ((24 + seed // 7 % 48) * width / height, 20 + seed // 11 % 24)
    rows = bytearray()
    for y in range(height):
        rows.append(0)  # no filter
        for x in range(width):
            rows += bytes(round(255 * part) for part in _color(x * scale, y * scale, hue, sun, seed % 97))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _color(x: float, y: float, hue: float, sun: tuple[float, float], shift: int) -> tuple[float, float, float]:
    near = 70 + 10 * math.sin((x + shift) / 14)
    far = 54 + 12 * math.sin((x + 3 * shift) / 21)
    if y > near:
        return colorsys.hsv_to_rgb((hue + 0.42) % 1, 0.6, 0.38)
    if y > far:
        return colorsys.hsv_to_rgb((hue + 0.36) % 1, 0.5, 0.58)
    if math.dist((x, y), sun) < 11:
        return colorsys.hsv_to_rgb(0.13, 0.45, 1.0)
    return colorsys.hsv_to_rgb(hue, 0.55 - 0.35 * y / SIDE, 0.95)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
