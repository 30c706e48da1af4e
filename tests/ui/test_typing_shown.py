"""Typing on the screen: in the head, and what the composer's keys tell."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.offers.typing import Typing
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation import typing
from whimbrel.ui.conversation.pane import ConversationPane

NS = "http://jabber.org/protocol/chatstates"
BOB = "bob@example.org"


@pytest.fixture
def stream(core: Core) -> FakeStream:
    stream = core.online(contact(BOB, "Bob Martens"))
    stream.presence(f"{BOB}/x")
    stream.receive_message(f"{BOB}/x", "hello", extra=f"<active xmlns='{NS}'/>")
    return stream


@pytest.fixture
def pane(core: Core, bridge: Bridge, stream: FakeStream, qtbot: QtBot) -> ConversationPane:
    return open_pane(core, bridge, stream, qtbot)


def open_pane(core: Core, bridge: Bridge, stream: FakeStream, qtbot: QtBot, jid: str = BOB) -> ConversationPane:
    conversation = core.services.conversations.open(stream.account_id, JID.parse(jid))
    pane = ConversationPane(core.services, bridge, conversation)
    qtbot.addWidget(pane)
    pane.resize(600, 400)
    with qtbot.waitExposed(pane):
        pane.show()
    return pane


def told(stream: FakeStream) -> list[str]:
    states = [extensions[0].tag for _, _, _, extensions in stream.extensions]
    return [tag.rpartition("}")[2] for tag in states if NS in tag]


def test_the_head_says_that_they_write(stream: FakeStream, pane: ConversationPane) -> None:
    assert pane.header.status.text() == "Online"
    stream.receive_message(f"{BOB}/x", None, extra=f"<composing xmlns='{NS}'/>")
    assert pane.header.status.text() == "typing…"
    stream.receive_message(f"{BOB}/x", None, extra=f"<paused xmlns='{NS}'/>")
    assert pane.header.status.text() == "Online"


def test_who_falls_silent_writes_no_more_and_who_goes_on_does(
    core: Core, stream: FakeStream, pane: ConversationPane, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.services.offer(Typing), "patience", 0.3)
    composing = f"<composing xmlns='{NS}'/>"
    stream.receive_message(f"{BOB}/x", None, extra=composing)
    began = time.monotonic()
    qtbot.waitUntil(lambda: time.monotonic() - began > 0.2)
    stream.receive_message(f"{BOB}/x", None, extra=composing)
    assert pane.header.status.text() == "typing…"
    qtbot.waitUntil(lambda: pane.header.status.text() == "Online")


def test_keys_tell_that_we_write_pause_and_go(
    stream: FakeStream, pane: ConversationPane, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = {state: (30, after) for state, (_, after) in typing._LATER.items()}
    monkeypatch.setattr(typing, "_LATER", brief)
    qtbot.keyClicks(pane.composer.editor, "well")
    assert told(stream) == ["composing"]
    qtbot.waitUntil(lambda: told(stream) == ["composing", "paused", "inactive", "gone"])


def test_what_is_taken_back_or_put_away_is_told(stream: FakeStream, pane: ConversationPane, qtbot: QtBot) -> None:
    qtbot.keyClicks(pane.composer.editor, "a")
    qtbot.keyClick(pane.composer.editor, Qt.Key.Key_Backspace)
    assert told(stream) == ["composing", "active"]
    qtbot.keyClicks(pane.composer.editor, "b")
    pane.close_quietly()
    assert told(stream) == ["composing", "active", "composing", "gone"]


def test_a_draft_that_is_put_back_is_not_written_now(
    core: Core, bridge: Bridge, stream: FakeStream, pane: ConversationPane, qtbot: QtBot
) -> None:
    core.services.conversations.set_draft(pane.conversation.id, "from yesterday")
    again = open_pane(core, bridge, stream, qtbot)
    assert again.composer.editor.toPlainText() == "from yesterday"
    again.close_quietly()
    assert told(stream) == []


def test_ones_own_notes_have_neither_presence_nor_a_stranger(
    core: Core, bridge: Bridge, stream: FakeStream, qtbot: QtBot
) -> None:
    stream.presence("me@example.org/phone")
    pane = open_pane(core, bridge, stream, qtbot, "me@example.org")
    assert (pane.header.name.text(), pane.header.status.text()) == ("Notes to self", "")
    assert pane.stranger_bar.isHidden()


def test_attention_can_be_asked_for_where_one_takes_part(core: Core, pane: ConversationPane) -> None:
    menu = pane.header.menu
    action = next(action for action in menu.actions() if action.text() == "Ask for attention")
    menu.aboutToShow.emit()
    assert not action.isVisible()
    core.choice.accept_attention = True
    menu.aboutToShow.emit()
    assert action.isVisible()
