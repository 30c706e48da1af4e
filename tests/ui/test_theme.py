"""The theme: readable, sharp, switchable."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel

from whimbrel.platform import resources
from whimbrel.ui.theme.avatar import initial
from whimbrel.ui.theme.colors import consistent_color, hue
from whimbrel.ui.theme.icons import icon
from whimbrel.ui.theme.theme import LARGE, NORMAL, SMALL, Theme, font
from whimbrel.ui.theme.tokens import DARK, LIGHT, Tokens
from whimbrel.ui.widgets.label import Label


def _luminance(color: QColor) -> float:
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in color.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_text_can_be_read_on_every_surface(tokens: Tokens) -> None:
    surfaces = (tokens.background, tokens.side_pane, tokens.bubble_in, tokens.bubble_out, tokens.selection)
    pairs = [(tokens.text, surface) for surface in (*surfaces, tokens.hover)]
    pairs += [(tokens.second_text, surface) for surface in surfaces]
    pairs += [(tokens.on_accent, tokens.accent), (tokens.on_accent, tokens.accent_hover)]
    pairs += [(tokens.accent, tokens.background), (tokens.accent, tokens.side_pane)]
    pairs += [(tokens.error, tokens.background), (tokens.error, tokens.side_pane)]
    pairs += [(tokens.error_text, tokens.error_surface), (tokens.link, tokens.background)]
    pairs += [(tokens.link, tokens.bubble_in), (tokens.link, tokens.bubble_out)]
    poor = [(a.name(), b.name(), round(_contrast(a, b), 2)) for a, b in pairs if _contrast(a, b) < 4.5]
    assert poor == []


@pytest.mark.parametrize(
    ("text", "angle", "rgb"),
    [
        ("Romeo", 327.255249, (0.865, 0.000, 0.686)),
        ("juliet@capulet.lit", 209.410400, (0.000, 0.515, 0.573)),
        ("😺", 331.199341, (0.872, 0.000, 0.659)),
        ("council", 359.994507, (0.918, 0.000, 0.394)),
    ],
)
def test_colours_are_those_of_xep_0392(text: str, angle: float, rgb: tuple[float, float, float]) -> None:
    assert hue(text) == pytest.approx(angle, abs=1e-5)
    color = consistent_color(text, saturation=100, lightness=50)
    assert color.getRgbF()[:3] == pytest.approx(rgb, abs=0.003)


def test_initials_can_be_read_on_every_avatar() -> None:
    assert min(_contrast(consistent_color(f"{n}@example.org"), QColor("white")) for n in range(400)) >= 4.5


@pytest.mark.parametrize(("label", "letter"), [("bob", "B"), (" 莉莉", "莉"), ("👩‍👩‍👧 home", "👩‍👩‍👧"), ("", "?")])
def test_initial_is_one_letter_as_a_person_sees_it(label: str, letter: str) -> None:
    assert initial(label) == letter


def test_every_icon_is_an_image() -> None:
    for path in sorted(resources.path("icons").glob("*.svg")):
        assert QSvgRenderer(str(path)).isValid(), path.name


def test_icon_is_sharp_and_takes_the_new_theme(theme: Theme) -> None:
    plus = icon("plus")
    pixmap = plus.pixmap(QSize(24, 24), 2.5)
    assert pixmap.size() == QSize(60, 60)
    assert pixmap.toImage().pixelColor(30, 30) == LIGHT.second_text
    theme.set_mode("dark")
    assert plus.pixmap(QSize(24, 24), 1.0).toImage().pixelColor(12, 12) == DARK.second_text


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")


def test_switching_changes_palette_and_tells(theme: Theme, qapp: QApplication) -> None:
    told: list[bool] = []
    theme.changed.connect(lambda: told.append(theme.is_dark))
    theme.set_mode("dark")
    assert qapp.palette().window().color() == DARK.background
    theme.set_mode("light")
    assert qapp.palette().window().color() == LIGHT.background
    assert told == [True, False]


def test_zoom_enlarges_what_is_there(theme: Theme, qapp: QApplication) -> None:
    label = Label("text", size=SMALL)
    label.ensurePolished()
    before = label.fontInfo().pixelSize()
    theme.set_zoom(200)
    label.ensurePolished()
    assert label.fontInfo().pixelSize() == pytest.approx(2 * before, abs=1)
    assert font(SMALL).pointSizeF() < font(NORMAL).pointSizeF() < font(LARGE).pointSizeF()
    theme.set_zoom(10_000)
    assert theme.zoom == 250


def test_plain_labels_take_the_theme_font(theme: Theme) -> None:
    label = QLabel("text")
    label.ensurePolished()
    assert label.font().pointSizeF() == pytest.approx(theme.points(NORMAL), abs=0.1)
