"""Pin, mute, archive and mark as unread from the head of a conversation."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot
from tests.helpers.builders import contact
from tests.helpers.core import Core

from whimbrel.model.conversation import FOREVER, Conversation
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation.pane import ConversationPane

BOB = "bob@example.org"


@pytest.fixture
def pane(core: Core, bridge: Bridge, qtbot: QtBot) -> ConversationPane:
    stream = core.online(contact(BOB, "Bob"))
    stream.receive_message(f"{BOB}/x", "hello")
    made = ConversationPane(core.services, bridge, core.services.conversations.open(stream.account_id, JID.parse(BOB)))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def lines(pane: ConversationPane) -> dict[str, QAction]:
    pane.header.menu.aboutToShow.emit()
    shown = [action for action in pane.header.menu.actions() if action.isVisible()]
    further = [action for each in shown if (menu := each.menu()) is not None for action in menu.actions()]
    return {action.text(): action for action in (*shown, *further)}


def now(pane: ConversationPane) -> Conversation:
    found = pane.services.conversations.find(pane.conversation.id)
    assert found is not None
    return found


def test_the_head_says_and_changes_how_a_conversation_stands(pane: ConversationPane, qtbot: QtBot) -> None:
    lines(pane)["Pin"].trigger()
    lines(pane)["Until I turn it on again"].trigger()
    assert (now(pane).pinned, now(pane).muted_until) == (True, FOREVER)
    assert {"Unpin", "Unmute", "Archive"} <= set(lines(pane))
    lines(pane)["Unmute"].trigger()
    with qtbot.waitSignal(pane.close_requested):
        lines(pane)["Archive"].trigger()
    assert (now(pane).archived, now(pane).muted_until) == (True, None)
    lines(pane)["Unarchive"].trigger()
    assert not now(pane).archived
    pane.services.unread.mark_read(pane.conversation.id)
    with qtbot.waitSignal(pane.close_requested):
        lines(pane)["Mark as unread"].trigger()
    assert now(pane).marked_unread
