"""Contrast as WCAG 2.2 measures it, and accent colours that keep it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QColor

from whimbrel.ui.theme.tokens import Tokens

READABLE = 4.5
"""The least contrast of text and its surface (WCAG 2.2, 1.4.3)."""

_STEP = 0.02  # of lightness
_HOVER_STEPS = 3
_BLACK, _WHITE = QColor("#000000"), QColor("#FFFFFF")


def contrast(one: QColor, other: QColor) -> float:
    """How far two colours are apart, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def with_accent(tokens: Tokens, wanted: QColor) -> Tokens:
    """Tokens with another accent colour: the nearest in lightness to ``wanted`` that can be read on every surface."""
    surfaces = (
        tokens.background,
        tokens.side_pane,
        tokens.selection,
        tokens.hover,
        tokens.bubble_in,
        tokens.bubble_out,
    )
    step = -_STEP if contrast(tokens.background, _BLACK) > contrast(tokens.background, _WHITE) else _STEP
    accent = QColor(wanted.rgb())
    for _ in range(round(1 / _STEP)):
        if min(contrast(accent, surface) for surface in surfaces) >= READABLE:
            break
        accent = _lighter(accent, step)
    on_accent = _WHITE if step < 0 else tokens.background
    return replace(
        tokens, accent=accent, accent_hover=_lighter(accent, _HOVER_STEPS * step), on_accent=on_accent, focus=accent
    )


def _lighter(color: QColor, step: float) -> QColor:
    lightness = min(1.0, max(0.0, color.lightnessF() + step))
    return QColor.fromHslF(max(color.hslHueF(), 0.0), color.hslSaturationF(), lightness)


def _luminance(color: QColor) -> float:
    red, green, blue = map(_linear, (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
