"""What a screen reader is told by itself: who writes, what failed, how the connection is; nothing twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.builders import contact
from tests.helpers.core import Core

from whimbrel.model.account import AccountId, ConnectionState
from whimbrel.model.conversation import FOREVER, Conversation
from whimbrel.model.errors import ErrorKind
from whimbrel.model.events import MessageChanged
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState
from whimbrel.platform.settings import Settings
from whimbrel.ui import announcements as module
from whimbrel.ui.announcements import LONGEST, Announcements
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.notification_rules import Rules
from whimbrel.ui.status.connection import ConnectionWatch

BOB = "bob@example.net"


class Ear:
    """What was said, and what of it was urgent."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.urgent: list[str] = []

    def __call__(self, _widget: object, text: str, *, urgent: bool = False) -> None:
        self.said.append(text)
        if urgent:
            self.urgent.append(text)


@pytest.fixture
def ear(qtbot: QtBot, core: Core, bridge: Bridge, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Ear:
    """Hears what the window says."""
    monkeypatch.setattr(module, "_MOMENT", 30)
    monkeypatch.setattr(module, "_STEADY", 30)
    heard = Ear()
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    watch = ConnectionWatch(core.services, bridge)
    Announcements(window, core.services, bridge, watch, Rules(core.services, settings, lambda: False), heard)
    return heard


def bobs(core: Core, account_id: AccountId) -> Conversation:
    return core.services.conversations.open(account_id, JID.parse(BOB))


def test_new_messages_are_said_with_sender_and_bounded(qtbot: QtBot, core: Core, ear: Ear) -> None:
    stream = core.online(contact(BOB, "Bob"), contact("eve@example.net", "Eve"))
    qtbot.waitUntil(lambda: ear.said == ["Online"])
    stream.receive_message(f"{BOB}/x", "Good\n\nevening")
    qtbot.waitUntil(lambda: ear.said[1:] == ["Bob: Good evening"])
    stream.receive_message(f"{BOB}/x", "one")
    stream.receive_message(f"{BOB}/x", "a" * 10_000)
    qtbot.waitUntil(lambda: len(ear.said) == 3)
    assert ear.said[2] == "Bob: 2 new messages: " + "a" * LONGEST
    core.services.conversations.set_muted(bobs(core, stream.account_id).id, FOREVER)
    stream.receive_message(f"{BOB}/x", "psst")
    stream.receive_message("eve@example.net/x", "/me waves")
    qtbot.waitUntil(lambda: ear.said[3:] == ["Eve: Eve waves"])
    assert ear.urgent == []


def test_what_shows_no_content_is_not_said_with_it(qtbot: QtBot, core: Core, settings: Settings, ear: Ear) -> None:
    settings.notification_content = False
    stream = core.online(contact(BOB, "Bob"))
    stream.receive_message(f"{BOB}/x", "secret")
    qtbot.waitUntil(lambda: "1 new message" in ear.said)
    assert not any("secret" in said or "Bob" in said for said in ear.said)


def test_what_is_looked_at_says_itself_and_what_fails_elsewhere_is_urgent(qtbot: QtBot, core: Core, ear: Ear) -> None:
    stream = core.online(contact(BOB, "Bob"))
    qtbot.waitUntil(lambda: ear.said == ["Online"])
    conversation = bobs(core, stream.account_id)
    core.services.unread.set_viewed(conversation.id, True)
    stream.receive_message(f"{BOB}/x", "seen")
    core.services.unread.set_viewed(conversation.id, False)
    message = core.services.outbox.submit(conversation.id, "lost")
    core.services.bus.publish(MessageChanged(replace(message, state=DeliveryState.FAILED)))
    qtbot.waitUntil(lambda: ear.urgent == ["Bob: Not sent"])
    assert ear.said == ["Online", "Bob: Not sent"]


def test_only_a_state_that_lasts_is_said(qtbot: QtBot, core: Core, ear: Ear) -> None:
    stream = core.online(contact(BOB, "Bob"))
    qtbot.waitUntil(lambda: ear.said == ["Online"])
    for _ in range(5):
        stream.set_status(ConnectionState.CONNECTING)
        stream.set_status(ConnectionState.ONLINE)
    stream.fail(ErrorKind.PASSWORD_WRONG)
    qtbot.waitUntil(lambda: len(ear.said) == 2)
    assert ear.urgent == ear.said[1:]
