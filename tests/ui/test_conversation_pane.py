"""The conversation pane on the real core: writing, drafts, reading, retrying."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAccessible, QDesktopServices, QTextOption
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.model.account import ConnectionState
from whimbrel.model.contact import Availability
from whimbrel.model.conversation import Conversation
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Message
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation.failure import Aside
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.conversation.window import ConversationWindow

BOB = "bob@example.org"


class Scene:
    """A core with Bob among the contacts, and panes on it."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.core = Core(folder)
        self.stream: FakeStream = self.core.online(contact(BOB, name="Bob Martens"))
        self.bridge = Bridge(self.core.services.bus)
        self.qtbot = qtbot

    def conversation(self, address: str = BOB) -> Conversation:
        account = self.core.services.accounts.list_accounts()[0]
        opened = self.core.services.conversations.open(account.id, JID.parse(address))
        return self.core.services.conversations.find(opened.id) or opened

    def pane(self, address: str = BOB) -> ConversationPane:
        pane = ConversationPane(self.core.services, self.bridge, self.conversation(address))
        self.qtbot.addWidget(pane)
        pane.resize(700, 600)
        with self.qtbot.waitExposed(pane):
            pane.show()
        pane.activateWindow()
        self.qtbot.waitUntil(pane.isActiveWindow)
        return pane

    def write(self, pane: ConversationPane, text: str) -> None:
        pane.composer.editor.setPlainText(text)
        self.qtbot.keyClick(pane.composer.editor, Qt.Key.Key_Return)


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot) -> Iterator[Scene]:
    made = Scene(tmp_path, qtbot)
    yield made
    assert made.core.faults == []
    made.bridge.close()


def named(root: QWidget, kind: type[QWidget], name: str) -> QWidget:
    return next(w for w in root.findChildren(kind) if w.accessibleName() == name)


def test_enter_sends_and_clears_shift_enter_breaks_the_line(scene: Scene, qtbot: QtBot) -> None:
    pane = scene.pane()
    editor = pane.composer.editor
    qtbot.keyClicks(editor, "one")
    qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(editor, "two")
    height = editor.height()
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.toPlainText() == ""
    assert editor.height() < height
    assert pane.model.message(0).body == "one\ntwo"
    assert [message.body for message in scene.stream.sent] == ["one\ntwo"]
    qtbot.waitUntil(lambda: pane.model.message(0).state is DeliveryState.SENT)


def test_jumping_to_the_latest_is_there_for_assistive_technology(scene: Scene, qtbot: QtBot) -> None:
    pane = scene.pane()
    for number in range(30):
        scene.write(pane, f"line {number}")
    qtbot.keyClick(pane.view, Qt.Key.Key_Home)
    button = pane.view.jump_button
    qtbot.waitUntil(button.isVisible)
    corner = button.mapTo(pane, button.rect().bottomRight())
    viewport = pane.view.viewport()
    assert viewport.rect().contains(viewport.mapFrom(pane, corner))
    parent = QAccessible.queryAccessibleInterface(button).parent()
    assert any(parent.child(i).object() is button for i in range(parent.childCount()))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.isVisible()


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\u200b\u2060 \t"])
def test_a_message_of_nothing_is_not_sent(scene: Scene, text: str) -> None:
    pane = scene.pane()
    scene.write(pane, text)
    assert pane.model.rowCount() == 0
    assert scene.stream.sent == []


