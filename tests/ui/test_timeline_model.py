"""The window over a conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot
from tests.ui.conversation_fakes import NOON, FakeTalk

from whimbrel.model.archive import Coverage, Gap
from whimbrel.model.message import DeliveryState
from whimbrel.ui.models.timeline import PAGE, WINDOW, TimelineModel

Make = Callable[[FakeTalk], TimelineModel]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    kept: list[Any] = []

    def make_model(talk: FakeTalk) -> TimelineModel:
        model = TimelineModel(talk.services, talk.bridge, talk.conversation)  # type: ignore[arg-type]
        kept.append((model, QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)))
        return model

    return make_model


def shown(model: TimelineModel) -> list[int]:
    return [model.message(row).id for row in range(model.rowCount())]


def test_it_starts_with_the_latest_and_pages_back_to_the_first(make: Make) -> None:
    talk = FakeTalk(173)
    model = make(talk)
    assert shown(model) == [m.id for m in talk.messages[-PAGE:]]
    while model.fetch_older():
        pass
    assert shown(model) == [m.id for m in talk.messages]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.integers(0, 900),
    st.lists(
        st.sampled_from(
            ["older", "newer", "latest", "add", "late", "page", "flush", "follow", "stay", "remove", "move", "away"]
        ),
        max_size=40,
    ),
)
def test_the_window_is_always_a_stretch_of_the_database(make: Make, count: int, steps: list[str]) -> None:
    talk = FakeTalk(count)
    model = make(talk)

    def later() -> datetime:
        return talk.messages[-1].time + timedelta(minutes=1)

    act: dict[str, Callable[[], object]] = {
        "older": model.fetch_older,
        "newer": model.fetch_newer,
        "latest": model.show_latest,
        "add": lambda: [talk.add("new") for _ in range(30)],
        "page": lambda: [
            talk.add("page", NOON + timedelta(minutes=count // 3, seconds=n / 9), notify=False) for n in range(90)
        ],
        "move": lambda: talk.messages and talk.change(talk.messages[len(talk.messages) // 2], time=later()),
        "away": lambda: talk.messages and talk.change(talk.messages[-1], time=NOON - timedelta(minutes=len(steps))),
        "late": lambda: talk.add("late", NOON + timedelta(minutes=count // 2, seconds=30)),
        "flush": model.flush,
        "follow": lambda: model.set_reader(None),
        "stay": lambda: model.rowCount() and model.set_reader(model.message(model.rowCount() // 4).id),
        "remove": lambda: talk.messages and talk.remove(talk.messages[len(talk.messages) // 2].id),
    }
    for step in steps:
        act[step]()
    model.flush()
    all_ids = [m.id for m in talk.messages]
    ids = shown(model)
    assert len(ids) <= WINDOW
    start = all_ids.index(ids[0]) if ids else 0
    assert ids == all_ids[start : start + len(ids)]
    if model.at_end:
        assert ids[-1:] == all_ids[-1:]


def test_what_comes_in_one_turn_is_one_insertion(make: Make, qtbot: QtBot) -> None:
    talk = FakeTalk(10)
    model = make(talk)
    insertions = []
    model.rowsInserted.connect(lambda _parent, first, last: insertions.append((first, last)))
    for number in range(20):
        talk.add(f"burst {number}")
    qtbot.waitUntil(lambda: model.rowCount() == 30)
    assert insertions == [(10, 29)]


def test_a_change_stays_in_its_row_also_before_it_is_shown(make: Make) -> None:
    talk = FakeTalk(3)
    model = make(talk)
    message = talk.add("hello", out=True, state=DeliveryState.QUEUED)
    talk.change(message, state=DeliveryState.SENT)
    model.flush()
    assert model.message(3).state is DeliveryState.SENT
    talk.change(model.message(3), state=DeliveryState.DELIVERED)
    assert model.message(3).state is DeliveryState.DELIVERED


def test_that_a_message_failed_is_told_once(make: Make) -> None:
    talk = FakeTalk(1)
    model = make(talk)
    told: list[object] = []
    model.failed.connect(told.append)
    message = talk.add("hello", out=True, state=DeliveryState.IN_FLIGHT)
    model.flush()
    failed = talk.change(message, state=DeliveryState.FAILED, error="gone")
    failed = talk.change(failed, error="gone: for good")
    assert len(told) == 1
    talk.change(failed, state=DeliveryState.QUEUED, error="")
    assert len(told) == 1


def test_a_row_is_named_and_described_for_assistive_technology(make: Make) -> None:
    talk = FakeTalk(1, unread=1)
    talk.conversation = talk.conversation
    model = make(talk)
    model.set_namer(lambda _message: "Bob Martens")
    talk.add("On my way", out=True, state=DeliveryState.FAILED)
    model.flush()
    name, description = Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole
    assert model.index(0).data(name).startswith("Bob Martens, ")
    assert model.index(0).data(name).endswith(", message 0")
    assert model.index(1).data(name).startswith("You, ")
    assert model.index(1).data(description) == "Failed"


def test_groups_days_and_the_unread_divider(make: Make) -> None:
    talk = FakeTalk()
    for body, minutes in (("a", 0), ("b", 1), ("c", 3), ("d", 4), ("e", 60 * 24 + 5)):
        talk.messages.append(talk.make(body, NOON + timedelta(minutes=minutes)))
    talk.first_unread = talk.messages[3].id
    talk.conversation = type(talk.conversation)(
        talk.conversation.id, talk.conversation.account_id, talk.conversation.jid, unread=2
    )
    model = make(talk)
    rows = [model.row(row) for row in range(5)]
    assert [row.starts_group for row in rows] == [True, False, True, True, True]
    assert [row.day is not None for row in rows] == [True, False, False, False, True]
    assert [row.unread for row in rows] == [0, 0, 0, 2, 0]


def test_what_arrives_unseen_is_divided_off_until_one_answers(make: Make) -> None:
    talk = FakeTalk(5)
    model = make(talk)
    model.set_viewed(True)
    talk.add("seen")
    model.flush()
    assert model.divider_row == -1
    model.set_viewed(False)
    talk.add("unseen")
    model.flush()
    talk.add("unseen too")
    model.flush()
    assert (model.divider_row, model.row(6).unread) == (6, 2)
    talk.add("answer", out=True)
    model.flush()
    assert model.divider_row == -1


def test_history_is_no_news(make: Make) -> None:
    talk = FakeTalk(5)
    model = make(talk)
    counts: list[int] = []
    model.arrived.connect(counts.append)
    for number in range(3):
        talk.add(f"older {number}", NOON - timedelta(minutes=9 - number), notify=False)
    model.flush()
    assert (counts, model.divider_row, model.rowCount()) == ([], -1, 8)
    news = talk.add("while away", notify=False)
    talk.conversation = replace(talk.conversation, unread=1)
    talk.first_unread = news.id
    model.flush()
    assert (counts, model.divider_row, model.row(8).unread) == ([], 8, 1)
    talk.add("now")
    model.flush()
    assert counts == [1]


def test_an_older_message_from_another_device_leaves_the_divider(make: Make) -> None:
    talk = FakeTalk(3)
    model = make(talk)
    talk.add("unseen")
    model.flush()
    talk.add("long ago", NOON - timedelta(days=1), notify=False, out=True)
    model.flush()
    assert model.message(model.divider_row).body == "unseen"


def test_a_message_that_is_sent_later_takes_that_place(make: Make) -> None:
    talk = FakeTalk(3)
    model = make(talk)
    waiting = talk.add("waited", out=True, state=DeliveryState.QUEUED)
    after = talk.add("meanwhile")
    model.flush()
    resets: list[object] = []
    for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved):
        signal.connect(lambda *_: resets.append(None))
    kept = QPersistentModelIndex(model.index(3))
    sent = talk.change(waiting, time=after.time + timedelta(minutes=1), state=DeliveryState.SENT)
    assert shown(model)[-2:] == [after.id, sent.id]
    assert (kept.row(), resets) == (4, [])
    talk.change(sent, time=NOON - timedelta(minutes=1))
    assert shown(model)[0] == sent.id
    assert (kept.row(), resets) == (0, [])


def test_gaps_stand_between_the_rows_that_they_part(make: Make) -> None:
    talk = FakeTalk(6)
    times = [message.time for message in talk.messages]
    model = make(talk)
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    newest = times[-1] + timedelta(hours=1)
    talk.cover(Coverage(gaps=(Gap(times[1], times[2]), Gap(times[-1], newest))))
    model.flush()
    assert (model.gap_rows(), changed) == ([2], [2])
    assert model.last_gap == Gap(times[-1], newest)
    assert model.row(2).starts_group
    talk.cover(Coverage())
    model.flush()
    assert (model.gap_rows(), changed, model.last_gap) == ([], [2, 2], None)


def test_what_is_missing_before_the_window_is_told_once_it_is_reached(make: Make) -> None:
    talk = FakeTalk(120)
    gap = Gap(talk.messages[0].time, talk.messages[1].time)
    talk.history.covered[talk.conversation.id] = Coverage(gaps=(gap,))
    model = make(talk)
    assert model.gap_rows() == []
    while model.fetch_older():
        pass
    assert model.gap_rows() == [1]
