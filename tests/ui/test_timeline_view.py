"""The list *Messages*: stays where it is read, selects, copies, acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QDate, QLocale, QPoint, QRectF, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QImage, QPainter
from pytestqt.qtbot import QtBot
from tests.ui.conversation_fakes import NOON, FakeTalk

from whimbrel.model.message import DeliveryState
from whimbrel.ui.conversation.actions import ActionKind
from whimbrel.ui.conversation.failure import Aside
from whimbrel.ui.conversation.painting import paint_row
from whimbrel.ui.conversation.timeline_view import TimelineView
from whimbrel.ui.models.timeline import TimelineModel
from whimbrel.ui.theme.theme import Theme
from whimbrel.ui.words import time_word

Show = Callable[[FakeTalk], TimelineView]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def show_talk(talk: FakeTalk) -> TimelineView:
        model = TimelineModel(talk.services, talk.bridge, talk.conversation)  # type: ignore[arg-type]
        view = TimelineView(model)
        model.setParent(view)
        model.set_viewed(True)
        model.set_namer(lambda _message: "Bob")
        view.resize(600, 400)
        qtbot.addWidget(view)
        view.show()
        view.doItemsLayout()
        return view

    return show_talk


def long_talk(count: int = 300) -> FakeTalk:
    talk = FakeTalk()
    for number in range(count):
        body = f"{number} " + "some words " * (number * 7 % 40)
        talk.messages.append(talk.make(body, NOON + timedelta(minutes=3 * number)))
    return talk


def places(view: TimelineView) -> dict[int, int]:
    return {view.timeline.message(row).id: view.row_top(row) for row in view.visible_rows()}


def assert_still(before: dict[int, int], after: dict[int, int]) -> None:
    common = before.keys() & after.keys()
    assert common
    assert {key: before[key] for key in common} == {key: after[key] for key in common}


def test_it_opens_at_the_newest_and_follows(show: Show) -> None:
    talk = long_talk()
    view = show(talk)
    assert view.at_end
    talk.add("newest")
    view.timeline.flush()
    view.executeDelayedItemsLayout()
    rect = view.visualRect(view.timeline.index(view.timeline.rowCount() - 1))
    assert 0 < rect.top() < rect.bottom() < view.viewport().height()


def test_nothing_moves_while_one_reads(show: Show, qtbot: QtBot) -> None:
    talk = long_talk()
    view = show(talk)
    bar = view.verticalScrollBar()
    for _ in range(60):
        before = places(view)
        at = bar.value()
        bar.setValue(bar.value() - 37)
        moved = {key: y + 37 for key, y in before.items()}
        if at >= 37 and bar.value() > 0:
            assert_still(moved, places(view))
    before = places(view)
    view.timeline.fetch_older()
    view.executeDelayedItemsLayout()
    assert_still(before, places(view))
    for number in range(5):
        talk.add(f"new {number}")
    view.timeline.flush()
    view.executeDelayedItemsLayout()
    assert_still(before, places(view))
    assert not view.at_end
    assert view.jump_button.isVisible()
    assert view.jump_button.count == 5
    qtbot.mouseClick(view.jump_button, Qt.MouseButton.LeftButton)
    assert view.at_end
    assert not view.jump_button.isVisible()


def test_a_bubble_stays_where_the_heading_above_it_goes(show: Show) -> None:
    talk = FakeTalk()
    talk.messages += [talk.make(f"line {n}", NOON + timedelta(minutes=n)) for n in range(60)]
    view = show(talk)
    view.timeline.fetch_older()
    view.verticalScrollBar().setValue(0)
    assert view.bubble(0).day

    def place() -> float:
        row = view.timeline.row_of(talk.messages[-60].id)
        return view.row_top(row) + view.bubble(row).bubble_rect.top()

    before = place()
    talk.add("before that", NOON - timedelta(minutes=1), notify=False)
    view.timeline.flush()
    view.executeDelayedItemsLayout()
    assert not view.bubble(1).day
    assert place() == before


def test_a_moved_message_moves_nothing_that_is_read(show: Show) -> None:
    talk = long_talk(100)
    view = show(talk)
    view.timeline.fetch_older()
    view.verticalScrollBar().setValue(300)
    before = places(view)
    for index in (99, 20):
        talk.change(talk.messages[index], time=NOON - timedelta(minutes=index))
        view.executeDelayedItemsLayout()
    assert_still(before, places(view))


def test_scrolling_up_reaches_the_first_message_and_down_again_the_last(show: Show, qtbot: QtBot) -> None:
    talk = long_talk(700)
    view = show(talk)
    bar = view.verticalScrollBar()

    def up() -> bool:
        bar.setValue(0)
        return view.timeline.message(0).id == talk.messages[0].id

    qtbot.waitUntil(up)
    assert view.timeline.rowCount() <= 400

    def down() -> bool:
        bar.setValue(bar.maximum())
        return view.at_end

    qtbot.waitUntil(down)
    assert view.timeline.message(view.timeline.rowCount() - 1).id == talk.messages[-1].id


def test_the_place_that_is_read_survives_a_resize(show: Show) -> None:
    view = show(long_talk())
    view.verticalScrollBar().setValue(500)
    row = view.row_at(0)
    offset = view.row_top(row)
    view.resize(330, 420)
    assert view.row_at(max(offset, 0)) in (row, row + 1)
    view.resize(600, 400)
    assert view.row_at(0) in (row, row + 1)


def test_only_rows_that_show_are_laid_out(show: Show) -> None:
    talk = long_talk(400)
    view = show(talk)
    for number in range(300):
        talk.add(f"burst {number}")
    view.timeline.flush()
    view.executeDelayedItemsLayout()
    assert len(view.bubbles) < 100


def test_unread_messages_start_at_the_divider_when_they_do_not_fit(show: Show, qtbot: QtBot) -> None:
    talk = FakeTalk(200, unread=40)
    model = TimelineModel(talk.services, talk.bridge, talk.conversation)  # type: ignore[arg-type]
    view = TimelineView(model)
    model.setParent(view)
    view.resize(600, 400)
    qtbot.addWidget(view)
    view.show()
    view.doItemsLayout()
    assert view.row_top(model.divider_row) == 0
    assert not view.at_end
    view.follow_end()
    assert view.at_end


def drag(qtbot: QtBot, view: TimelineView, start: QPoint, end: QPoint) -> None:
    port = view.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    for point in ((start + end) / 2, end):
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(point),
            QPointF(port.mapToGlobal(point)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(port, event)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)


def corner(view: TimelineView, row: int, *, end: bool) -> QPoint:
    rect = view.bubble(row).text_rect
    point = rect.bottomRight() if end else rect.topLeft()
    return QPoint(int(point.x()) + (3 if end else -2), int(point.y()) + view.row_top(row) + (-3 if end else 3))


def test_text_is_copied_bare_from_one_message_and_with_names_from_several(show: Show, qtbot: QtBot) -> None:
    talk = FakeTalk()
    first = talk.make("Hello 😀 there", NOON)
    second = talk.make("Line one\nline two", NOON + timedelta(minutes=1), out=True)
    talk.messages += [first, second]
    view = show(talk)
    drag(qtbot, view, corner(view, 0, end=False), corner(view, 0, end=True))
    assert view.selected_text() == "Hello 😀 there"
    drag(qtbot, view, corner(view, 0, end=False), corner(view, 1, end=True))
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    day = QLocale().toString(QDate(2026, 11, 20), QLocale.FormatType.ShortFormat)
    times = [f"{day} {time_word(one.time)}" for one in (first, second)]
    expected = f"[{times[0]}] Bob: Hello 😀 there\n[{times[1]}] alice: Line one\nline two"
    assert QGuiApplication.clipboard().text() == expected
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.selected_text() == expected


def test_a_double_click_selects_a_word(show: Show, qtbot: QtBot) -> None:
    talk = FakeTalk()
    talk.messages.append(talk.make("one two three"))
    view = show(talk)
    rect = view.bubble(0).text_rect
    point = QPoint(int(rect.center().x() - 20), int(rect.center().y()) + view.row_top(0))
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert view.selected_text() in ("one", "two", "three")


def test_a_link_opens_by_click_and_by_enter(show: Show, qtbot: QtBot) -> None:
    talk = FakeTalk()
    talk.messages.append(talk.make("😀 see https://example.org/notes for more"))
    view = show(talk)
    action = view.bubble(0).actions[0]
    center = view.bubble(0).link_rects(action)[0].center().toPoint() + QPoint(0, view.row_top(0))
    with qtbot.waitSignal(view.link_activated) as clicked:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=center)
    assert clicked.args == ["https://example.org/notes"]
    qtbot.keyClick(view, Qt.Key.Key_Up)
    with qtbot.waitSignal(view.link_activated):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_a_failed_message_is_retried_and_discarded_by_mouse_and_keys(show: Show, qtbot: QtBot) -> None:
    talk = FakeTalk(3)
    talk.messages.append(talk.make("lost", out=True, state=DeliveryState.FAILED, error="<b>remote-server-timeout</b>"))
    view = show(talk)
    kinds = [action.kind for action in view.bubble(3).actions]
    assert kinds == [ActionKind.RETRY, ActionKind.EDIT, ActionKind.DISCARD, ActionKind.DETAILS]
    retry = view.bubble(3).actions[0].rect
    assert retry is not None
    point = retry.center().toPoint() + QPoint(0, view.row_top(3))
    with qtbot.waitSignal(view.retry_requested) as clicked:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert clicked.args == [talk.messages[-1].id]
    qtbot.keyClick(view, Qt.Key.Key_End)
    with qtbot.waitSignal(view.edit_requested):
        qtbot.keyClick(view, Qt.Key.Key_Right)
        qtbot.keyClick(view, Qt.Key.Key_Right)
        qtbot.keyClick(view, Qt.Key.Key_Return)
    asked: list[object] = []
    view.discard_requested.connect(asked.append)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert asked == []
    assert [action.kind for action in view.bubble(3).actions] == [ActionKind.DISCARD_NOW, ActionKind.KEEP]
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert asked == [talk.messages[-1].id]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("service-unavailable", "Not delivered: nobody can be reached at this address now"),
        ("item-not-found: no such user", "Not delivered: there is no such address"),
        ("remote-server-not-found: no route", "Not delivered: their provider cannot be found"),
        ("not-acceptable: blocked", "Not delivered: it is not accepted, perhaps you block this address"),
        ("too-large: 300000 bytes", "Not delivered: it is too large for your provider"),
        ("undefined-condition: <b>odd</b>", "Not delivered"),
        ("", "Not delivered"),
    ],
)
def test_why_a_message_failed_is_said_in_words(show: Show, error: str, words: str) -> None:
    talk = FakeTalk()
    talk.messages.append(talk.make("lost", out=True, state=DeliveryState.FAILED, error=error))
    view = show(talk)
    view.resize(900, 400)
    assert view.bubble(0).failure.reason == words


def test_the_details_of_a_failure_are_shown_on_demand(show: Show, qtbot: QtBot) -> None:
    talk = FakeTalk(3)
    talk.messages.append(talk.make("lost", out=True, state=DeliveryState.FAILED, error="gone: <b>moved</b>\n away"))
    view = show(talk)
    height = view.bubble(3).height
    details = view.bubble(3).actions[-1]
    assert details.kind is ActionKind.DETAILS
    view.activate_action(3, details)
    assert view.bubble(3).failure.lines[1].text == "gone: <b>moved</b> away"
    assert view.bubble(3).height > height
    view.activate_action(3, details)
    assert view.bubble(3).height == height


@pytest.mark.parametrize("width", [340, 600, 1200])
@pytest.mark.parametrize("zoom", [100, 200])
def test_what_a_failure_says_and_offers_fits(show: Show, theme: Theme, width: int, zoom: int) -> None:
    theme.set_zoom(zoom)
    talk = FakeTalk()
    talk.messages.append(
        talk.make("lost", out=True, state=DeliveryState.FAILED, error="not-acceptable: " + "why " * 40)
    )
    view = show(talk)
    view.resize(width, 900)
    view.set_aside(talk.messages[0].id, Aside.DETAILS)
    failure = view.bubble(0).failure
    rects = [line.rect for line in failure.lines] + [action.rect for action in failure.actions if action.rect]
    for rect in rects:
        assert 0 <= rect.left() < rect.right() <= view.viewport().width()
        assert rect.bottom() <= view.bubble(0).height
    assert not any(one.intersects(other) for one in rects for other in rects if one is not other)


def test_a_huge_text_is_collapsed_and_shows_more_without_moving(show: Show, qtbot: QtBot) -> None:
    talk = FakeTalk(3)
    body = "word " * 20_000
    talk.messages.append(talk.make(body))
    view = show(talk)
    bubble = view.bubble(3)
    assert not bubble.is_whole
    assert bubble.length <= 4000
    view.scrollTo(view.timeline.index(3))
    top = view.row_top(3)
    view.show_more(3)
    assert view.row_top(3) == top
    assert view.bubble(3).length > 4000
    view.setCurrentIndex(view.timeline.index(3))
    view.copy()
    assert QGuiApplication.clipboard().text() == body


def test_right_to_left_text_keeps_to_its_bubble(show: Show) -> None:
    talk = FakeTalk()
    talk.messages += [talk.make("مرحبا بكم في ويمبرل " * 8), talk.make("x" * 3000), talk.make("今晚一起吃饭吗" * 40)]
    view = show(talk)
    for row in range(3):
        bubble = view.bubble(row)
        assert bubble.bubble_rect.width() <= 0.7 * view.viewport().width()
        for number in range(bubble.layout.lineCount()):
            line = bubble.layout.lineAt(number).naturalTextRect().translated(bubble.text_origin)
            assert bubble.bubble_rect.adjusted(-1, -1, 1, 1).contains(line)


def test_a_right_to_left_interface_turns_nothing_round_twice(show: Show) -> None:
    """Each row is laid out in absolute places; the time must not lie upon the tick."""
    talk = FakeTalk()
    talk.messages.append(talk.make("hello", out=True, state=DeliveryState.SENT))
    view = show(talk)
    bubble, painted = view.bubble(0), []
    for layout_direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        image = QImage(view.viewport().size(), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setLayoutDirection(layout_direction)
        paint_row(painter, bubble, QRectF(image.rect()), selected=None, marked=None, focused=False)
        painter.end()
        rect = bubble.meta_rect.toAlignedRect()
        painted.append(image.copy(rect))
    assert painted[0] == painted[1]


def test_the_keyboard_walks_the_rows_and_typing_goes_on(show: Show, qtbot: QtBot) -> None:
    view = show(long_talk())
    qtbot.keyClick(view, Qt.Key.Key_End)
    last = view.timeline.rowCount() - 1
    assert view.currentIndex().row() == last
    for _ in range(30):
        qtbot.keyClick(view, Qt.Key.Key_Up)
    row = view.currentIndex().row()
    assert view.timeline.message(row).id == view.timeline.message(view.timeline.rowCount() - 1).id - 30
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()).center())
    with qtbot.waitSignal(view.typed) as typed:
        qtbot.keyClick(view, Qt.Key.Key_H)
    assert typed.args == ["h"]


def test_assistive_technology_sees_a_list_of_messages(show: Show) -> None:
    talk = FakeTalk(2)
    talk.messages.append(talk.make("On my way", out=True, state=DeliveryState.QUEUED))
    view = show(talk)
    interface = QAccessible.queryAccessibleInterface(view)
    assert interface.role() is QAccessible.Role.List
    assert interface.text(QAccessible.Text.Name) == "Messages"
    last = interface.child(interface.childCount() - 1)
    time = time_word(talk.messages[-1].time)
    assert last.text(QAccessible.Text.Name) == f"You, {time}, On my way"
    assert last.text(QAccessible.Text.Description) == "Waiting"
    assert last.rect().height() > 0
