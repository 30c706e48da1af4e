"""What is missing of a conversation: known, visible, fetched on sight and on demand, without moving what is read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.conversation_fakes import NOON, FakeTalk

from whimbrel.model.account import AccountId, ConnectionState, ConnectionStatus
from whimbrel.model.archive import Beginning, Coverage, Gap
from whimbrel.model.conversation import ConversationId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ConnectionChanged
from whimbrel.ui.conversation.history_mark import HistoryMark
from whimbrel.ui.conversation.history_words import MarkWords
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.theme.theme import Theme

HERE = ConversationId(1)


class Scene:
    """A pane over a talk whose history a test decides about."""

    def __init__(self, qtbot: QtBot, qapp: QApplication) -> None:
        self._qtbot = qtbot
        self._app = qapp
        self.talk = FakeTalk()

    def fill(self, count: int, *, hole_at: int | None = None) -> Gap | None:
        """Messages three minutes apart; where there is a hole, it is after that many of them, and a day long."""
        for number in range(count):
            late = timedelta(days=1) if hole_at is not None and number >= hole_at else timedelta()
            self.talk.messages.append(self.talk.make(f"message {number}", NOON + timedelta(minutes=3 * number) + late))
        if hole_at is None:
            return None
        return Gap(self.talk.messages[hole_at - 1].time, self.talk.messages[hole_at].time)

    def show(self, coverage: Coverage) -> ConversationPane:
        self.talk.history.covered[HERE] = coverage
        self.pane = ConversationPane(self.talk.services, self.talk.bridge, self.talk.conversation)  # type: ignore[arg-type]
        self._qtbot.addWidget(self.pane)
        self.pane.resize(700, 600)
        self.pane.show()
        return self.pane

    def connect(self, state: ConnectionState) -> None:
        self.talk.services.accounts.status = lambda _account: ConnectionStatus(state)
        self.talk.bridge.connection_changed.emit(ConnectionChanged(AccountId(1), ConnectionStatus(state)))

    async def until(self, condition: Callable[[], object]) -> None:
        """Let Qt and asyncio work until something is so."""
        async with asyncio.timeout(5):
            while not condition():
                self._app.processEvents()
                await asyncio.sleep(0)

    async def quiet(self) -> None:
        """Let everything happen that is under way."""
        timers = iter(range(20))
        await self.until(lambda: next(timers, None) is None)

    def places(self) -> dict[int, int]:
        view = self.pane.view
        return {
            view.timeline.message(row).id: view.row_top(row) + round(view.bubble(row).bubble_rect.top())
            for row in view.visible_rows()
        }

    def assert_still(self, before: dict[int, int], at_least: int) -> None:
        after = self.places()
        common = before.keys() & after.keys()
        assert len(common) >= at_least
        assert {key: before[key] for key in common} == {key: after[key] for key in common}


@pytest.fixture
def scene(qtbot: QtBot, qapp: QApplication) -> Scene:
    return Scene(qtbot, qapp)


def gap_mark(pane: ConversationPane) -> HistoryMark:
    """The line of the only gap."""
    (mark,) = (mark for mark in pane.findChildren(HistoryMark) if mark is not pane.history_marks.beginning)
    return mark


def words(mark: HistoryMark) -> tuple[str, str]:
    shown = mark.label.text() if mark.label.isVisible() else ""
    return shown, mark.button.text() if mark.button.isVisible() else ""


@pytest.mark.parametrize(
    ("coverage", "shown"),
    [
        (Coverage(beginning=Beginning.REACHED), ("This is the beginning of your conversation", "")),
        (Coverage(beginning=Beginning.NO_ARCHIVE), ("Your provider keeps no history", "")),
        (Coverage(beginning=Beginning.MORE, loading=True), ("Loading…", "")),
        (
            Coverage(since=NOON, beginning=Beginning.MORE),
            ("History complete since 20 November 2026", "Load older messages"),
        ),
    ],
)
async def test_the_beginning_says_what_is_known(scene: Scene, coverage: Coverage, shown: tuple[str, str]) -> None:
    pane = scene.show(coverage)
    await scene.until(lambda: words(pane.history_marks.beginning) == shown)
    assert pane.history_marks.beginning.geometry().top() >= 0


async def test_offline_it_says_so_and_asks_for_nothing_until_there_is_a_connection(scene: Scene) -> None:
    scene.connect(ConnectionState.WAITING)
    gap = scene.fill(4, hole_at=2)
    assert gap is not None
    pane = scene.show(Coverage(gaps=(gap,), beginning=Beginning.MORE))
    await scene.quiet()
    mark = gap_mark(pane)
    assert words(mark) == ("Messages are missing here · Not connected", "")
    assert words(pane.history_marks.beginning) == ("Not connected", "")
    assert scene.talk.history.loaded == []
    scene.connect(ConnectionState.ONLINE)
    await scene.until(lambda: set(scene.talk.history.loaded) == {(HERE, gap), (HERE, None)})


async def test_offline_nothing_is_said_beneath_the_newest_message(scene: Scene) -> None:
    """That there is no connection is said already; that something came in meanwhile is not news."""
    scene.fill(4)
    newest = scene.talk.messages[-1].time
    gap = Gap(newest, newest + timedelta(hours=1))
    pane = scene.show(Coverage(gaps=(replace(gap, loading=True),), beginning=Beginning.REACHED))
    await scene.until(lambda: words(gap_mark(pane)) == ("Messages are missing here · Loading…", ""))
    scene.connect(ConnectionState.WAITING)
    scene.talk.cover(Coverage(gaps=(gap,), beginning=Beginning.REACHED))
    await scene.quiet()
    assert not gap_mark(pane).isVisible()
    scene.connect(ConnectionState.ONLINE)
    scene.talk.cover(Coverage(gaps=(replace(gap, loading=True),), beginning=Beginning.REACHED))
    await scene.until(lambda: words(gap_mark(pane)) == ("Messages are missing here · Loading…", ""))


async def test_loading_does_not_flicker_between_pages(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pages bring nothing of this conversation: between two of them nothing is being fetched for a moment."""
    scene.fill(4)
    newest = scene.talk.messages[-1].time
    said: list[str] = []
    say = HistoryMark.say

    def noting(mark: HistoryMark, shown: MarkWords) -> None:
        if mark.isVisible() and (not said or said[-1] != shown.text + shown.action):
            said.append(shown.text + shown.action)
        say(mark, shown)

    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(scene.talk.history, "load", never)
    here = Coverage(beginning=Beginning.REACHED)
    ends = [newest + timedelta(hours=hours) for hours in (9, 8, 7, 6)]
    pane = scene.show(replace(here, gaps=(Gap(newest, ends[0], loading=True),)))
    await scene.until(lambda: words(gap_mark(pane))[0].endswith("Loading…"))
    monkeypatch.setattr(HistoryMark, "say", noting)
    for end in ends[1:]:
        for loading in (False, True):
            scene.talk.cover(replace(here, gaps=(Gap(newest, end, loading=loading),)))
            await scene.until(lambda: pane.model.coverage == scene.talk.history.covered[HERE])
            await scene.quiet()
    assert set(said) <= {"Messages are missing here · Loading…", "This is the beginning of your conversation"}


