"""What features show with messages: placed, painted, hit, walked through, and changed without the view moving."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter
from pytestqt.qtbot import QtBot
from tests.ui.conversation_fakes import NOON, FakeTalk

from whimbrel.model.events import MessagesAnnotated
from whimbrel.model.message import Message, MessageId
from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.conversation.parts import Part, PartLayout, Slot
from whimbrel.ui.conversation.timeline_view import TimelineView
from whimbrel.ui.models.timeline import TimelineModel

COLORS = {Slot.ABOVE: "#ff0000", Slot.BELOW: "#00ff00", Slot.BENEATH: "#0000ff"}


@dataclass(frozen=True)
class Block:
    """A part of one colour and size, with two halves to press."""

    slot: Slot
    height: float = 30.0
    width: float = 80.0
    text: str | None = None
    words: str = ""
    pressed: list[str] = field(default_factory=list, compare=False)

    def lay_out(self, look: Look, width: float, *, outgoing: bool) -> PartLayout:
        return BlockLayout(self, min(self.width, width))


class BlockLayout:
    def __init__(self, block: Block, width: float) -> None:
        self._block = block
        self._width = width

    @property
    def size(self) -> QSizeF:
        return QSizeF(self._width, self._block.height)

    def actions(self, rect: QRectF) -> Sequence[Action]:
        half = rect.width() / 2
        return [
            Action(
                ActionKind.PART,
                f"{self._block.slot.value} {side}",
                rect=QRectF(rect.left() + half * number, rect.top(), half, rect.height()),
                run=lambda side=side: self._block.pressed.append(f"{self._block.slot.value} {side}"),  # type: ignore[misc]
            )
            for number, side in enumerate(("left", "right"))
        ]

    def paint(self, painter: QPainter, rect: QRectF, marked: Action | None) -> None:
        painter.fillRect(rect, QColor(COLORS[self._block.slot]))


class Blocks:
    """A source of parts."""

    def __init__(self) -> None:
        self.known: dict[MessageId, Block] = {}
        self.asked = 0

    def parts(self, messages: Sequence[Message]) -> Mapping[MessageId, Part]:
        self.asked += 1
        return {message.id: self.known[message.id] for message in messages if message.id in self.known}


Show = Callable[..., TimelineView]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def show_talk(talk: FakeTalk, *sources: Blocks) -> TimelineView:
        model = TimelineModel(talk.services, talk.bridge, talk.conversation)  # type: ignore[arg-type]
        view = TimelineView(model)
        model.setParent(view)
        model.set_sources(sources)
        model.set_viewed(True)
        view.resize(600, 400)
        qtbot.addWidget(view)
        with qtbot.waitExposed(view):
            view.show()
        view.doItemsLayout()
        return view

    return show_talk


def talk_of(count: int) -> FakeTalk:
    talk = FakeTalk()
    for number in range(count):
        words = f"message {number} " + "words " * (number % 9)
        talk.messages.append(talk.make(words, NOON + timedelta(minutes=number), out=number % 3 == 0))
    return talk


@pytest.mark.parametrize("out", [False, True])
@pytest.mark.parametrize("body", ["some text", ""])
def test_parts_stand_in_order_and_are_painted_there(show: Show, body: str, *, out: bool) -> None:
    talk = FakeTalk()
    message = talk.make(body, out=out)
    talk.messages.append(message)
    sources = [Blocks(), Blocks(), Blocks()]
    for source, slot in zip(sources, Slot, strict=True):
        source.known[message.id] = Block(slot)
    view = show(talk, *sources)
    bubble = view.bubble(0)
    above, below, beneath = (part.rect for part in bubble.parts)
    assert bubble.bubble_rect.contains(above)
    assert bubble.bubble_rect.contains(below)
    assert above.bottom() <= bubble.text_rect.top() <= bubble.text_rect.bottom() <= below.top()
    assert below.bottom() <= bubble.meta_rect.top()
    assert bubble.bubble_rect.bottom() <= beneath.top() < beneath.bottom() <= bubble.height
    assert (beneath.right() == bubble.bubble_rect.right()) is out
    image = view.viewport().grab().toImage()
    for part in bubble.parts:
        place = part.rect.center().toPoint() + QPoint(0, view.row_top(0))
        assert image.pixelColor(place) == QColor(COLORS[part.slot])


def test_parts_are_pressed_with_the_mouse_and_with_the_keyboard(show: Show, qtbot: QtBot) -> None:
    talk = FakeTalk()
    message = talk.make("see https://example.org/notes")
    talk.messages.append(message)
    source = Blocks()
    block = source.known[message.id] = Block(Slot.BENEATH)
    view = show(talk, source)
    rect = view.bubble(0).parts[0].rect
    for x in (rect.left() + 10, rect.right() - 10):
        point = QPoint(int(x), int(rect.center().y()) + view.row_top(0))
        qtbot.mouseMove(view.viewport(), point)
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert block.pressed == ["beneath left", "beneath right"]
    block.pressed.clear()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    for _ in range(3):  # past the link
        qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert block.pressed == ["beneath right"]


def test_the_words_of_a_part_are_read_out_and_its_text_takes_the_place_of_the_body(show: Show) -> None:
    talk = FakeTalk()
    message = talk.make("body")
    talk.messages.append(message)
    source = Blocks()
    source.known[message.id] = Block(Slot.BELOW, text="caption", words="a picture of a boat")
    view = show(talk, source)
    index = view.timeline.index(0)
    assert "caption" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "a picture of a boat" in index.data(Qt.ItemDataRole.AccessibleDescriptionRole)
    view.select_all()
    assert view.selected_text() == "caption"


def test_other_parts_are_laid_out_at_once_and_the_view_stays(show: Show, qtbot: QtBot) -> None:
    talk = talk_of(120)
    source = Blocks()
    view = show(talk, source)
    view.verticalScrollBar().setValue(600)
    shown = list(view.visible_rows())
    held = shown[len(shown) // 2]
    place = view.row_top(held) + view.bubble(held).bubble_rect.top()

    def annotate(row: int, block: Block | None) -> None:
        message = view.timeline.message(row)
        if block is None:
            source.known.pop(message.id, None)
        else:
            source.known[message.id] = block
        talk.bridge.messages_annotated.emit(MessagesAnnotated(message.conversation_id, frozenset([message.id])))
        view.executeDelayedItemsLayout()

    for row in (shown[0] - 3, shown[-1] + 2):  # what does not show
        annotate(row, Block(Slot.BENEATH, height=70))
        assert view.row_top(held) + view.bubble(held).bubble_rect.top() == place
    below = view.row_top(held + 1)
    annotate(held, Block(Slot.BENEATH, height=40))
    assert view.bubble(held).parts[0].rect.height() == 40
    assert view.row_top(held) + view.bubble(held).bubble_rect.top() == place
    assert view.row_top(held + 1) > below
    annotate(held, None)
    assert not view.bubble(held).parts
    assert view.row_top(held + 1) == below


def test_at_the_end_it_stays_at_the_end_when_a_part_comes(show: Show) -> None:
    talk = talk_of(60)
    source = Blocks()
    view = show(talk, source)
    last = view.timeline.rowCount() - 1
    message = view.timeline.message(last)
    source.known[message.id] = Block(Slot.BENEATH, height=90)
    talk.bridge.messages_annotated.emit(MessagesAnnotated(message.conversation_id, frozenset([message.id])))
    view.executeDelayedItemsLayout()
    assert view.at_end
    assert view.visualRect(view.timeline.index(last)).bottom() <= view.viewport().height()


def test_the_parts_of_a_window_are_read_by_the_dozen(show: Show) -> None:
    source = Blocks()
    view = show(talk_of(300), source)
    view.timeline.fetch_older()
    assert source.asked <= 6
