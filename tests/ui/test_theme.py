"""The theme: readable, sharp, switchable."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPalette
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QStyle
from pytestqt.qtbot import QtBot

from whimbrel.platform import resources
from whimbrel.platform.wishes import Wishes
from whimbrel.ui.theme.avatar import initial
from whimbrel.ui.theme.colors import consistent_color, hue
from whimbrel.ui.theme.contrast import contrast, with_accent
from whimbrel.ui.theme.icons import icon
from whimbrel.ui.theme.theme import LARGE, NORMAL, SMALL, Theme, font
from whimbrel.ui.theme.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens
from whimbrel.ui.widgets.label import Label

_THEMES = {
    "light": (LIGHT, 4.5),
    "dark": (DARK, 4.5),
    "contrast": (CONTRAST_LIGHT, 7),
    "contrast dark": (CONTRAST_DARK, 7),
}
_FAINT = 0.3  # of a selection over a bubble


def _over(color: QColor, surface: QColor, alpha: float) -> QColor:
    mixed = (alpha * a + (1 - alpha) * b for a, b in zip(color.getRgbF()[:3], surface.getRgbF()[:3], strict=True))
    return QColor.fromRgbF(*mixed)


def _texts(tokens: Tokens) -> list[tuple[QColor, QColor]]:
    bubbles = (tokens.bubble_in, tokens.bubble_out)
    panes = (tokens.background, tokens.side_pane)
    surfaces = (*panes, *bubbles, tokens.selection, tokens.hover)
    pairs = [(color, surface) for color in (tokens.text, tokens.second_text) for surface in surfaces]
    pairs += [(tokens.text, _over(tokens.text, bubble, 0.08)) for bubble in bubbles]  # code
    pairs += [(tokens.text, _over(tokens.accent, bubble, _FAINT)) for bubble in bubbles]  # selected
    pairs += [(tokens.on_accent, tokens.accent), (tokens.on_accent, tokens.accent_hover)]  # buttons, badges, selection
    pairs += [(tokens.background, tokens.second_text), (tokens.background, tokens.text)]  # quiet badges, tips
    pairs += [(tokens.accent, surface) for surface in (*panes, tokens.selection, tokens.hover)]  # also chips
    pairs += [(tokens.error, surface) for surface in (*panes, tokens.hover, tokens.selection)]
    pairs += [(tokens.link, surface) for surface in (*panes, *bubbles)]
    pairs += [(tokens.error_text, surface) for surface in (tokens.error_surface, *panes)]
    return [*pairs, (tokens.text, tokens.error_surface)]


def _marks(tokens: Tokens) -> list[tuple[QColor, QColor]]:
    rows = (tokens.background, tokens.side_pane, tokens.selection, tokens.hover)
    presence = (tokens.online, tokens.away, tokens.busy, tokens.offline)
    pairs = [(color, surface) for color in presence for surface in rows]
    pairs += [(color, surface) for color in (tokens.focus, tokens.second_text, tokens.accent) for surface in rows]
    pairs += [(tokens.accent, bubble) for bubble in (tokens.bubble_in, tokens.bubble_out)]  # read
    pairs += [(tokens.error, bubble) for bubble in (tokens.bubble_in, tokens.bubble_out)]  # failed
    return [*pairs, (tokens.bubble_out, tokens.accent)]  # the frame of a primary button


def _poor(pairs: list[tuple[QColor, QColor]], least: float) -> list[tuple[str, str, float]]:
    return [(a.name(), b.name(), round(contrast(a, b), 2)) for a, b in pairs if contrast(a, b) < least]


@pytest.mark.parametrize(("tokens", "least"), _THEMES.values(), ids=_THEMES.keys())
def test_text_can_be_read_on_every_surface(tokens: Tokens, least: float) -> None:
    assert _poor(_texts(tokens), least) == []
    assert _poor(_marks(tokens), 3) == []


@pytest.mark.parametrize("tokens", [CONTRAST_LIGHT, CONTRAST_DARK])
def test_lines_stand_out_where_contrast_is_wanted(tokens: Tokens) -> None:
    surfaces = (tokens.background, tokens.side_pane, tokens.bubble_in, tokens.bubble_out, tokens.hover)
    assert _poor([(tokens.line, surface) for surface in surfaces], 4.5) == []


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
@pytest.mark.parametrize("accent", ["#3584e4", "#ffcc00", "#000000", "#ffffff", "#e01b24", "#808080", "#6f8396"])
def test_the_accent_of_a_desktop_can_be_read(tokens: Tokens, accent: str) -> None:
    with_it = with_accent(tokens, QColor(accent))
    pairs = [pair for pair in _texts(with_it) if with_it.accent in pair or with_it.accent_hover in pair]
    assert _poor(pairs, 4.5) == []
    assert _poor([(with_it.focus, with_it.hover)], 3) == []


def test_what_stands_in_an_empty_field_can_be_read(theme: Theme, qtbot: QtBot) -> None:
    for mode in ("light", "dark", "contrast"):
        theme.set_mode(mode)
        combo = QComboBox()
        combo.setEditable(True)
        qtbot.addWidget(combo)
        combo.ensurePolished()
        for line in (combo.lineEdit(), QLineEdit()):
            assert line is not None
            line.ensurePolished()
            assert line.palette().color(QPalette.ColorRole.PlaceholderText) == theme.tokens.second_text


def test_the_desktop_is_followed_as_it_changes(theme: Theme, qapp: QApplication) -> None:
    theme.set_mode("system")
    told: list[bool] = []
    theme.changed.connect(lambda: told.append(theme.is_contrasting))
    theme.follow(Wishes(still=True, accent="#9141ac"))
    assert theme.is_still
    assert qapp.palette().color(QPalette.ColorRole.Accent) == theme.tokens.accent != LIGHT.accent
    theme.follow(Wishes(contrast=True, accent="#9141ac"))
    assert not theme.is_still
    assert theme.tokens in (CONTRAST_LIGHT, CONTRAST_DARK)
    theme.set_mode("light")
    assert not theme.is_contrasting
    theme.follow(Wishes())
    theme.set_mode("contrast")
    assert theme.tokens in (CONTRAST_LIGHT, CONTRAST_DARK)
    assert told == [False, True, False, False, True]


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
    assert min(contrast(consistent_color(f"{n}@example.org"), QColor("white")) for n in range(400)) >= 4.5


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


def test_boxes_to_check_grow_with_the_letters(theme: Theme, qtbot: QtBot) -> None:
    box = QCheckBox("Remember password")
    qtbot.addWidget(box)
    box.ensurePolished()
    usual = box.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, box)
    theme.set_zoom(250)
    assert box.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, box) >= 2 * usual
    theme.set_zoom(50)
    assert box.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, box) == usual