async def test_an_empty_conversation_says_once_that_it_is_loading(scene: Scene) -> None:
    gap = Gap(NOON, NOON + timedelta(hours=1), loading=True)
    pane = scene.show(Coverage(gaps=(gap,), beginning=Beginning.MORE, loading=True))
    await scene.until(lambda: words(pane.history_marks.beginning) == ("Loading…", ""))
    await scene.quiet()
    marks = [mark for mark in pane.findChildren(HistoryMark) if mark.isVisible()]
    assert marks == [pane.history_marks.beginning]
    scene.talk.cover(Coverage(gaps=(gap,), beginning=Beginning.REACHED))
    await scene.until(lambda: len(pane.findChildren(HistoryMark)) == 2)
    assert words(gap_mark(pane)) == ("Messages are missing here · Loading…", "")


async def test_what_is_in_view_is_fetched_once_per_arrival(scene: Scene) -> None:
    gap = scene.fill(120, hole_at=60)
    assert gap is not None
    pane = scene.show(Coverage(gaps=(gap,), beginning=Beginning.REACHED))
    await scene.quiet()
    assert scene.talk.history.loaded == []
    view = pane.view
    view.verticalScrollBar().setValue(0)
    await scene.quiet()

    def arrive() -> None:
        view.scrollTo(pane.model.index(pane.model.gap_rows()[0]))

    arrive()
    await scene.until(lambda: scene.talk.history.loaded == [(HERE, gap)])
    view.viewport().update()
    view.verticalScrollBar().setValue(view.verticalScrollBar().value() + 1)
    await scene.quiet()
    assert len(scene.talk.history.loaded) == 1
    view.follow_end()
    await scene.quiet()
    arrive()
    await scene.until(lambda: len(scene.talk.history.loaded) == 2)


