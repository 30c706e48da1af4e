"""Editing and deleting what was said, on the real core."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from tests.helpers.builders import contact
from tests.helpers.core import Core

from whimbrel.core.offers.retractions import Eraser
from whimbrel.model.conversation import Conversation
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation.deleting import DeleteDialog
from whimbrel.ui.conversation.editing import Editing
from whimbrel.ui.conversation.forward_dialog import ForwardDialog
from whimbrel.ui.conversation.menu import message_menu
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.conversation.quick_reactions import QuickReactions
from whimbrel.ui.conversation.replying import Replying
from whimbrel.ui.conversation.versions_dialog import VersionsDialog
from whimbrel.ui.widgets.label import Label

BOB = "bob@example.org"


class Room:
    """A pane with Bob, who is online."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.core = Core(folder)
        self.stream = self.core.online(contact(BOB, name="Bob Martens"))
        self.bridge = Bridge(self.core.services.bus)
        self.qtbot = qtbot
        account = self.core.services.accounts.list_accounts()[0]
        self.conversation: Conversation = self.core.services.conversations.open(account.id, JID.parse(BOB))
        self.pane = ConversationPane(self.core.services, self.bridge, self.conversation)
        qtbot.addWidget(self.pane)
        self.pane.resize(700, 600)
        with qtbot.waitExposed(self.pane):
            self.pane.show()
        self.pane.activateWindow()
        qtbot.waitUntil(self.pane.isActiveWindow)
        self.editing = next(one for one in self.pane.extensions if isinstance(one, Editing))
        self.replying = next(one for one in self.pane.extensions if isinstance(one, Replying))

    def write(self, text: str) -> Message:
        self.pane.composer.editor.setPlainText(text)
        self.key(Qt.Key.Key_Return)
        return self.messages()[-1]

    def key(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.pane.composer.editor, key)

    @property
    def text(self) -> str:
        return self.pane.composer.editor.toPlainText()

    def messages(self) -> list[Message]:
        return self.core.services.conversations.latest(self.conversation.id, 50)

    def menu(self, row: int) -> QMenu:
        self.pane.model.flush()
        return message_menu(self.pane.view, row, None)

    def choose(self, row: int, words: str) -> None:
        next(action for action in self.menu(row).actions() if action.text() == words).trigger()

    def offered(self, row: int) -> list[str]:
        return [action.text() for action in self.menu(row).actions()]


@pytest.fixture
def room(tmp_path: Path, qtbot: QtBot) -> Iterator[Room]:
    made = Room(tmp_path, qtbot)
    yield made
    assert made.core.faults == []
    made.bridge.close()


def test_up_edits_the_last_own_message_and_the_draft_comes_back(room: Room) -> None:
    room.write("first")
    room.write("helo")
    room.stream.receive_message(f"{BOB}/x", "theirs", id_="b1")
    room.key(Qt.Key.Key_Up)
    assert (room.text, room.editing.strip.isVisible()) == ("helo", True)
    assert room.core.services.conversations.draft(room.conversation.id) == ""  # an edit is no draft
    room.pane.composer.editor.setPlainText("hello")
    room.pane.composer.save_draft()
    assert room.core.services.conversations.draft(room.conversation.id) == ""
    room.key(Qt.Key.Key_Return)
    assert (room.text, room.editing.strip.isVisible()) == ("", False)
    assert [(one.body, one.edited) for one in room.messages()] == [
        ("first", False),
        ("hello", True),
        ("theirs", False),
    ]
    room.pane.composer.editor.setPlainText("a draft")
    room.choose(0, "Edit")
    assert room.text == "first"
    room.key(Qt.Key.Key_Escape)
    assert room.text == "a draft"
    assert not room.editing.strip.isVisible()
    assert room.messages()[0].body == "first"


def test_up_with_text_or_without_an_own_message_moves_the_cursor_only(room: Room) -> None:
    room.stream.receive_message(f"{BOB}/x", "theirs", id_="b1")
    room.key(Qt.Key.Key_Up)
    assert not room.editing.needs_escape()
    room.write("ours")
    room.pane.composer.editor.setPlainText("typed")
    room.key(Qt.Key.Key_Up)
    assert (room.text, room.editing.needs_escape()) == ("typed", False)


