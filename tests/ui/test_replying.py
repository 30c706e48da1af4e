"""Answering on the screen: the strip, the quotation, going to what is answered; Ctrl+Shift+R, Esc."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.model.conversation import Conversation
from whimbrel.model.jid import JID
from whimbrel.model.message import Message, MessageId
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.conversation.quote_part import TINT, QuotePart, name_color
from whimbrel.ui.conversation.replying import Replying, said
from whimbrel.ui.theme.theme import Theme

BOB = "bob@example.org"
REPLY = "<reply xmlns='urn:xmpp:reply:0' id='{0}'/>"
FALLBACK = "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='{0}'/></fallback>"


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact(BOB, name="Bob Martens"))


@pytest.fixture
def pane(core: Core, bridge: Bridge, stream: FakeStream, qtbot: QtBot) -> ConversationPane:
    made = ConversationPane(core.services, bridge, conversation(core))
    qtbot.addWidget(made)
    made.resize(700, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def conversation(core: Core) -> Conversation:
    return core.services.conversations.open(core.services.accounts.list_accounts()[0].id, JID.parse(BOB))


def latest(core: Core) -> list[Message]:
    return core.services.conversations.latest(conversation(core).id, 50)


def replying(pane: ConversationPane) -> Replying:
    return next(one for one in pane.extensions if isinstance(one, Replying))


def quote_of(pane: ConversationPane, row: int) -> QuotePart | None:
    return next((part for part in pane.model.row(row).parts if isinstance(part, QuotePart)), None)


def send(pane: ConversationPane, text: str) -> None:
    pane.composer.editor.setPlainText(text)
    QTest.keyClick(pane.composer.editor, Qt.Key.Key_Return)


def answer_by_key(pane: ConversationPane) -> None:
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(pane.composer.editor, Qt.Key.Key_R, modifiers)


def test_the_keys_answer_the_last_of_theirs_and_escape_leaves(
    core: Core, stream: FakeStream, pane: ConversationPane
) -> None:
    stream.receive_message(f"{BOB}/x", "the early train?", id_="m1")
    send(pane, "hm")
    pane.composer.editor.setFocus()
    answer_by_key(pane)
    strip = replying(pane).strip
    assert strip.isVisible()
    assert strip.name.full_text() == "Reply to Bob Martens"
    assert strip.words.full_text() == "the early train?"
    assert pane.composer.editor.hasFocus()
    pane.composer.editor.setPlainText("half a thought")
    QTest.keyClick(pane.composer.editor, Qt.Key.Key_Escape)
    assert not strip.isVisible()
    assert pane.composer.editor.toPlainText() == "half a thought"
    send(pane, "no answer")
    assert [message.body for message in stream.sent] == ["hm", "no answer"]


def test_tab_and_enter_go_to_what_is_being_answered(stream: FakeStream, pane: ConversationPane) -> None:
    stream.receive_message(f"{BOB}/x", "the early train?", id_="m1")
    answer_by_key(pane)
    strip = replying(pane).strip
    asked: list[None] = []
    strip.pressed.connect(lambda: asked.append(None))
    for _ in range(30):
        if strip.hasFocus():
            break
        QTest.keyClick(QApplication.focusWidget() or pane, Qt.Key.Key_Tab)
    assert strip.hasFocus()
    at_rest = pane.grab().toImage()
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert len(asked) == 1
    assert strip.isVisible()
    QTest.keyClick(strip, Qt.Key.Key_Tab)
    assert strip.close_button.hasFocus()
    assert pane.grab().toImage() != at_rest
    QTest.keyClick(strip.close_button, Qt.Key.Key_Space)
    assert not strip.isVisible()
    assert pane.composer.editor.hasFocus()
    answer_by_key(pane)
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Escape)
    assert not strip.isVisible()
    assert pane.composer.editor.hasFocus()


def test_an_answer_shows_what_it_answers_and_goes_there(
    core: Core, stream: FakeStream, pane: ConversationPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream.receive_message(f"{BOB}/x", "the early train?", id_="m1")
    answer_by_key(pane)
    send(pane, "yes!")
    assert not replying(pane).strip.isVisible()
    assert stream.sent[-1].body == "> the early train?\nyes!"
    quote = quote_of(pane, 1)
    assert quote is not None
    assert (quote.name, quote.said, quote.address) == ("Bob Martens", "the early train?", BOB)
    assert "Reply to Bob Martens: the early train?" in pane.model.row(1).description
    send(pane, "and again")
    assert quote_of(pane, 2) is None, "one answer a time"
    gone_to: list[MessageId] = []
    monkeypatch.setattr(pane, "show_message", lambda message_id: not gone_to.append(message_id))
    pane.view.executeDelayedItemsLayout()
    (action,) = pane.view.bubble(1).actions
    assert action.rect is not None
    point = action.rect.center().toPoint() + QPoint(0, pane.view.row_top(1))
    QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert gone_to == [latest(core)[0].id]


def test_what_is_not_here_is_told_and_quoted_once_it_comes(
    core: Core, stream: FakeStream, pane: ConversationPane
) -> None:
    stream.receive_message(f"{BOB}/x", "> old words\nindeed", id_="m2", extra=REPLY.format("m1") + FALLBACK.format(12))
    stream.receive_message(f"{BOB}/x", "what?", id_="m3", extra=REPLY.format("m0"))
    pane.model.flush()
    first, second = quote_of(pane, 0), quote_of(pane, 1)
    assert first is not None
    assert second is not None
    assert (first.name, first.said, first.address) == ("", "old words", "")
    assert (second.name, second.said) == ("Original message not found", "")
    first.run()
    assert pane.error_box.isVisible()
    stream.receive_message(f"{BOB}/x", "old words, whole", id_="m1")
    pane.model.flush()
    first = quote_of(pane, 0)
    assert first is not None
    assert (first.name, first.said) == ("Bob Martens", "old words, whole")


def test_the_strip_follows_what_becomes_of_the_message(core: Core, stream: FakeStream, pane: ConversationPane) -> None:
    stream.receive_message(f"{BOB}/x", "tarin?", id_="m1")
    answer_by_key(pane)
    replace = "<replace xmlns='urn:xmpp:message-correct:0' id='m1'/>"
    stream.receive_message(f"{BOB}/x", "train?", id_="m2", extra=replace)
    assert replying(pane).strip.words.full_text() == "train?"
    stream.receive_message(f"{BOB}/x", None, extra="<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>")
    assert not replying(pane).strip.isVisible()


def test_the_menu_answers_what_has_an_id(core: Core, stream: FakeStream, pane: ConversationPane) -> None:
    stream.receive_message(f"{BOB}/x", "no id")
    stream.receive_message(f"{BOB}/x", "id", id_="m1")
    entries = [replying(pane).menu_entries(message)[0] for message in latest(core)]
    assert [(entry.label, entry.enabled) for entry in entries] == [("Reply", False), ("Reply", True)]
    entries[1].run()
    assert replying(pane).strip.isVisible()


def test_a_file_is_named_and_hostile_words_are_bounded(core: Core, stream: FakeStream) -> None:
    bodies = ["https://up.example/a/b%20c.png?x=1", "one\n\n two", "a" * 100_000 + "\x00"]
    for body in bodies:
        stream.receive_message(f"{BOB}/x", body)
    assert [said(message) for message in latest(core)] == ["b c.png", "one two", "a" * 300]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_names_can_be_read_on_bubbles(theme: Theme, mode: str) -> None:
    theme.set_mode(mode)
    tokens = Look.current().tokens
    for number in range(200):
        color = name_color(f"person{number}@example.org")
        for bubble in (tokens.bubble_in, tokens.bubble_out):
            assert contrast(color, blend(color, bubble, TINT / 255)) >= 4.5


def blend(over: QColor, under: QColor, part: float) -> QColor:
    pairs = zip(over.getRgbF()[:3], under.getRgbF()[:3], strict=True)  # type: ignore[index]
    return QColor.fromRgbF(*(above * part + below * (1 - part) for above, below in pairs))


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.1."""

    def luminance(color: QColor) -> float:
        parts = (color.redF(), color.greenF(), color.blueF())
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
