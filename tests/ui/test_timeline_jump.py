"""Going to a message or a day, wherever it is in the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot
from tests.helpers.builders import contact
from tests.helpers.core import Core

from whimbrel.model.conversation import Conversation
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Direction, Message, MessageId, NewMessage
from whimbrel.storage.messages import MessageStore
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation import spotlight
from whimbrel.ui.conversation.go_to_date import GoToDateDialog
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.conversation.spotlight import find_places
from whimbrel.ui.models.timeline_row import local_day
from whimbrel.ui.theme.theme import Theme

BOB = JID.parse("bob@example.org")
FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)
COUNT = 900


class Scene:
    """A conversation with a long history: three messages an hour."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.core = Core(folder)
        self.core.online(contact(str(BOB)))
        self.bridge = Bridge(self.core.services.bus)
        self.conversation = self.open(BOB)
        self.messages = self.fill(self.conversation)
        self.pane = ConversationPane(self.core.services, self.bridge, self.conversation)
        qtbot.addWidget(self.pane)
        self.pane.resize(700, 600)
        with qtbot.waitExposed(self.pane):
            self.pane.show()

    def open(self, jid: JID) -> Conversation:
        account = self.core.services.accounts.list_accounts()[0]
        return self.core.services.conversations.open(account.id, jid)

    def fill(self, conversation: Conversation, count: int = COUNT) -> list[Message]:
        with self.core.database.transaction():
            return [
                MessageStore(self.core.database).add_message(
                    NewMessage(
                        conversation.account_id,
                        conversation.id,
                        Direction.IN,
                        conversation.jid,
                        f"Message {number}. " + "Words. " * (number % 60),
                        FIRST + timedelta(minutes=20 * number),
                        DeliveryState.RECEIVED,
                        wire_id=f"m{number}",
                    )
                )
                for number in range(count)
            ]

    def assert_shown(self, message: Message) -> None:
        view = self.pane.view
        row = view.timeline.row_of(message.id)
        assert row >= 0
        rect = view.visualRect(view.timeline.index(row))
        assert 0 <= rect.top() < rect.bottom() <= view.viewport().height()


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot) -> Iterator[Scene]:
    made = Scene(tmp_path, qtbot)
    yield made
    assert made.core.faults == []
    made.bridge.close()


@pytest.mark.parametrize(("still", "steps"), [(False, [1.0, 0.66, 0.33, 0.0]), (True, [1.0, 0.0])])
def test_the_light_goes_out_at_once_where_nothing_is_to_move(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch, still: bool, steps: list[float]
) -> None:
    monkeypatch.setattr(spotlight, "_LIT", 1)
    theme.set_still(still)
    holder = QObject()
    light = spotlight.Spotlight(holder)
    seen: list[float] = []
    light.changed.connect(lambda: seen.append(light.strength(MessageId(1))))
    light.point(MessageId(1))
    qtbot.waitUntil(lambda: seen[-1] == 0.0)
    assert seen == steps


@pytest.mark.parametrize("number", [0, 3, 400, COUNT - 60, COUNT - 1])
def test_a_message_is_shown_with_its_surroundings(scene: Scene, qtbot: QtBot, number: int) -> None:
    message = scene.messages[number]
    pane = scene.pane
    assert pane.show_message(message.id)
    scene.assert_shown(message)
    assert pane.view.spotlight.strength(message.id) == 1.0
    assert pane.view.currentIndex().row() == pane.model.row_of(message.id)
    pane.resize(480, 500)
    scene.assert_shown(message)
    shown = [pane.model.message(row) for row in range(pane.model.rowCount())]
    start = scene.messages.index(shown[0])
    assert shown == scene.messages[start : start + len(shown)]
    qtbot.waitUntil(lambda: pane.view.spotlight.strength(message.id) == 0.0)
    pane.view.follow_end()
    scene.assert_shown(scene.messages[-1])


def test_one_reads_on_in_both_directions_from_there(scene: Scene, qtbot: QtBot) -> None:
    pane = scene.pane
    pane.show_message(scene.messages[450].id)
    bar = pane.view.verticalScrollBar()

    def reach(value: int, message: Message) -> bool:
        bar.setValue(value if value == 0 else bar.maximum())
        return pane.model.row_of(message.id) >= 0

    qtbot.waitUntil(lambda: reach(0, scene.messages[0]))
    qtbot.waitUntil(lambda: reach(1, scene.messages[-1]))
    qtbot.waitUntil(lambda: pane.view.at_end)


def test_what_comes_in_meanwhile_moves_nothing_and_is_counted(scene: Scene, qtbot: QtBot) -> None:
    pane = scene.pane
    message = scene.messages[200]
    pane.show_message(message.id)
    row = pane.model.row_of(message.id)
    before = pane.view.row_top(row)
    stream = scene.core.streams[scene.conversation.account_id]
    for number in range(3):
        stream.receive_message(str(BOB), f"new {number}")
    qtbot.waitUntil(lambda: pane.view.jump_button.count == 3)
    assert pane.view.row_top(pane.model.row_of(message.id)) == before
    assert not pane.view.at_end


def test_what_is_not_of_this_conversation_is_not_shown(scene: Scene) -> None:
    other = scene.fill(scene.open(JID.parse("carol@example.org")), 1)[0]
    assert not scene.pane.show_message(other.id)
    assert scene.pane.view.at_end


def test_a_day_is_chosen_in_a_calendar(scene: Scene, qtbot: QtBot) -> None:
    pane = scene.pane
    wanted = local_day(scene.messages[300])
    first = next(message for message in scene.messages if local_day(message) == wanted)
    pane.header.date_action.trigger()
    dialog = pane.findChild(GoToDateDialog)
    assert dialog is not None
    assert dialog.calendar.minimumDate().toPython() == local_day(scene.messages[0])
    dialog.calendar.setSelectedDate(wanted)  # type: ignore[arg-type]
    qtbot.mouseClick(dialog.go_button, Qt.MouseButton.LeftButton)
    scene.assert_shown(first)
    assert pane.show_date(local_day(scene.messages[0]) - timedelta(days=400))
    scene.assert_shown(scene.messages[0])
    assert pane.show_date(local_day(scene.messages[-1]) + timedelta(days=1))
    scene.assert_shown(scene.messages[-1])


def test_the_mark_stays_until_escape(scene: Scene, qtbot: QtBot) -> None:
    pane = scene.pane
    message = scene.messages[100]
    pane.show_message(message.id, mark="words")
    places = pane.view.spotlight.places(message.id, message.body)
    assert [message.body[start:end] for start, end in places] == ["Words"] * 40
    qtbot.keyClick(pane.view, Qt.Key.Key_Escape)
    assert pane.view.spotlight.places(message.id, message.body) == ()


@pytest.mark.parametrize(
    ("text", "mark", "places"),
    [
        ("Écoute l'écho", "eco", [(0, 3)]),
        ("😀 今天天气很好", "天气", [(5, 7)]),
        ("red green blue red", "blue red", [(10, 18)]),
        ("red green blue", "blue red", [(0, 3), (10, 14)]),
        ("straße", "STRASSE", [(0, 6)]),
        ("nothing", "  ", []),
    ],
)
def test_what_was_looked_for_is_found_as_a_person_would(text: str, mark: str, places: list[tuple[int, int]]) -> None:
    assert list(find_places(text, mark)) == places
