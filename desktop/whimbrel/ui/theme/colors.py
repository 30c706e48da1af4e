"""Consistent colours (XEP-0392): the same text has the same colour in every program."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from functools import lru_cache

from PySide6.QtGui import QColor

_KAPPA = 903.2962962
_EPSILON = 0.0088564516
_REF_U, _REF_V = 0.19783000664283, 0.46831999493879
_XYZ_TO_RGB = (
    (3.240969941904521, -1.537383177570093, -0.498610760293),
    (-0.96924363628087, 1.87596750150772, 0.041555057407175),
    (0.055630079696993, -0.20397695888897, 1.056971514242878),
)


def hue(text: str) -> float:
    """The angle of a text in degrees (XEP-0392 section 5.1)."""
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:2], "little") / 65536 * 360


@lru_cache(maxsize=2048)
def consistent_color(text: str, saturation: float = 70.0, lightness: float = 46.0) -> QColor:
    """The colour of a text (XEP-0392 section 5), a little calmer and darker than its default of 100 and 50.

    White text on it has a contrast of at least 4.5 : 1.
    """
    return QColor.fromRgbF(*(max(0.0, min(1.0, part)) for part in _hsluv(hue(text), saturation, lightness)))


def _hsluv(angle: float, saturation: float, lightness: float) -> tuple[float, float, float]:
    """HSLuv (hsluv.org, revision 4) to sRGB, for a lightness above 8."""
    radians = math.radians(angle)
    chroma = _max_chroma(lightness, radians) * saturation / 100
    u = math.cos(radians) * chroma / (13 * lightness) + _REF_U
    v = math.sin(radians) * chroma / (13 * lightness) + _REF_V
    y = ((lightness + 16) / 116) ** 3
    x = 9 * y * u / (4 * v)
    z = (9 * y - 15 * v * y - v * x) / (3 * v)
    red, green, blue = (_gamma(a * x + b * y + c * z) for a, b, c in _XYZ_TO_RGB)
    return red, green, blue


def _gamma(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def _max_chroma(lightness: float, radians: float) -> float:
    lengths = (intercept / (math.sin(radians) - slope * math.cos(radians)) for slope, intercept in _bounds(lightness))
    return min(length for length in lengths if length >= 0)


def _bounds(lightness: float) -> Iterator[tuple[float, float]]:
    cube = (lightness + 16) ** 3 / 1560896
    sub = cube if cube > _EPSILON else lightness / _KAPPA
    for m1, m2, m3 in _XYZ_TO_RGB:
        for t in (0, 1):
            top1 = (284517 * m1 - 94839 * m3) * sub
            top2 = (838422 * m3 + 769860 * m2 + 731718 * m1) * lightness * sub - 769860 * t * lightness
            bottom = (632260 * m3 - 126452 * m2) * sub + 126452 * t
            yield top1 / bottom, top2 / bottom
