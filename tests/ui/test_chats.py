"""The list *Chats*: order, unread counts, search, names for assistive technology."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
import shiboken6
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.model.account import AccountId
from whimbrel.model.contact import Availability, Contact
from whimbrel.model.conversation import FOREVER, Conversation, ConversationId
from whimbrel.model.events import AccountRemoved
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.chats.list import ChatsList, look_of
from whimbrel.ui.delegates.rows import row_height
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.models.chat import Chat
from whimbrel.ui.models.chats import ChatsFilter, ChatsModel
from whimbrel.ui.theme.theme import Theme


@pytest.fixture
def stream(core: Core) -> FakeStream:
    """An account online with Bob and Lili."""
    account = core.add_account("alice@example.org")
    stream = core.stream(account.id)
    stream.go_online(
        Contact(account.id, JID.parse("bob@example.org"), "Bob Martens"),
        Contact(account.id, JID.parse("lili@example.org"), "莉莉"),
    )
    return stream


@pytest.fixture
def model(core: Core, bridge: Bridge, stream: FakeStream) -> Iterator[ChatsModel]:
    """The model, watched for every fault that a view would trip over."""
    model = ChatsModel(core.services, bridge)
    proxy = ChatsFilter()
    proxy.setSourceModel(model)
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    testers = [QAbstractItemModelTester(each, fatal) for each in (model, proxy)]
    yield model
    for each in (*testers, proxy, model):  # in this order, not in the garbage collector's
        shiboken6.delete(each)


def _labels(model: ChatsModel) -> list[str]:
    return [chat.label for chat in model.chats()]


def test_the_latest_is_first_and_pinned_ones_above(
    core: Core, stream: FakeStream, model: ChatsModel, qtbot: QtBot
) -> None:
    for who in ("bob@example.org", "lili@example.org", "stranger@example.net"):
        stream.receive_message(f"{who}/x", "hello")
    qtbot.waitUntil(lambda: _labels(model) == ["stranger@example.net", "莉莉", "Bob Martens"])
    stream.receive_message("bob@example.org/x", "again")
    qtbot.waitUntil(lambda: _labels(model) == ["Bob Martens", "stranger@example.net", "莉莉"])
    core.services.conversations.set_pinned(model.chats()[2].conversation.id, True)
    qtbot.waitUntil(lambda: _labels(model) == ["莉莉", "Bob Martens", "stranger@example.net"])


def test_unread_is_counted_and_cleared(core: Core, stream: FakeStream, model: ChatsModel, qtbot: QtBot) -> None:
    for text in ("one", "two"):
        stream.receive_message("bob@example.org/x", text)
    stream.receive_message("lili@example.org/x", "three")
    qtbot.waitUntil(lambda: model.unread == 3)
    core.services.unread.mark_read(next(c for c in model.chats() if c.label == "Bob Martens").conversation.id)
    qtbot.waitUntil(lambda: model.unread == 1)


def test_a_burst_reaches_the_view_as_one(stream: FakeStream, model: ChatsModel, qtbot: QtBot) -> None:
    changes: list[str] = []
    model.rowsInserted.connect(lambda *_: changes.append("inserted"))
    model.dataChanged.connect(lambda *_: changes.append("changed"))
    model.rowsMoved.connect(lambda *_: changes.append("moved"))
    for number in range(50):
        stream.receive_message("bob@example.org/x", str(number))
    qtbot.waitUntil(lambda: model.unread == 50)
    assert changes == ["inserted"]


def test_many_chats_at_once_are_in_order_and_keep_the_current_one(
    stream: FakeStream, model: ChatsModel, qtbot: QtBot
) -> None:
    stream.receive_message("bob@example.org/x", "first")
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    current = QPersistentModelIndex(model.index(0))
    for number in range(40):
        stream.receive_message(f"friend{number}@example.org/x", "hello")
    stream.receive_message("lili@example.org/x", "last")
    qtbot.waitUntil(lambda: model.rowCount() == 42)
    expected = ["莉莉", *(f"friend{number}@example.org" for number in range(39, -1, -1)), "Bob Martens"]
    assert _labels(model) == expected
    assert current.row() == 41
    for number in range(20):
        stream.receive_message(f"friend{number}@example.org/x", "again")
    qtbot.waitUntil(lambda: model.unread == 62)
    assert _labels(model)[0] == "friend19@example.org"
    assert (current.row(), model.rowCount()) == (41, 42)


def test_a_row_says_all_to_assistive_technology(stream: FakeStream, model: ChatsModel, qtbot: QtBot) -> None:
    stream.presence("bob@example.org/x", Availability.AWAY)
    stream.receive_message("bob@example.org/x", "Lunch?")
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    index = model.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Bob Martens"
    description = index.data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert description.startswith("Away, ")
    assert "unread" in description
    assert "Lunch?" in description


ERROR = "<error type='cancel'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"


def test_what_was_not_sent_is_said_until_it_is_dealt_with(
    core: Core, stream: FakeStream, model: ChatsModel, qtbot: QtBot
) -> None:
    bob, stream.acknowledges = "bob@example.org", False
    conversation = core.services.conversations.open(stream.account_id, JID.parse(bob))
    messages = [core.services.outbox.submit(conversation.id, text) for text in ("one", "two")]
    qtbot.waitUntil(lambda: len(stream.sent) == 2)
    stream.receive_message(f"{bob}/x", "theirs")
    qtbot.waitUntil(lambda: model.rowCount() == 1)

    def said() -> tuple[int, bool, object]:
        index = model.index(0)
        description = index.data(Qt.ItemDataRole.AccessibleDescriptionRole)
        tip = index.data(Qt.ItemDataRole.ToolTipRole)
        return model.chats()[0].conversation.failed, "Not sent, " in description, tip

    def bounce(number: int) -> None:
        stream.receive_message(bob, None, type_="error", id_=stream.sent[number].wire_id, extra=ERROR)

    for number in range(2):
        bounce(number)
    qtbot.waitUntil(lambda: said() == (2, True, "Not sent"))
    core.services.outbox.retry(messages[0].id)
    qtbot.waitUntil(lambda: said() == (1, True, "Not sent"))
    core.services.outbox.discard(messages[1].id)
    qtbot.waitUntil(lambda: said() == (0, False, None))
    bounce(-1)
    qtbot.waitUntil(lambda: said() == (1, True, "Not sent"))
    assert core.services.conversations.list_conversations()[0].failed == 1


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_was_not_sent_shows_in_the_colour_of_errors(
    core: Core, bridge: Bridge, stream: FakeStream, theme: Theme, mode: Literal["light", "dark"], qtbot: QtBot
) -> None:
    theme.set_mode(mode)
    stream.receive_message("bob@example.org/x", "hello")
    view = ChatsList(core.services, bridge)
    qtbot.addWidget(view)
    view.resize(300, 80)

    def shows_error() -> bool:
        image = view.grab().toImage()
        end = [image.pixelColor(x, y) for x in range(200, 300) for y in range(row_height())]
        return any(abs(color.hue() - theme.tokens.error.hue()) < 3 and color.saturation() > 100 for color in end)

    assert not shows_error()
    conversation = view.shown()[0]
    stream.acknowledges = False
    message = core.services.outbox.submit(conversation.id, "mine")
    stream.receive_message("bob@example.org", None, type_="error", id_=message.wire_id, extra=ERROR)
    qtbot.waitUntil(shows_error)


def test_names_and_presence_follow(core: Core, stream: FakeStream, model: ChatsModel, qtbot: QtBot) -> None:
    stream.receive_message("bob@example.org/x", "hi")
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    core.services.roster.rename(stream.account_id, JID.parse("bob@example.org"), "Robert")
    stream.presence("bob@example.org/x", Availability.BUSY)
    qtbot.waitUntil(lambda: (model.chats()[0].label, model.chats()[0].availability) == ("Robert", Availability.BUSY))
    stream.lose()
    qtbot.waitUntil(lambda: model.chats()[0].availability is None)


def test_an_account_takes_its_chats_along(core: Core, stream: FakeStream, model: ChatsModel, qtbot: QtBot) -> None:
    stream.receive_message("bob@example.org/x", "hi")
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    core.base.stores.accounts.remove_account(stream.account_id)
    core.services.bus.publish(AccountRemoved(AccountId(stream.account_id)))
    assert (model.rowCount(), model.unread) == (0, 0)


def test_search_keys_and_menu(core: Core, bridge: Bridge, stream: FakeStream, qtbot: QtBot) -> None:
    for who in ("bob@example.org", "lili@example.org"):
        stream.receive_message(f"{who}/x", "hello")
    view = ChatsList(core.services, bridge)
    qtbot.addWidget(view)
    assert view.accessibleName() == "Chats"
    view.resize(300, 400)
    with qtbot.waitExposed(view):
        view.show()
    view.set_filter("MART")
    assert [str(c.jid) for c in view.shown()] == ["bob@example.org"]
    view.set_filter("lili@")
    assert [str(c.jid) for c in view.shown()] == ["lili@example.org"]
    view.setCurrentIndex(view.model().index(0, 0))
    with qtbot.waitSignal(view.conversation_requested):
        qtbot.keyClick(view, Qt.Key.Key_Return)
    spot = view.visualRect(view.model().index(0, 0)).center()
    view.select(None)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=spot)
    assert not view.selectedIndexes(), "a menu marks nothing as open"
    with qtbot.waitSignal(view.window_requested):
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    menu = view.make_menu(view.shown()[0])
    actions = {action.text(): action for action in menu.actions() if action.text()}
    assert list(actions)[:4] == ["Open conversation", "Open in new window", "Pin", "Mark as read"]
    assert list(actions)[-2:] == ["Export conversation…", "Delete conversation…"]
    actions["Mark as read"].trigger()
    assert core.services.unread.total() == 1
    menu.close()


def test_empty_lists_and_odd_names_paint(core: Core, bridge: Bridge, stream: FakeStream, qtbot: QtBot) -> None:
    view = ChatsList(core.services, bridge)
    qtbot.addWidget(view)
    view.resize(240, 200)
    assert not view.grab().isNull()
    assert not view.open_first()
    name = "אבגד <b>&amp;</b>\n" + "x" * 10_000
    core.services.roster.rename(stream.account_id, JID.parse("bob@example.org"), name)
    stream.receive_message("bob@example.org/x", "long " * 20_000)
    qtbot.waitUntil(lambda: view.chats.rowCount() == 1)
    assert not view.grab().isNull()
    assert view.chats.chats()[0].conversation.last_activity <= datetime.now(UTC)  # type: ignore[operator]


COMPOSING = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"


def _chat(model: ChatsModel, label: str) -> Chat:
    return next(chat for chat in model.chats() if chat.label == label)


def test_drafts_and_typing_take_the_place_of_the_preview(
    core: Core, stream: FakeStream, model: ChatsModel, qtbot: QtBot
) -> None:
    stream.receive_message("bob@example.org/x", "Lunch?")
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    bob = _chat(model, "Bob Martens")
    core.services.conversations.set_draft(bob.conversation.id, "At the\nharbour")
    qtbot.waitUntil(lambda: (bob.lead, bob.second) == ("Draft:", "At the harbour"))
    assert "Draft: At the harbour" in bob.description
    stream.receive_message("bob@example.org/x", None, extra=COMPOSING)
    assert (bob.lead, bob.second) == ("", "typing…")
    stream.receive_message("bob@example.org/x", "Well?")
    assert (bob.lead, bob.is_typing) == ("Draft:", False)
    model.set_open(bob.conversation.id)
    qtbot.waitUntil(lambda: (bob.lead, bob.second) == ("", "Well?"))
    model.set_open(None)
    assert bob.lead == "Draft:"


def test_the_preview_says_who_does_what(core: Core, stream: FakeStream, model: ChatsModel, qtbot: QtBot) -> None:
    stream.receive_message("bob@example.org/x", "/me waves")
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    bob = _chat(model, "Bob Martens")
    assert bob.second == "Bob Martens waves"
    core.services.outbox.submit(bob.conversation.id, "نعم!")
    qtbot.waitUntil(lambda: bob.second == "You: \u2068نعم!\u2069")


def test_what_is_put_away_is_behind_an_entry_at_the_end(
    core: Core, bridge: Bridge, stream: FakeStream, model: ChatsModel, qtbot: QtBot
) -> None:
    for who in ("bob@example.org", "lili@example.org", "stranger@example.net"):
        stream.receive_message(f"{who}/x", "hello")
    view = ChatsList(core.services, bridge)
    qtbot.addWidget(view)
    view.resize(300, 400)
    with qtbot.waitExposed(view):
        view.show()
    conversations = core.services.conversations
    bob = view.shown()[2]

    def shown() -> list[str]:
        rows = view.model().rowCount()
        return [view.model().index(row, 0).data() for row in range(rows)]

    conversations.set_pinned(bob.id, True)
    conversations.set_archived(bob.id, True)
    qtbot.waitUntil(lambda: shown() == ["stranger@example.net", "莉莉", "Archived"])
    assert [str(c.jid) for c in view.shown()] == ["stranger@example.net", "lili@example.org"]
    entry = view.model().index(2, 0)
    assert entry.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "1, 1 unread, folded"
    core.services.unread.mark_read(bob.id)
    qtbot.waitUntil(lambda: entry.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "1, folded")
    view.setCurrentIndex(entry)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert shown() == ["stranger@example.net", "莉莉", "Archived", "Bob Martens"]
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert shown() == ["stranger@example.net", "莉莉", "Archived"]
    assert not view.grab().isNull()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(entry).center())
    assert shown()[-1] == "Bob Martens"
    view.unfold(False)
    view.set_filter("bob")
    assert shown() == ["Bob Martens"], "a search finds it all the same"
    view.set_filter("")
    stream.receive_message("bob@example.org/x", "again")
    qtbot.waitUntil(lambda: shown() == ["Bob Martens", "stranger@example.net", "莉莉"])
    assert model.rowCount() == 3


def test_muted_chats_do_not_count_until_the_time_is_over(
    core: Core, stream: FakeStream, model: ChatsModel, qtbot: QtBot
) -> None:
    for who in ("bob@example.org", "lili@example.org"):
        stream.receive_message(f"{who}/x", "hello")
    qtbot.waitUntil(lambda: model.unread == 2)
    bob, lili = (_chat(model, label) for label in ("Bob Martens", "莉莉"))
    core.services.conversations.set_muted(bob.conversation.id, FOREVER)
    core.services.conversations.set_muted(lili.conversation.id, datetime.now(UTC) + timedelta(milliseconds=300))
    qtbot.waitUntil(lambda: model.unread == 0)
    assert "Muted" in bob.description
    assert "Muted until" in lili.description
    assert model.index(model.find(bob.conversation.id)).data(Qt.ItemDataRole.ToolTipRole) == "Muted"
    assert "1 unread" in bob.description.lower()
    qtbot.waitUntil(lambda: model.unread == 1)
    assert (bob.is_muted, lili.is_muted) == (True, False)
    core.services.conversations.set_archived(lili.conversation.id, True)
    qtbot.waitUntil(lambda: model.unread == 0)


def test_marked_chats_count_and_say_so(core: Core, stream: FakeStream, model: ChatsModel, qtbot: QtBot) -> None:
    stream.receive_message("bob@example.org/x", "hello")
    qtbot.waitUntil(lambda: model.unread == 1)
    bob = _chat(model, "Bob Martens").conversation.id
    core.services.unread.mark_read(bob)
    qtbot.waitUntil(lambda: model.unread == 0)
    core.services.unread.mark_unread(bob)
    qtbot.waitUntil(lambda: model.unread == 1)
    assert "marked as unread" in _chat(model, "Bob Martens").description


def test_the_menu_keeps_what_is_chosen(core: Core, bridge: Bridge, stream: FakeStream, qtbot: QtBot) -> None:
    stream.receive_message("bob@example.org/x", "hello")
    view = ChatsList(core.services, bridge)
    qtbot.addWidget(view)
    bob = view.shown()[0].id
    away: list[ConversationId] = []
    view.put_away_requested.connect(lambda conversation: away.append(conversation.id))

    def actions() -> dict[str, QAction]:
        conversation = core.services.conversations.find(bob)
        assert conversation is not None
        menu = view.make_menu(conversation)
        found = {action.text(): action for action in menu.actions()}
        mute = found["Mute"].menu() if "Mute" in found else None
        return {**found, **({action.text(): action for action in mute.actions()} if mute is not None else {})}

    def found() -> Conversation:
        conversation = core.services.conversations.find(bob)
        assert conversation is not None
        return conversation

    actions()["Mark as read"].trigger()
    actions()["Mark as unread"].trigger()
    assert (found().marked_unread, away) == (True, [bob])
    actions()["Mark as read"].trigger()
    actions()["For 8 hours"].trigger()
    assert abs(found().muted_until - datetime.now(UTC) - timedelta(hours=8)) < timedelta(minutes=5)  # type: ignore[operator]
    unmute = next(words for words in actions() if words.startswith("Unmute (muted until "))
    actions()[unmute].trigger()
    actions()["Until tomorrow"].trigger()
    until = found().muted_until
    assert until is not None
    assert until.astimezone().hour == 8
    core.services.conversations.set_muted(bob, None)
    actions()["Until I turn it on again"].trigger()
    assert found().muted_until == FOREVER
    actions()["Unmute"].trigger()
    actions()["Archive"].trigger()
    assert (found().archived, found().muted_until, away) == (True, None, [bob, bob])
    actions()["Unarchive"].trigger()
    assert not found().archived


def test_keys_do_what_the_lines_of_the_menu_do(
    core: Core, window: MainWindow, stream: FakeStream, qtbot: QtBot
) -> None:
    stream.receive_message("bob@example.org/x", "hello")
    stream.receive_message("lili@example.org/x", "hello")
    assert window.conductor is not None
    view = window.conductor.view
    assert view is not None
    chats = view.left.chats
    qtbot.waitUntil(lambda: len(chats.shown()) == 2)
    bob = next(chat for chat in chats.shown() if chat.jid.local == "bob")

    def press(key: Qt.Key) -> Conversation:
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        qtbot.keyClick(QApplication.focusWidget() or window, key, both)
        found = core.services.conversations.find(bob.id)
        assert found is not None
        return found

    view.open(bob.account_id, bob.jid)  # what shows is meant, wherever the keyboard is but in the list
    qtbot.waitUntil(lambda: view.left.chats.chats.unread == 1)
    assert press(Qt.Key.Key_P).pinned
    assert press(Qt.Key.Key_L).marked_unread
    assert view.area.current is None

    def focus_bob() -> None:
        def bobs() -> QModelIndex:
            indexes = (chats.model().index(row, 0) for row in range(2))
            return next(index for index in indexes if index.data() == "Bob Martens")

        view.left.tabs.setCurrentIndex(0)
        chats.setFocus()
        chats.setCurrentIndex(bobs())
        qtbot.waitUntil(chats.hasFocus)

    focus_bob()
    assert not press(Qt.Key.Key_P).pinned
    focus_bob()
    press(Qt.Key.Key_M)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    muted = core.services.conversations.find(bob.id)
    assert muted is not None
    assert muted.is_muted(datetime.now(UTC) + timedelta(hours=7))
    focus_bob()
    assert press(Qt.Key.Key_M).muted_until is None
    assert press(Qt.Key.Key_A).archived
    qtbot.waitUntil(lambda: [chat.jid.local for chat in chats.shown()] == ["lili"])
    assert chats.currentIndex().data() == "莉莉", "the keyboard is at the next one"


def test_notes_to_oneself_have_a_name(core: Core, stream: FakeStream, model: ChatsModel, qtbot: QtBot) -> None:
    conversation = core.services.conversations.open(stream.account_id, JID.parse("alice@example.org"))
    stream.acknowledges = False
    core.services.outbox.submit(conversation.id, "buy oranges")
    qtbot.waitUntil(lambda: _labels(model) == ["Notes to self"])
    assert model.chats()[0].availability is None
    assert (look_of(model.chats()[0]).emblem, model.chats()[0].second) == ("bookmark", "buy oranges")