def paste(pane: ConversationPane, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    pane.composer.editor.insertFromMimeData(data)


def test_a_very_long_word_is_broken_anywhere(scene: Scene) -> None:
    """Between words Qt would look at all of it for each of its lines: 250,000 characters freeze it for ten seconds."""
    pane = scene.pane()
    editor = pane.composer.editor
    between_words = editor.wordWrapMode()
    for text, mode in (
        ("a" * 50_000, QTextOption.WrapMode.WrapAnywhere),
        ("word " * 5_000, between_words),
        ("汉字" * 2_000, between_words),
    ):
        editor.clear()
        paste(pane, text)
        assert editor.toPlainText() == text
        assert editor.wordWrapMode() == mode
        assert editor.document().size().height() > 50


def test_what_is_too_long_for_a_message_is_said_and_not_lost(scene: Scene, qtbot: QtBot) -> None:
    pane = scene.pane()
    editor, box = pane.composer.editor, pane.composer.error_box
    paste(pane, "first ")
    paste(pane, "a" * 300_000)
    assert editor.toPlainText() == "first "
    assert "not pasted" in box.label.text()
    paste(pane, "b" * 250_000)
    assert not box.isVisible()
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert len(scene.stream.sent) == 1
    assert pane.composer.take_back("<" * 80_000)  # a message that came back
    assert "smaller parts" in box.label.text()
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.toPlainText() == "<" * 80_000
    assert len(scene.stream.sent) == 1
    editor.setPlainText("<" * 8_000)
    assert not box.isVisible()
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert len(scene.stream.sent) == 2


def test_a_full_disk_keeps_what_was_typed_and_says_so(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    pane = scene.pane()

    def full(*_: object) -> None:
        raise KnownError(ErrorKind.DISK_FULL)

    with monkeypatch.context() as patched:
        patched.setattr(scene.core.services.outbox, "submit", full)
        scene.write(pane, "important")
        assert pane.composer.editor.toPlainText() == "important"
        assert pane.composer.error_box.isVisible()
    scene.qtbot.keyClick(pane.composer.editor, Qt.Key.Key_Return)
    assert pane.composer.editor.toPlainText() == ""
    assert not pane.composer.error_box.isVisible()


def test_a_draft_survives_and_is_gone_once_sent(scene: Scene) -> None:
    pane = scene.pane()
    pane.composer.editor.setPlainText("half a thou")
    pane.hide()
    again = scene.pane()
    assert again.composer.editor.toPlainText() == "half a thou"
    scene.qtbot.keyClick(again.composer.editor, Qt.Key.Key_Return)
    again.hide()
    assert scene.core.services.conversations.draft(again.conversation.id) == ""


def test_a_draft_that_was_sent_elsewhere_is_not_offered_again(scene: Scene) -> None:
    pane = scene.pane()
    pane.composer.editor.setPlainText("only once")
    pane.hide()
    other = scene.pane()
    scene.qtbot.keyClick(other.composer.editor, Qt.Key.Key_Return)
    pane.show()
    assert pane.composer.editor.toPlainText() == ""


def test_a_pane_outlives_its_account(scene: Scene) -> None:
    pane = scene.pane()
    pane.composer.editor.setPlainText("too late")
    scene.core.base.stores.accounts.remove_account(pane.conversation.account_id)
    pane.close_quietly()
    assert pane.composer.editor.toPlainText() == "too late"


def test_a_draft_is_kept_soon_after_typing(scene: Scene, qtbot: QtBot) -> None:
    pane = scene.pane()
    qtbot.keyClicks(pane.composer.editor, "abc")
    qtbot.waitUntil(lambda: scene.core.services.conversations.draft(pane.conversation.id) == "abc")


def test_pasting_takes_the_plain_text_only(scene: Scene) -> None:
    editor = scene.pane().composer.editor
    mime = QMimeData()
    mime.setHtml("<b>bold</b><img src='file:///etc/passwd'>")
    mime.setText("bold")
    editor.insertFromMimeData(mime)
    assert editor.toPlainText() == "bold"


def test_the_editor_grows_to_eight_lines(scene: Scene) -> None:
    editor = scene.pane().composer.editor
    one = editor.height()
    editor.setPlainText("\n" * 7)
    eight = editor.height()
    editor.setPlainText("x\n" * 500)
    assert one < eight == editor.height()


def test_an_emoji_is_written_by_its_name(scene: Scene, qtbot: QtBot) -> None:
    editor = scene.pane().composer.editor
    qtbot.keyClicks(editor, "well done :tada: at 12:30:15 :nonsense:")
    assert editor.toPlainText() == "well done 🎉 at 12:30:15 :nonsense:"


def test_reading_clears_the_unread_count_and_being_away_does_not(scene: Scene, qtbot: QtBot) -> None:
    scene.stream.receive_message(BOB, "one")
    assert scene.core.services.unread.total() == 1
    pane = scene.pane()
    qtbot.waitUntil(lambda: scene.core.services.unread.total() == 0)
    scene.stream.receive_message(BOB, "two")
    assert scene.core.services.unread.total() == 0
    pane.hide()
    scene.stream.receive_message(BOB, "three")
    assert scene.core.services.unread.total() == 1


def test_being_read_follows_the_window_that_holds_it(scene: Scene, qtbot: QtBot) -> None:
    pane = scene.pane()
    holder, other = QWidget(), QWidget()
    QVBoxLayout(holder).addWidget(pane)
    for window in (holder, other):
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
    for window, viewed in ((holder, True), (other, False), (holder, True)):
        window.activateWindow()
        qtbot.waitUntil(lambda v=viewed: scene.core.services.unread.is_viewed(pane.conversation.id) is v)
    pane.setParent(None)  # or it would be deleted with its holder, before it is closed


def test_the_head_follows_presence_and_the_roster(scene: Scene) -> None:
    pane = scene.pane()
    scene.stream.presence(f"{BOB}/phone", Availability.AWAY, "back at three")
    assert pane.header.name.full_text() == "Bob Martens"
    assert pane.header.status.full_text() == "Away · back at three"
    assert not pane.stranger_bar.isVisible()
    scene.stream.lose()
    assert pane.header.status.full_text() != "Away · back at three"


def test_the_head_opens_details_by_click_and_by_keyboard(scene: Scene, qtbot: QtBot) -> None:
    pane = scene.pane()
    button = named(pane, QAbstractButton, "Contact details…")
    middle = pane.header.name.mapTo(pane, pane.header.name.rect().center())
    assert pane.childAt(middle) is button  # over the name, and over the avatar
    for press in (
        lambda: qtbot.mouseClick(button, Qt.MouseButton.LeftButton),
        lambda: qtbot.keyClick(button, Qt.Key.Key_Return),
        lambda: qtbot.keyClick(button, Qt.Key.Key_Space),
    ):
        with qtbot.waitSignal(pane.details_requested):
            press()
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert not scene.pane("stranger@example.net").header.person_button.isVisible()
    assert not scene.pane(
        str(scene.core.services.accounts.list_accounts()[0].jid)
    ).header.person_button.isVisible()  # notes to self


def test_a_stranger_can_be_added(scene: Scene, qtbot: QtBot) -> None:
    pane = scene.pane("stranger@example.net")
    assert pane.stranger_bar.isVisible()
    with qtbot.waitSignal(pane.add_contact_requested) as asked:
        named(pane, QAbstractButton, "Add contact…").click()  # type: ignore[attr-defined]
    assert asked.args == [JID.parse("stranger@example.net")]


def test_a_stranger_is_not_said_to_be_offline(scene: Scene) -> None:
    assert scene.pane("stranger@example.net").header.status.full_text() == ""
    assert scene.pane().header.status.full_text() == "Offline"


def test_the_head_says_reconnecting_after_having_been_online(scene: Scene) -> None:
    pane = scene.pane()
    scene.stream.lose()
    scene.stream.set_status(ConnectionState.CONNECTING)
    assert pane.header.status.full_text() == "Reconnecting…"
    scene.stream.set_status(ConnectionState.WAITING, KnownError(ErrorKind.SERVER_SHUTDOWN))
    scene.stream.set_status(ConnectionState.CONNECTING)
    assert pane.header.status.full_text() == "Provider is restarting"


def test_only_checked_links_leave_the_program(scene: Scene, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    pane = scene.pane()
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    for url in ("file:///etc/passwd", "javascript:alert(1)", "https://example.org/", "mailto:a@b.example"):
        pane.view.link_activated.emit(url)
    assert opened == ["https://example.org/", "mailto:a@b.example"]
    with qtbot.waitSignal(pane.xmpp_link_activated) as asked:
        pane.view.link_activated.emit("xmpp:bob@example.org")
    assert asked.args == ["xmpp:bob@example.org"]


def test_a_failed_message_is_sent_again_or_discarded(scene: Scene, qtbot: QtBot) -> None:
    pane = scene.pane()
    scene.stream.acknowledges = False
    scene.write(pane, "lost")
    sent = scene.stream.sent[0]
    error = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    scene.stream.receive_message(BOB, None, type_="error", id_=sent.wire_id, extra=error)
    qtbot.waitUntil(lambda: pane.model.message(0).state is DeliveryState.FAILED)
    pane.view.retry_requested.emit(pane.model.message(0).id)
    qtbot.waitUntil(lambda: pane.model.message(0).state is not DeliveryState.FAILED)
    assert len(scene.stream.sent) == 2
    scene.stream.receive_message(BOB, None, type_="error", id_=scene.stream.sent[1].wire_id, extra=error)
    qtbot.waitUntil(lambda: pane.model.message(0).state is DeliveryState.FAILED)
    pane.view.discard_requested.emit(pane.model.message(0).id)
    assert pane.model.rowCount() == 0


ERROR = "<error type='cancel'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"


def fail_one(scene: Scene, pane: ConversationPane, text: str) -> Message:
    """Write a message that comes back."""
    scene.stream.acknowledges = False
    scene.write(pane, text)
    pane.model.flush()
    scene.stream.receive_message(BOB, None, type_="error", id_=scene.stream.sent[-1].wire_id, extra=ERROR)
    last = pane.model.message(pane.model.rowCount() - 1)
    assert last.state is DeliveryState.FAILED
    return last


def test_a_failed_message_is_taken_back_beneath_what_is_being_written(scene: Scene) -> None:
    pane = scene.pane()
    failed = fail_one(scene, pane, "first\nsecond")
    pane.composer.editor.setPlainText("a draft ")
    pane.view.edit_requested.emit(failed.id)
    assert pane.composer.editor.toPlainText() == "a draft\n\nfirst\nsecond"
    assert scene.core.services.conversations.draft(pane.conversation.id) == "a draft\n\nfirst\nsecond"
    assert pane.model.rowCount() == 0
    pane.composer.editor.undo()
    assert pane.composer.editor.toPlainText() == "a draft "


def test_a_failed_message_stays_where_its_text_cannot_be_kept(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    pane = scene.pane()
    failed = fail_one(scene, pane, "important")

    def full(*_: object) -> None:
        raise KnownError(ErrorKind.DISK_FULL)

    monkeypatch.setattr(scene.core.services.conversations, "set_draft", full)
    pane.view.edit_requested.emit(failed.id)
    assert pane.model.message(0).id == failed.id
    assert pane.composer.editor.toPlainText() == "important"
    assert pane.composer.error_box.isVisible()


def test_a_failed_message_is_discarded_only_once_that_is_confirmed(scene: Scene, qtbot: QtBot) -> None:
    pane = scene.pane()
    fail_one(scene, pane, "lost")
    pane.view.setFocus()
    qtbot.keyClick(pane.view, Qt.Key.Key_End)
    qtbot.keyClick(pane.view, Qt.Key.Key_Delete)
    assert pane.model.rowCount() == 1
    qtbot.keyClick(pane.view, Qt.Key.Key_Right)  # to Keep
    qtbot.keyClick(pane.view, Qt.Key.Key_Return)
    assert pane.model.rowCount() == 1
    qtbot.keyClick(pane.view, Qt.Key.Key_Delete)
    qtbot.keyClick(pane.view, Qt.Key.Key_Return)
    assert pane.model.rowCount() == 0


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("QListView", "Messages"),
        ("QPlainTextEdit", "Message"),
        ("QPushButton", "Send"),
        ("QPushButton", "Attach"),
        ("QPushButton", "Emoji"),
    ],
)
def test_everything_has_its_name(scene: Scene, kind: str, name: str) -> None:
    pane = scene.pane()
    found: list[Any] = [w for w in pane.findChildren(QWidget) if w.accessibleName() == name and w.inherits(kind)]
    assert len(found) == 1


def test_a_window_of_its_own_closes_with_esc_and_keeps_the_draft(scene: Scene, qtbot: QtBot) -> None:
    conversation = scene.conversation()
    window = ConversationWindow(scene.core.services, scene.bridge, conversation)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.windowTitle() == "Bob Martens"
    qtbot.keyClicks(window.pane.composer.editor, "later")
    with qtbot.waitSignal(window.closed):
        qtbot.keyClick(window.pane.composer.editor, Qt.Key.Key_Escape)
    assert scene.core.services.conversations.draft(conversation.id) == "later"


def test_escape_takes_a_question_back_before_it_closes_the_window(scene: Scene, qtbot: QtBot) -> None:
    window = ConversationWindow(scene.core.services, scene.bridge, scene.conversation())
    qtbot.addWidget(window)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    view = window.pane.view
    failed = fail_one(scene, window.pane, "lost")
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_End)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert view.bubbles.asides[failed.id] is Aside.CONFIRM
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert view.bubbles.asides[failed.id] is Aside.NONE
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not window.isVisible()