async def test_what_stays_in_view_is_fetched_until_nothing_is_missing(scene: Scene) -> None:
    gap = scene.fill(2, hole_at=1)
    assert gap is not None
    left = [gap.before - timedelta(hours=hours) for hours in (1, 2, 3)]

    async def load(conversation_id: ConversationId, wanted: Gap | None) -> None:
        scene.talk.history.loaded.append((conversation_id, wanted))
        time = left.pop(0)
        scene.talk.add("found", time, notify=False)
        scene.talk.cover(Coverage(gaps=(Gap(gap.after, time),) if left else (), beginning=Beginning.REACHED))

    scene.talk.history.load = load  # type: ignore[method-assign]
    pane = scene.show(Coverage(gaps=(gap,), beginning=Beginning.REACHED))
    await scene.until(lambda: pane.model.rowCount() == 5 and not pane.model.gap_rows())
    assert len(scene.talk.history.loaded) == 3


async def test_a_failure_is_explained_and_tried_again(scene: Scene, qtbot: QtBot) -> None:
    scene.talk.history.error = KnownError(ErrorKind.NO_ANSWER, "no <b>answer</b> in 30 s")
    gap = scene.fill(4, hole_at=2)
    assert gap is not None
    pane = scene.show(Coverage(gaps=(gap,), beginning=Beginning.REACHED))
    mark = gap_mark(pane)
    await scene.until(lambda: words(mark)[1] == "Try again")
    assert words(mark)[0] == "The provider does not answer. Try again in a moment."
    assert mark.button.accessibleName() == "Try again"
    assert "<b>" not in mark.label.toolTip()
    scene.talk.history.error = None
    mark.button.setFocus()
    qtbot.keyClick(mark.button, Qt.Key.Key_Space)
    assert words(mark) == ("Messages are missing here · Loading…", "")
    await scene.until(lambda: words(mark) == ("Messages are missing here", "Load"))
    assert scene.talk.history.loaded == [(HERE, gap), (HERE, gap)]


async def test_a_page_fills_a_gap_above_the_eyes(scene: Scene) -> None:
    gap = scene.fill(160, hole_at=80)
    assert gap is not None
    pane = scene.show(Coverage(gaps=(gap,), beginning=Beginning.REACHED))
    await scene.quiet()
    view, model = pane.view, pane.model
    while not model.gap_rows():
        view.verticalScrollBar().setValue(0)
        await scene.quiet()
    row = model.gap_rows()[0]
    view.hold(row, 100)
    await scene.until(lambda: bool(scene.talk.history.loaded))
    before = scene.places()
    insertions: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: insertions.append((first, last)))
    page = [scene.talk.add(f"page {n}", gap.before - timedelta(minutes=101 - n), notify=False) for n in range(100)]
    scene.talk.cover(Coverage(gaps=(Gap(gap.after, page[0].time),), beginning=Beginning.REACHED))
    await scene.until(lambda: bool(insertions))
    await scene.quiet()
    assert insertions == [(row, row + 99)]
    newer = {key: y for key, y in before.items() if model.row_of(key) >= row + 100}  # type: ignore[arg-type]
    scene.assert_still(newer, at_least=5)
    assert model.gap_rows() == [row]
    assert model.message(row).id == page[0].id
    assert view.jump_button.count == 0
    assert model.divider_row == -1


async def test_older_pages_come_in_above_without_moving_anything(scene: Scene) -> None:
    scene.fill(60)
    pane = scene.show(Coverage(beginning=Beginning.MORE))
    view = pane.view
    view.verticalScrollBar().setValue(0)
    await scene.quiet()
    view.verticalScrollBar().setValue(0)
    await scene.until(lambda: scene.talk.history.loaded == [(HERE, None)])
    before = scene.places()
    for number in range(100):
        scene.talk.add(f"old {number}", NOON - timedelta(minutes=200 - number), notify=False)
    scene.talk.cover(Coverage(beginning=Beginning.REACHED))
    await scene.until(lambda: pane.model.rowCount() == 160)
    await scene.quiet()
    scene.assert_still(before, at_least=5)
    assert not pane.history_marks.beginning.isVisible()
    view.verticalScrollBar().setValue(0)
    await scene.until(lambda: words(pane.history_marks.beginning)[0] == "This is the beginning of your conversation")


