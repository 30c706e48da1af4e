"""Where the interface runs from right to left, conversations are turned round; messages keep their own way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conversation_fakes import FakeTalk

from whimbrel.model.message import DeliveryState, Direction
from whimbrel.ui.conversation.bubble import BubbleLayout
from whimbrel.ui.conversation.history_mark import HistoryMark
from whimbrel.ui.conversation.history_words import MarkWords
from whimbrel.ui.conversation.jump_button import JumpButton
from whimbrel.ui.conversation.look import MARGIN, MARGIN_RIGHT, Look
from whimbrel.ui.models.timeline_row import TimelineRow
from whimbrel.ui.theme.icons import chevron, icon
from whimbrel.ui.widgets.margins import set_margins

WIDTH = 600


@pytest.fixture
def from_right(qapp: QApplication) -> Iterator[None]:
    """An interface that runs from right to left."""
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def lay_out(text: str, direction: Direction, state: DeliveryState) -> BubbleLayout:
    message = replace(FakeTalk().make(text), direction=direction, state=state, error="item-not-found")
    return BubbleLayout(TimelineRow(message, None, 0, True), WIDTH, Look.current())


def test_own_messages_stand_at_the_left(from_right: None) -> None:
    theirs = lay_out("hello", Direction.IN, DeliveryState.RECEIVED)
    own = lay_out("hello", Direction.OUT, DeliveryState.FAILED)
    assert WIDTH - theirs.bubble_rect.right() == pytest.approx(MARGIN, abs=1)
    assert own.bubble_rect.left() == MARGIN_RIGHT
    assert own.failure.lines
    assert len(own.failure.actions) > 1
    for rect in [line.rect for line in own.failure.lines] + [action.rect for action in own.failure.actions]:
        assert rect is not None
        assert 0 <= rect.left() < rect.right() <= WIDTH
    assert own.failure.lines[0].rect.left() < 2 * MARGIN


def test_messages_keep_their_own_direction(from_right: None) -> None:
    assert not lay_out("hello", Direction.IN, DeliveryState.RECEIVED).words.is_rtl
    assert lay_out("مرحبا", Direction.OUT, DeliveryState.SENT).words.is_rtl


def test_margins_are_turned_round(from_right: None) -> None:
    layout = QHBoxLayout()
    set_margins(layout, 12, 1, 4, 2)
    margins = layout.contentsMargins()
    assert (margins.left(), margins.top(), margins.right(), margins.bottom()) == (4, 1, 12, 2)


def test_what_tells_of_a_gap_stands_between_the_margins(from_right: None, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    mark = HistoryMark(holder, holder, torn=True)
    mark.resize(WIDTH, 40)
    mark.say(MarkWords("Some messages are missing here."))
    middle = (MARGIN_RIGHT + WIDTH - MARGIN) / 2
    assert mark.label.geometry().center().x() == pytest.approx(middle, abs=1)


def test_what_can_be_unfolded_points_where_lines_run(from_right: None) -> None:
    assert chevron(False, QGuiApplication.layoutDirection()) == "chevron-left"
    assert chevron(True, QGuiApplication.layoutDirection()) == "chevron-down"
    assert chevron(False, Qt.LayoutDirection.LeftToRight) == "chevron-right"


def _points_left(name: str) -> bool:
    """Whether most of an arrow, its head, is in the left half."""
    image = icon(name, QColor("#000000")).pixmap(QSize(24, 24)).toImage()
    left, right = (
        sum(image.pixelColor(x, y).alpha() for x in half for y in range(24)) for half in (range(12), range(12, 24))
    )
    return left > right


def test_what_leads_back_and_to_the_end_is_turned_round(from_right: None, qtbot: QtBot, qapp: QApplication) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    jump, area = JumpButton(holder), QRect(0, 0, WIDTH, 400)
    jump.place(area)
    assert jump.geometry().right() < WIDTH / 2
    assert not _points_left("back")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert _points_left("back")
    jump.place(area)
    assert jump.geometry().left() > WIDTH / 2