def test_the_same_text_is_no_correction_and_none_is_not_taken(room: Room) -> None:
    room.write("hello")
    room.key(Qt.Key.Key_Up)
    room.key(Qt.Key.Key_Return)
    assert not room.messages()[0].edited
    room.key(Qt.Key.Key_Up)
    room.pane.composer.editor.clear()
    room.key(Qt.Key.Key_Return)
    assert room.editing.strip.isVisible()
    assert room.pane.composer.error_box.isVisible()
    room.key(Qt.Key.Key_Escape)
    assert not room.pane.composer.error_box.isVisible()
    assert [one.body for one in room.messages()] == ["hello"]


def test_what_was_typed_survives_the_message(room: Room) -> None:
    room.write("hello")
    room.key(Qt.Key.Key_Up)
    room.pane.composer.editor.setPlainText("hello again")
    room.choose(0, "Delete…")
    room.pane.findChildren(DeleteDialog)[-1].for_everyone.click()
    assert not room.editing.strip.isVisible()
    assert room.text == "hello again"
    assert room.core.services.conversations.draft(room.conversation.id) == "hello again"


def test_what_comes_back_while_a_message_is_edited_waits_with_the_draft(room: Room) -> None:
    message = room.write("see you at ten")
    room.pane.composer.editor.setPlainText("a draft")
    room.editing.begin(message)
    assert room.pane.composer.take_back("what was not sent")
    assert room.text == "see you at ten"  # not a part of the correction
    assert room.core.services.conversations.draft(room.conversation.id) == "a draft\n\nwhat was not sent"
    room.key(Qt.Key.Key_Escape)
    assert room.text == "a draft\n\nwhat was not sent"


def test_an_answer_waits_with_its_draft_while_a_message_is_edited(room: Room) -> None:
    room.stream.receive_message(f"{BOB}/x", "shall we?", id_="b1")
    room.write("helo")
    room.choose(0, "Reply")
    room.pane.composer.editor.setPlainText("yes, and")
    room.choose(1, "Edit")
    assert (room.text, room.editing.strip.isVisible(), room.replying.strip.isVisible()) == ("helo", True, False)
    room.pane.composer.editor.setPlainText("hello")
    room.key(Qt.Key.Key_Return)
    assert room.stream.sent[-1].body == "hello"
    assert (room.text, room.editing.strip.isVisible(), room.replying.strip.isVisible()) == ("yes, and", False, True)
    room.key(Qt.Key.Key_Return)
    assert room.stream.sent[-1].body == "> shall we?\nyes, and"
    assert not room.replying.strip.isVisible()


def test_an_answer_ends_an_edit_and_nothing_typed_is_lost(room: Room) -> None:
    room.stream.receive_message(f"{BOB}/x", "shall we?", id_="b1")
    first, second = room.write("one"), room.write("two")
    room.pane.composer.editor.setPlainText("a draft")
    room.editing.begin(first)
    room.choose(0, "Reply")  # nothing was changed in it
    assert (room.text, room.editing.strip.isVisible(), room.replying.strip.isVisible()) == ("a draft", False, True)
    room.editing.begin(first)
    room.pane.composer.editor.setPlainText("one more")
    room.editing.begin(second)
    assert room.text == "two"
    room.pane.composer.editor.setPlainText("two more")
    room.choose(0, "Reply")
    assert (room.editing.strip.isVisible(), room.replying.strip.isVisible()) == (False, True)
    assert room.text == "a draft\n\none more\n\ntwo more"
    assert room.core.services.conversations.draft(room.conversation.id) == room.text
    assert [one.body for one in room.messages()] == ["shall we?", "one", "two"]


