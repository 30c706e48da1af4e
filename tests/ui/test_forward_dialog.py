"""*Forward*: found by typing, chosen by keys, sent to one or several; what fails is said and loses nothing."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation.forward_dialog import ForwardDialog, Target
from whimbrel.ui.conversation.forwarding import Forwarding
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.palette import MOST
from whimbrel.ui.theme.theme import Theme

BOB, CAROL, DAVE = "bob@example.org", "carol@example.org", "dave@example.org"


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact(BOB, name="Bob"), contact(CAROL, name="Carol"), contact(DAVE, name="Dave"))


@pytest.fixture
def dialog(core: Core, bridge: Bridge, stream: FakeStream, qtbot: QtBot) -> ForwardDialog:
    account = core.services.accounts.list_accounts()[0]
    opened = core.services.conversations.open(account.id, JID.parse(BOB))
    pane = ConversationPane(core.services, bridge, opened)
    qtbot.addWidget(pane)
    with qtbot.waitExposed(pane):
        pane.show()
    stream.receive_message(f"{BOB}/x", "see you at ten", id_="m1")
    (message,) = core.services.conversations.latest(opened.id, 5)
    Forwarding(pane).ask(message)
    (made,) = pane.findChildren(ForwardDialog)
    qtbot.waitUntil(made.isVisible)
    gather(made)
    return made


def gather(dialog: ForwardDialog) -> None:
    """Let it look everybody up."""
    while not dialog._has_all:
        dialog._gather_some()


def choose(dialog: ForwardDialog, row: int) -> None:
    dialog.list.setCurrentRow(row)
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)


def labels(dialog: ForwardDialog) -> list[str]:
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def test_chats_come_first_then_contacts_and_typing_finds(dialog: ForwardDialog) -> None:
    assert labels(dialog) == ["Bob", "Carol", "Dave", "Notes to self"]
    assert dialog.words.full_text() == "see you at ten"
    assert not dialog.send_button.isEnabled()
    QTest.keyClicks(dialog.search, "dav")
    assert labels(dialog) == ["Dave"]
    QTest.keyClicks(dialog.search, "x")
    assert labels(dialog) == []


def test_names_are_not_asked_for_one_by_one(
    core: Core, stream: FakeStream, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.services.roster, "find", lambda *_: pytest.fail("thousands would be waited for"))
    dialog = ForwardDialog(core.services, "see you", lambda target: None)
    qtbot.addWidget(dialog)
    assert labels(dialog) == ["Bob", "Carol", "Dave", "Notes to self"]


def test_thousands_are_looked_up_in_parts_and_found_as_they_come(core: Core, qtbot: QtBot) -> None:
    numbers = [n * 7919 % 2500 for n in range(2500)]
    core.online(*(contact(f"p{n}@example.org", name=f"Person {n}") for n in numbers))
    dialog = ForwardDialog(core.services, "see you", lambda target: None)
    qtbot.addWidget(dialog)
    dialog._gathering.stop()
    assert labels(dialog) == []
    dialog.search.setText("person 24")
    assert not dialog.nobody.isVisibleTo(dialog), "not before all were asked"
    sizes = [len(dialog._entries)]
    while not dialog._has_all:
        dialog._gather_some()
        sizes.append(len(dialog._entries))
    assert max(after - before for before, after in itertools.pairwise(sizes)) <= 501
    assert labels(dialog)[:3] == ["Person 24", "Person 240", "Person 241"]
    dialog.search.clear()
    assert labels(dialog) == [f"Person {n}" for n in range(len(labels(dialog)))]
    assert len(labels(dialog)) == MOST
    dialog.search.setText("xyz")
    assert dialog.nobody.isVisibleTo(dialog)


def test_several_are_chosen_by_keys_and_each_gets_it(stream: FakeStream, dialog: ForwardDialog) -> None:
    QTest.keyClicks(dialog.search, "caro")
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    dialog.search.clear()
    assert dialog.chosen_label.full_text() == "To: Carol"
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    assert dialog.chosen_label.full_text() == "To: Carol, Dave"
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert [(str(sent.to), sent.body) for sent in stream.sent] == [(CAROL, "see you at ten"), (DAVE, "see you at ten")]


def test_a_click_chooses_and_takes_back(dialog: ForwardDialog) -> None:
    for expected in ("To: Carol", ""):
        rect = dialog.list.visualItemRect(dialog.list.item(1))
        QTest.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
        assert dialog.chosen_label.full_text() == expected


def test_where_one_fails_the_others_are_not_sent_it_twice(core: Core, qtbot: QtBot, stream: FakeStream) -> None:
    sent: list[str] = []
    broken = [True]

    def send(target: Target) -> None:
        if target.label == "Dave" and broken:
            broken.clear()
            raise KnownError(ErrorKind.DISK_FULL)
        sent.append(target.label)

    dialog = ForwardDialog(core.services, "words", send)
    qtbot.addWidget(dialog)
    gather(dialog)
    dialog.show()
    for row in (1, 2):
        choose(dialog, row)
    dialog.send_button.click()
    assert dialog.isVisible()
    assert dialog.error.isVisible()
    assert (sent, dialog.chosen_label.full_text()) == (["Carol"], "To: Dave")
    dialog.send_button.click()
    assert sent == ["Carol", "Dave"]


def test_what_is_sent_is_what_it_says_by_then(stream: FakeStream, dialog: ForwardDialog) -> None:
    replace = "<replace xmlns='urn:xmpp:message-correct:0' id='m1'/>"
    stream.receive_message(f"{BOB}/x", "see you at nine", id_="m2", extra=replace)
    choose(dialog, 1)
    dialog.send_button.click()
    assert [sent.body for sent in stream.sent] == ["see you at nine"]


def test_what_was_taken_back_meanwhile_is_not_sent(stream: FakeStream, dialog: ForwardDialog) -> None:
    stream.receive_message(f"{BOB}/x", None, extra="<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>")
    choose(dialog, 1)
    dialog.send_button.click()
    assert stream.sent == []
    assert dialog.isVisible()
    assert dialog.error.label.text() == "Message deleted"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_it_is_painted_either_way(dialog: ForwardDialog, theme: Theme, qapp: QApplication, mode: str) -> None:
    theme.set_mode(mode)
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        dialog.setLayoutDirection(direction)
        assert not dialog.grab().isNull()
