"""What was refused is told beneath its message, for eyes and ears, and can be tried again there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.offers.corrections import Corrector
from whimbrel.core.offers.nicknames import Nicknames
from whimbrel.core.offers.reactions import Reactions
from whimbrel.core.offers.retractions import Eraser
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation.actions import Action
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.conversation.refusal_part import RefusalPart

BOB = "bob@example.org"
ERROR = "<error xmlns='jabber:client' type='cancel'><{} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact(BOB, name="Bob Martens"))


@pytest.fixture
def pane(core: Core, bridge: Bridge, stream: FakeStream, qtbot: QtBot) -> ConversationPane:
    account = core.services.accounts.list_accounts()[0]
    made = ConversationPane(core.services, bridge, core.services.conversations.open(account.id, JID.parse(BOB)))
    qtbot.addWidget(made)
    made.resize(480, 600)
    with qtbot.waitExposed(made):
        made.show()
    return made


def say(pane: ConversationPane, body: str) -> Message:
    return pane.services.outbox.submit(pane.conversation.id, body)


def bounce(stream: FakeStream, wire_id: str, condition: str = "service-unavailable") -> None:
    stream.receive_message(BOB, None, type_="error", id_=wire_id, extra=ERROR.format(condition))


def part(pane: ConversationPane, row: int) -> RefusalPart | None:
    pane.model.flush()
    return next((one for one in pane.model.row(row).parts if isinstance(one, RefusalPart)), None)


def actions(pane: ConversationPane, row: int) -> dict[str, Action]:
    pane.model.flush()
    return {action.label: action for action in pane.view.bubble(row).actions}


def press(pane: ConversationPane, row: int, label: str) -> None:
    run = actions(pane, row)[label].run
    assert run is not None
    run()


def spoken(pane: ConversationPane, row: int) -> str:
    index = pane.model.index(row)
    return " ".join(
        str(index.data(role))
        for role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole)
    )


def test_a_refused_correction(core: Core, pane: ConversationPane, stream: FakeStream) -> None:
    message = say(pane, "See you at eihgt")
    stream.acknowledge()
    corrector = core.services.offer(Corrector)
    corrector.correct(message.id, "See you at eight")
    bounce(stream, stream.sent[-1].wire_id)
    told = "Not corrected: nobody can be reached at this address now. They still see the former text."
    shown = part(pane, 0)
    assert shown is not None
    assert shown.words == told
    assert told in spoken(pane, 0)
    assert {"Retry", "Undo"} <= set(actions(pane, 0))
    bubble = pane.view.bubble(0)
    for action in bubble.actions:
        assert action.rect is None or (action.rect.left() >= 0 and action.rect.right() <= bubble.width)
    press(pane, 0, "Retry")
    assert part(pane, 0) is None
    bounce(stream, stream.sent[-1].wire_id, "forbidden")
    press(pane, 0, "Undo")
    assert part(pane, 0) is None
    assert pane.model.message(0).body == "See you at eihgt"


def test_a_refused_retraction_and_a_refused_reaction(core: Core, pane: ConversationPane, stream: FakeStream) -> None:
    stream.receive_message(f"{BOB}/x", "Shall we?", id_="b1")
    message = say(pane, "a secret")
    stream.acknowledge()
    core.services.offer(Eraser).retract(message.id, "gone")
    bounce(stream, stream.sent[-1].wire_id, "unknown-condition")
    shown = part(pane, 1)
    assert shown is not None
    assert shown.words == "Not deleted for them: they may still see it"
    press(pane, 1, "Retry")
    assert part(pane, 1) is None
    bounce(stream, stream.sent[-1].wire_id)
    press(pane, 1, "Dismiss")
    assert part(pane, 1) is None
    assert pane.model.author_name(message) == "me"
    core.services.offer(Nicknames).set_own(stream.account_id, "Ali")
    assert pane.model.author_name(message) == "Ali", "as others read it, who get a copy"
    core.services.offer(Reactions).toggle(pane.model.message(0).id, "👍")
    bounce(stream, stream.extensions[-1][2])
    assert "Your reaction was not taken: nobody can be reached" in spoken(pane, 0)
    press(pane, 0, "Retry")
    assert "Your reaction" not in spoken(pane, 0)
    bounce(stream, stream.extensions[-1][2])
    press(pane, 0, "Dismiss")
    assert part(pane, 0) is None