def test_an_answer_to_what_is_taken_back_during_an_edit_does_not_return(room: Room) -> None:
    room.stream.receive_message(f"{BOB}/x", "shall we?", id_="b1")
    message = room.write("helo")
    room.choose(0, "Reply")
    room.editing.begin(message)
    room.stream.receive_message(f"{BOB}/x", None, extra="<retract xmlns='urn:xmpp:message-retract:1' id='b1'/>")
    room.key(Qt.Key.Key_Escape)
    assert not room.replying.strip.isVisible()


@pytest.mark.parametrize("words", ["Reply", "React…", "Forward…", "Edit"])
@pytest.mark.parametrize("gone", ["taken back", "removed here"])
def test_nothing_is_done_with_what_is_gone_while_its_menu_is_open(room: Room, words: str, gone: str) -> None:
    room.stream.receive_message(f"{BOB}/x", "theirs", id_="b1")
    message = room.write("ours") if words == "Edit" else room.messages()[0]
    menu = room.menu(1 if words == "Edit" else 0)
    eraser = room.core.services.offer(Eraser)
    if gone == "removed here":
        eraser.delete_here(message.id)
    elif words == "Edit":
        eraser.retract(message.id, "gone")
    else:
        room.stream.receive_message(f"{BOB}/x", None, extra="<retract xmlns='urn:xmpp:message-retract:1' id='b1'/>")
    next(action for action in menu.actions() if action.text() == words).trigger()
    assert room.pane.error_box.label.text() == "Message deleted"
    assert not any(one.needs_escape() for one in room.pane.extensions)
    assert room.pane.findChildren(ForwardDialog) == []
    assert room.pane.findChildren(QuickReactions) == []


def test_the_menu_offers_what_can_be_done(room: Room) -> None:
    room.stream.receive_message(f"{BOB}/x", "theirs", id_="b1")
    room.write("ours")
    assert "Edit" not in room.offered(0)
    assert "Delete…" in room.offered(0)
    assert {"Edit", "Delete…"} <= set(room.offered(1))
    assert "Show edits" not in room.offered(1)


def test_all_texts_of_a_message_are_shown(room: Room) -> None:
    room.stream.receive_message(f"{BOB}/x", "<b>one</b>", id_="b1")
    for number, body in enumerate(("two\nlines", "three")):
        replace = "<replace xmlns='urn:xmpp:message-correct:0' id='b1'/>"
        room.stream.receive_message(f"{BOB}/x", body, id_=f"c{number}", extra=replace)
    room.choose(0, "Show edits")
    dialog = room.pane.findChild(VersionsDialog)
    assert dialog is not None
    assert [label.text() for label in dialog.texts] == ["three", "two\nlines", "<b>one</b>"]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in dialog.texts)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_deleting_asks_which(room: Room) -> None:
    room.stream.receive_message(f"{BOB}/x", "theirs", id_="b1")
    room.write("ours")
    room.write("ours too")
    for row, for_everyone in ((2, True), (1, True), (0, False)):
        room.choose(row, "Delete…")
        dialog = room.pane.findChildren(DeleteDialog)[-1]
        assert (dialog.for_everyone.isVisible(), dialog.here.isVisible()) == (for_everyone, True)
        assert dialog.for_everyone.accessibleName() == "Delete for everyone"
        assert dialog.here.accessibleName() == "Delete on this device"
        (dialog.for_everyone if row == 2 else dialog.here).click()
    assert [(one.body, one.retracted) for one in room.messages()] == [("", True)]


def test_a_deleted_message_says_so_and_can_be_removed_here(room: Room) -> None:
    room.write("ours")
    room.choose(0, "Delete…")
    dialog = room.pane.findChildren(DeleteDialog)[-1]
    dialog.for_everyone.click()
    room.pane.model.flush()
    assert room.pane.model.row(0).text == "Message deleted"
    assert "Edit" not in room.offered(0)
    room.choose(0, "Delete…")
    dialog = room.pane.findChildren(DeleteDialog)[-1]
    assert not dialog.for_everyone.isVisible()
    assert "Message deleted" in [label.text() for label in dialog.findChildren(Label)]
    dialog.here.click()
    assert room.messages() == []
