"""Nothing is told by colour alone: with all of them the same, what means something else still looks otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.ui.conversation_fakes import FakeTalk

from whimbrel.core.search_words import Filter, FilterKind
from whimbrel.model.contact import Availability
from whimbrel.model.message import DeliveryState
from whimbrel.ui.conversation.bubble import BubbleLayout, delivery_icon
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.conversation.reaction_part import Chip, ReactionPart
from whimbrel.ui.models.timeline_row import TimelineRow
from whimbrel.ui.search.chips import Chips
from whimbrel.ui.search.filter_words import FilterWords
from whimbrel.ui.theme.avatar import paint_presence
from whimbrel.ui.theme.theme import Theme
from whimbrel.ui.words import delivery_word

INK, GROUND = QColor("#000000"), QColor("#FFFFFF")
_GROUNDS = {"background", "side_pane", "selection", "hover", "bubble_in", "bubble_out", "error_surface", "on_accent"}


@pytest.fixture
def two_colours(theme: Theme) -> Iterator[Theme]:
    """A theme of one ink on one ground."""
    usual = theme.tokens
    plain = {field.name: GROUND if field.name in _GROUNDS else INK for field in fields(usual)}
    theme.tokens = replace(usual, **plain)
    yield theme
    theme.tokens = usual


def _differ(one: QImage, other: QImage) -> int:
    return sum(
        abs(one.pixelColor(x, y).lightness() - other.pixelColor(x, y).lightness()) > 100
        for x in range(one.width())
        for y in range(one.height())
    )


def _presence(availability: Availability) -> QImage:
    image = QImage(16, 16, QImage.Format.Format_RGB32)
    image.fill(GROUND)
    painter = QPainter(image)
    paint_presence(painter, QPointF(8, 8), 4.0, availability, GROUND)
    painter.end()
    return image


def test_presence_has_shapes(two_colours: Theme) -> None:
    for one, other in combinations(Availability, 2):
        assert _differ(_presence(one), _presence(other)) >= 5, (one, other)


def test_each_state_of_a_message_has_an_icon_and_a_word(two_colours: Theme) -> None:
    states = [state for state in DeliveryState if not state.is_waiting and state is not DeliveryState.RECEIVED]
    states.append(DeliveryState.QUEUED)
    assert len({delivery_icon(state) for state in states}) == len(states)
    assert len({delivery_word(state) for state in states}) == len(states)


def test_an_own_reaction_stands_out(two_colours: Theme) -> None:
    def paint(is_own: bool) -> QImage:
        chip = Chip("👍", ("Bob", "Lili"), is_own)
        layout = ReactionPart((chip,)).lay_out(Look.current(), 200, outgoing=False)
        image = QImage(100, 40, QImage.Format.Format_RGB32)
        image.fill(GROUND)
        painter = QPainter(image)
        layout.paint(painter, QRectF(0, 0, 100, 40), None)
        painter.end()
        return image

    assert _differ(paint(True), paint(False)) >= 20


def test_a_filter_that_is_wrong_bears_a_sign(core: Core, qtbot: QtBot) -> None:
    chips = Chips(FilterWords(core.services))
    qtbot.addWidget(chips)
    right, wrong = Filter(FilterKind.HAS, "file"), Filter(FilterKind.AFTER, "soon")
    chips.show_filters([right, wrong], [wrong])
    assert [chip.icon().isNull() for chip in chips.chosen()] == [True, False]


def test_links_are_underlined_where_high_contrast_is_wanted(theme: Theme) -> None:
    theme.set_mode("contrast")
    message = FakeTalk().make("See https://example.org/notes and more")
    bubble = BubbleLayout(TimelineRow(message, None, 0, True), 600, Look.current())
    assert any(each.format.fontUnderline() for each in bubble.words.layout.formats())