async def test_the_lines_are_there_for_assistive_technology(scene: Scene, qtbot: QtBot) -> None:
    scene.connect(ConnectionState.WAITING)
    gap = scene.fill(4, hole_at=2)
    assert gap is not None
    pane = scene.show(Coverage(gaps=(gap,), beginning=Beginning.REACHED))
    await scene.quiet()
    description = pane.model.index(2).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert description.startswith("Messages are missing here")
    mark = gap_mark(pane)
    label, button = (QAccessible.queryAccessibleInterface(part) for part in (mark.label, mark.button))
    assert label.role() is QAccessible.Role.StaticText
    assert label.text(QAccessible.Text.Name) == "Messages are missing here · Not connected"
    scene.connect(ConnectionState.ONLINE)
    await scene.until(lambda: words(mark) == ("Messages are missing here", "Load"))
    assert button.role() is QAccessible.Role.Button
    assert button.text(QAccessible.Text.Name) == "Load"
    assert button.text(QAccessible.Text.Description) == "Messages are missing here"
    pane.view.setFocus()
    qtbot.keyClick(pane.view, Qt.Key.Key_Tab)
    assert pane.focusWidget() is mark.button


@pytest.mark.parametrize(("width", "zoom"), [(700, 100), (360, 100), (700, 200), (360, 200)])
async def test_every_word_has_room(scene: Scene, theme: Theme, width: int, zoom: int) -> None:
    theme.set_zoom(zoom)
    scene.talk.history.error = KnownError(ErrorKind.UNAVAILABLE, subject="chat.example.org")
    gap = scene.fill(2, hole_at=1)
    assert gap is not None
    pane = scene.show(Coverage(gaps=(gap,), beginning=Beginning.REACHED))
    pane.resize(width, 700)
    mark = gap_mark(pane)
    await scene.until(lambda: words(mark)[1] == "Try again")
    await scene.quiet()
    for part in (mark.label, mark.button):
        assert mark.rect().contains(part.geometry())
        assert part.height() >= (part.heightForWidth(part.width()) if part.hasHeightForWidth() else 1)
    assert not mark.label.geometry().intersects(mark.button.geometry())
    view, row = pane.view, pane.model.gap_rows()[0]
    assert view.bubble(row).gap_rect.height() == mark.height()


async def test_the_wheel_scrolls_over_a_line_too(scene: Scene, qapp: QApplication) -> None:
    scene.connect(ConnectionState.WAITING)
    gap = scene.fill(40, hole_at=20)
    assert gap is not None
    pane = scene.show(Coverage(gaps=(gap,), beginning=Beginning.REACHED))
    await scene.quiet()
    pane.view.hold(20, 200)
    mark = gap_mark(pane)
    assert mark.isVisible()
    before = pane.view.verticalScrollBar().value()
    center = QPointF(mark.rect().center())
    event = QWheelEvent(
        center,
        mark.mapToGlobal(center),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    qapp.sendEvent(mark, event)
    assert pane.view.verticalScrollBar().value() < before
    assert mark.geometry().top() > 200


async def test_catching_up_is_said_in_the_head(scene: Scene) -> None:
    scene.fill(3)
    pane = scene.show(Coverage(beginning=Beginning.REACHED, loading=True))
    await scene.until(lambda: pane.header.status.full_text() == "Online · Updating…")
    assert words(pane.history_marks.beginning)[0] == "This is the beginning of your conversation"
    scene.talk.cover(Coverage(since=NOON, beginning=Beginning.REACHED))
    await scene.until(lambda: pane.header.status.full_text() == "Online · at the studio")


async def test_the_core_knows_what_is_on_the_screen(scene: Scene) -> None:
    pane = scene.show(Coverage(beginning=Beginning.REACHED))
    assert scene.talk.history.shown == {HERE}
    pane.hide()
    assert scene.talk.history.shown == set()
    pane.show()
    pane.close_quietly()
    assert scene.talk.history.shown == set()
