"""Reactions on the screen: chips under the bubble, the quick row, toggling, words for who cannot see them (S10)."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.offers.reactions import Reactions
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation.emoji_picker import EmojiPicker
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.conversation.quick_reactions import QUICK, QuickReactions
from whimbrel.ui.conversation.reacting import Reacting
from whimbrel.ui.conversation.reaction_part import Chip, ReactionPart
from whimbrel.ui.conversation.replying import Replying

BOB = "bob@example.org"


def reactions(about: str, *emoji: str) -> str:
    inside = "".join(f"<reaction>{one}</reaction>" for one in emoji)
    return f"<reactions xmlns='urn:xmpp:reactions:0' id='{about}'>{inside}</reactions>"


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact(BOB, name="Bob Martens"))


@pytest.fixture
def pane(core: Core, bridge: Bridge, stream: FakeStream, qtbot: QtBot) -> ConversationPane:
    account = core.services.accounts.list_accounts()[0]
    made = ConversationPane(core.services, bridge, core.services.conversations.open(account.id, JID.parse(BOB)))
    qtbot.addWidget(made)
    made.resize(700, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    stream.receive_message(f"{BOB}/x", "the early train?", id_="m1")
    made.model.flush()
    return made


def chips(pane: ConversationPane, row: int = 0) -> tuple[Chip, ...]:
    return next((part.chips for part in pane.model.row(row).parts if isinstance(part, ReactionPart)), ())


def quick_row(qtbot: QtBot) -> QuickReactions:
    def find() -> list[QuickReactions]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, QuickReactions) and one.isVisible()]

    qtbot.waitUntil(lambda: bool(find()))
    return find()[0]


def react_by_key(pane: ConversationPane) -> None:
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(pane.composer.editor, Qt.Key.Key_E, modifiers)


def test_chips_tell_who_gave_what_and_grow_the_row(stream: FakeStream, pane: ConversationPane) -> None:
    pane.view.executeDelayedItemsLayout()
    before = pane.view.bubble(0).height
    stream.receive_message(f"{BOB}/x", None, extra=reactions("m1", "👍", "😂"))
    pane.view.executeDelayedItemsLayout()
    assert [(chip.emoji, chip.names, chip.is_own) for chip in chips(pane)] == [
        ("👍", ("Bob Martens",), False),
        ("😂", ("Bob Martens",), False),
    ]
    assert pane.view.bubble(0).height > before
    assert "Reactions: 👍 from Bob Martens; 😂 from Bob Martens" in pane.model.row(0).description


def test_a_click_joins_and_takes_back(stream: FakeStream, pane: ConversationPane) -> None:
    stream.receive_message(f"{BOB}/x", None, extra=reactions("m1", "👍"))
    for expected in ((("Bob Martens", "You"), True), (("Bob Martens",), False)):
        pane.view.executeDelayedItemsLayout()
        (action,) = pane.view.bubble(0).actions
        assert action.rect is not None
        point = action.rect.center().toPoint() + QPoint(0, pane.view.row_top(0))
        QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
        ((names, is_own),) = [(chip.names, chip.is_own) for chip in chips(pane)]
        assert (names, is_own) == expected
    assert len(stream.extensions) == 2


def test_the_quick_row_works_by_keys(stream: FakeStream, pane: ConversationPane, qtbot: QtBot) -> None:
    react_by_key(pane)
    row = quick_row(qtbot)
    assert [button.accessibleName() for button in row.buttons] == [*QUICK, "More emoji"]
    QTest.keyClick(row, Qt.Key.Key_Right)
    QTest.keyClick(row, Qt.Key.Key_Return)
    assert [chip.emoji for chip in chips(pane)] == [QUICK[1]]
    react_by_key(pane)
    row = quick_row(qtbot)
    assert [button.isChecked() for button in row.buttons[:3]] == [False, True, False]
    QTest.keyClick(row, Qt.Key.Key_Escape)
    assert [chip.emoji for chip in chips(pane)] == [QUICK[1]]
    react_by_key(pane)
    QTest.keyClick(quick_row(qtbot), Qt.Key.Key_2)
    assert chips(pane) == ()


def test_all_other_emoji_come_from_the_picker(stream: FakeStream, pane: ConversationPane, qtbot: QtBot) -> None:
    react_by_key(pane)
    row = quick_row(qtbot)
    QTest.mouseClick(row.more_button, Qt.MouseButton.LeftButton)
    pickers = [one for one in QApplication.topLevelWidgets() if isinstance(one, EmojiPicker) and one.isVisible()]
    assert len(pickers) == 1
    pickers[0].picked.emit("🦉")
    pickers[0].close()
    assert [chip.emoji for chip in chips(pane)] == ["🦉"]
    assert pane.composer.editor.toPlainText() == ""


def test_one_emoji_is_one_chip_however_it_is_written(stream: FakeStream, pane: ConversationPane) -> None:
    stream.receive_message(f"{BOB}/x", None, extra=reactions("m1", "❤"))
    reacting = next(one for one in pane.extensions if isinstance(one, Reacting))
    offer = pane.services.offer(Reactions)
    offer.toggle(pane.model.message(0).id, "❤️")
    assert [(chip.emoji, chip.names, chip.is_own) for chip in chips(pane)] == [("❤", ("Bob Martens", "You"), True)]
    part = reacting.parts([pane.model.message(0)])[pane.model.message(0).id]
    assert isinstance(part, ReactionPart)
    part.toggle("❤")
    assert [(chip.names, chip.is_own) for chip in chips(pane)] == [(("Bob Martens",), False)]


def test_the_row_of_the_keyboard_is_meant(stream: FakeStream, pane: ConversationPane, qtbot: QtBot) -> None:
    stream.receive_message(f"{BOB}/x", "or the late one?", id_="m2")
    pane.model.flush()
    pane.view.setFocus()
    pane.view.setCurrentIndex(pane.model.index(0))
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(pane.view, Qt.Key.Key_E, modifiers)
    QTest.keyClick(quick_row(qtbot), Qt.Key.Key_1)
    assert [chip.emoji for chip in chips(pane)] == [QUICK[0]]
    QTest.keyClick(pane.view, Qt.Key.Key_R, modifiers)
    replying = next(one for one in pane.extensions if isinstance(one, Replying))
    assert replying.strip.words.full_text() == "the early train?"


def test_what_was_taken_back_has_no_chips(stream: FakeStream, pane: ConversationPane) -> None:
    stream.receive_message(f"{BOB}/x", None, extra=reactions("m1", "👍"))
    stream.receive_message(f"{BOB}/x", None, extra="<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>")
    assert chips(pane) == ()


@pytest.mark.parametrize("outgoing", [False, True])
def test_many_chips_stay_within_their_width(outgoing: bool) -> None:
    part = ReactionPart(tuple(Chip(chr(0x1F400 + number), ("Bob",), False) for number in range(40)))
    layout = part.lay_out(Look.current(), 200.0, outgoing=outgoing)
    assert layout.size.width() <= 200
    assert layout.size.height() > 100
