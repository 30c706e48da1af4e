"""The main window: pages, keys, names, closing, what is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream
from tests.ui.conftest import RecordingNotifier

from whimbrel.model.account import ConnectionSettings
from whimbrel.model.contact import Contact
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed, StorageFailed
from whimbrel.model.jid import JID
from whimbrel.platform.settings import Settings
from whimbrel.ui import main_window
from whimbrel.ui.contacts.request_dialog import RequestDialog
from whimbrel.ui.conversation.editor import MessageEditor
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.conversation_area import MOST_KEPT
from whimbrel.ui.main_view import MainView
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.models.chats import ChatRole
from whimbrel.ui.theme.theme import Theme
from whimbrel.ui.tray import tray_icon

CONTROL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
BOB, LILI = JID.parse("bob@example.org"), JID.parse("lili@example.org")


@pytest.fixture
def stream(window: MainWindow, core: Core) -> FakeStream:
    """Alice online with Bob and Lili."""
    account = core.add_account("alice@example.org")
    stream = core.stream(account.id)
    stream.go_online(Contact(account.id, BOB, "Bob"), Contact(account.id, LILI, "莉莉"))
    return stream


@pytest.fixture
def view(window: MainWindow, stream: FakeStream, qtbot: QtBot) -> MainView:
    """The main view with three chats: a stranger's (the latest), Lili's, Bob's; all unread."""
    for who in ("bob@example.org", "lili@example.org", "stranger@example.net"):
        stream.receive_message(f"{who}/x", "hello")
    assert window.conductor is not None
    found = window.conductor.view
    assert found is not None
    qtbot.waitUntil(lambda: len(found.left.chats.shown()) == 3)
    return found


def _named(parent: QWidget, kind: type[QWidget], name: str) -> list[QWidget]:
    return [w for w in parent.findChildren(kind) if w.accessibleName() == name and w.isVisible()]


def _dialog(qtbot: QtBot, name: str) -> QDialog:
    def find() -> list[QDialog]:
        widgets = QApplication.topLevelWidgets()
        return [w for w in widgets if isinstance(w, QDialog) and w.isVisible() and w.accessibleName() == name]

    qtbot.waitUntil(lambda: len(find()) == 1)
    return find()[0]


def _current(view: MainView) -> str:
    return str(view.area.current.jid) if view.area.current else ""


def test_it_shows_before_there_is_anything(qtbot: QtBot, theme: Theme, settings: Settings) -> None:
    window = MainWindow(theme, settings)
    qtbot.addWidget(window, before_close_func=lambda w: w.finish())
    with qtbot.waitExposed(window):
        window.show()
    assert window.windowTitle() == "Whimbrel"
    assert not window.actions_by_name["palette"].isEnabled()
    assert window.actions_by_name["quit"].isEnabled()
    window.open_uri("xmpp:bob@example.org")


def test_it_fits_the_screen(qtbot: QtBot, theme: Theme, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_window, "_SIZE", (9000, 9000))
    window = MainWindow(theme, settings)
    qtbot.addWidget(window, before_close_func=lambda w: w.finish())
    available = window.screen().availableSize()
    assert (window.width() < available.width(), window.height() < available.height()) == (True, True)


async def test_the_first_start_offers_two_buttons(window: MainWindow, qtbot: QtBot) -> None:
    assert _named(window, QPushButton, "Sign in")
    assert _named(window, QPushButton, "Create an account")
    qtbot.mouseClick(_named(window, QPushButton, "Sign in")[0], Qt.MouseButton.LeftButton)  # type: ignore[arg-type]
    _dialog(qtbot, "Sign in").close()


async def test_the_keyboard_returns_where_it_was(window: MainWindow, qtbot: QtBot) -> None:
    create = _named(window, QPushButton, "Create an account")[0]
    create.setFocus()
    qtbot.keyClick(create, Qt.Key.Key_Space)
    _dialog(qtbot, "Create an account").close()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is create)


def test_the_open_conversation_alone_is_marked_among_the_contacts(
    window: MainWindow, view: MainView, qtbot: QtBot
) -> None:
    view.left.tabs.setCurrentIndex(1)
    tree, account = view.left.contacts, view.left.chats.shown()[0].account_id
    qtbot.waitUntil(lambda: all(tree.isExpanded(tree.contacts.contact_index(account, j).parent()) for j in (LILI, BOB)))
    for expected in (LILI, BOB):
        while _current(view) != str(expected):
            qtbot.keyClick(window, Qt.Key.Key_Tab, CONTROL)
        assert [contact.jid for contact in tree.selected_contacts()] == [expected]


def test_everything_is_named(window: MainWindow, view: MainView) -> None:
    view.open(view.left.chats.shown()[0].account_id, BOB)
    assert view.left.chats.accessibleName() == "Chats"
    assert view.left.contacts.accessibleName() == "Contacts"
    for name in ("Search", "Status", "Connection", "Messages", "Message", "Send", "Add"):
        assert len(_named(window, QWidget, name)) == 1, name
    controls = [w for w in window.findChildren(QWidget) if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    nameless = [w for w in controls if not w.accessibleName() and not w.focusProxy()]
    assert [w for w in nameless if type(w).__name__ != "QMenuBar"] == []


def test_menus_have_their_entries(window: MainWindow) -> None:
    menus = {action.text(): action.menu() for action in window.menuBar().actions()}
    assert list(menus) == ["Account", "Contacts", "View", "Help"]
    account = [action.text() for action in menus["Account"].actions() if action.text()]  # type: ignore[attr-defined]
    first, last = (
        ["Add account…", "Accounts…", "Profile…", "Settings…"],
        ["Export everything…", "Delete old messages…", "Quit"],
    )
    assert account == first + last
    contacts = [action.text() for action in menus["Contacts"].actions()]  # type: ignore[attr-defined]
    assert {"Add contact…", "New group chat…", "Join group chat…", "Discover services…"} <= set(contacts)


def test_labels_are_plain(window: MainWindow, view: MainView) -> None:
    view.open(view.left.chats.shown()[0].account_id, BOB)
    rich = [label for label in window.findChildren(QLabel) if label.textFormat() != Qt.TextFormat.PlainText]
    assert [label.text() for label in rich if label.text()] == []


def test_title_counts_what_is_unread(window: MainWindow, view: MainView, core: Core, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.windowTitle() == "(3) Whimbrel")
    for conversation in view.left.chats.shown():
        core.services.unread.mark_read(conversation.id)
    qtbot.waitUntil(lambda: window.windowTitle() == "Whimbrel")


async def test_ctrl_k_works_while_typing(window: MainWindow, view: MainView, qtbot: QtBot) -> None:
    view.open(view.left.chats.shown()[0].account_id, BOB)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == "Message"
    qtbot.keyClick(focus, Qt.Key.Key_K, CONTROL)
    line_edit = _named(window, QWidget, "Go to")[-1]
    qtbot.waitUntil(line_edit.hasFocus)
    qtbot.keyClicks(line_edit, "new@example.net")
    qtbot.keyClick(line_edit, Qt.Key.Key_Return)
    assert _current(view) == "new@example.net"
    qtbot.waitUntil(lambda: _named(window, QWidget, "Go to") == [])


@pytest.mark.parametrize("typed", ["", "settings"])
async def test_the_palette_gives_the_keyboard_back(
    window: MainWindow, view: MainView, qtbot: QtBot, typed: str
) -> None:
    view.go_to(1)
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, Qt.Key.Key_K, CONTROL)
    line_edit = _named(window, QWidget, "Go to")[-1]
    qtbot.waitUntil(line_edit.hasFocus)
    qtbot.keyClicks(line_edit, typed)
    qtbot.keyClick(line_edit, Qt.Key.Key_Return if typed else Qt.Key.Key_Escape)
    if typed:
        _dialog(qtbot, "Settings").close()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is focus)


def test_keys_move_between_chats(view: MainView, window: MainWindow, core: Core, qtbot: QtBot) -> None:
    def press(key: Qt.Key, modifiers: Qt.KeyboardModifier) -> str:
        qtbot.keyClick(QApplication.focusWidget() or window, key, modifiers)
        return _current(view)

    stranger, lili, bob = "stranger@example.net", "lili@example.org", "bob@example.org"
    assert press(Qt.Key.Key_2, ALT) == lili
    assert press(Qt.Key.Key_Tab, CONTROL) == bob
    assert press(Qt.Key.Key_Down, ALT) == stranger
    assert press(Qt.Key.Key_Up, ALT) == bob
    assert press(Qt.Key.Key_PageUp, CONTROL) == lili
    assert press(Qt.Key.Key_PageDown, CONTROL) == bob
    assert press(Qt.Key.Key_9, ALT) == bob
    for conversation in view.left.chats.shown():
        if str(conversation.jid) != stranger:
            core.services.unread.mark_read(conversation.id)
    core.services.unread.set_viewed(view.left.chats.shown()[0].id, False)
    assert press(Qt.Key.Key_W, CONTROL) == ""


def test_unread_chats_are_found_by_key(
    view: MainView, stream: FakeStream, window: MainWindow, core: Core, qtbot: QtBot
) -> None:
    for conversation in view.left.chats.shown():
        core.services.unread.mark_read(conversation.id)
    qtbot.waitUntil(lambda: view.left.chats.chats.unread == 0)
    view.go_to(1)
    stream.receive_message("bob@example.org/x", "again")
    qtbot.waitUntil(lambda: view.left.chats.shown()[0].unread == 1)
    qtbot.keyClick(window, Qt.Key.Key_Down, ALT | SHIFT)
    assert _current(view) == "bob@example.org"


def test_f6_walks_through_the_regions(view: MainView, window: MainWindow, qtbot: QtBot) -> None:
    view.go_to(1)
    seen = []
    for _ in range(7):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(focus.accessibleName())
    assert seen[0] == "Search in this conversation"
    assert seen[-5:] == ["Status", "Search", "Chats", "Messages", "Message"]
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F6, SHIFT)
    assert view.area.current_pane is not None
    assert view.area.current_pane.view.hasFocus()


def test_panes_are_kept_with_what_was_typed(view: MainView, qtbot: QtBot) -> None:
    view.go_to(1)
    assert view.area.current_pane is not None
    first = view.area.current_pane
    qtbot.keyClicks(first.composer.editor, "half a thought")
    view.go_to(2)
    assert view.area.current_pane is not first
    view.go_to(1)
    assert view.area.current_pane is first
    assert first.composer.editor.toPlainText() == "half a thought"


def test_a_conversation_moves_to_its_own_window_and_back(view: MainView, qtbot: QtBot) -> None:
    view.go_to(1)
    conversation = view.area.current
    assert conversation is not None
    view.open_current_window()
    assert _current(view) == ""
    window = view._windows[conversation.id]
    assert window.isVisible()
    assert QAccessible.queryAccessibleInterface(window).role() == QAccessible.Role.Window
    view.show_conversation(conversation)
    assert _current(view) == ""
    with qtbot.waitSignal(window.destroyed):
        window.close()
    view.show_conversation(conversation)
    assert _current(view) == "stranger@example.net"


def test_a_conversations_window_may_quit(window: MainWindow, view: MainView, qtbot: QtBot) -> None:
    view.go_to(1)
    view.open_current_window()
    (own,) = view._windows.values()
    qtbot.waitUntil(own.isActiveWindow)
    with qtbot.waitSignal(window.quit_requested):
        qtbot.keyClick(own.pane.composer.editor, Qt.Key.Key_Q, CONTROL)


@pytest.mark.parametrize(("key", "name"), [(Qt.Key.Key_Comma, "Settings"), (Qt.Key.Key_Slash, "Keyboard shortcuts")])
def test_dialogs_open_once(window: MainWindow, view: MainView, qtbot: QtBot, key: Qt.Key, name: str) -> None:
    for _ in range(2):
        qtbot.keyClick(window, key, CONTROL)
    _dialog(qtbot, name).close()


@pytest.mark.parametrize("name", ["accounts", "add_contact", "add_account", "about"])
async def test_entries_open_their_dialog(window: MainWindow, view: MainView, name: str) -> None:
    window.actions_by_name[name].trigger()
    assert window.conductor is not None
    (dialog,) = window.conductor.dialogs._open.values()
    assert dialog.isVisible()
    dialog.close()
    assert not window.conductor.dialogs._open


def test_no_key_means_two_things(window: MainWindow, view: MainView) -> None:
    view.go_to(1)
    keys = [key.toString() for action in window.actions() for key in action.shortcuts()]
    keys += [shortcut.key().toString() for shortcut in window.findChildren(QShortcut)]
    assert len(keys) == len(set(keys))


def test_zoom_by_keys_is_kept(window: MainWindow, theme: Theme, settings: Settings, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Plus, CONTROL)
    assert (theme.zoom, settings.zoom) == (110, 110)
    qtbot.keyClick(window, Qt.Key.Key_0, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_Minus, CONTROL)
    assert theme.zoom == 90


def test_a_narrow_window_shows_one_pane(window: MainWindow, view: MainView, qtbot: QtBot) -> None:
    window.resize(420, 700)
    qtbot.waitUntil(lambda: view.split.is_narrow)
    assert view.left.isVisible()
    assert not view.area.isVisible()
    view.go_to(1)
    assert view.area.isVisible()
    assert not view.left.isVisible()
    (back,) = _named(window, QPushButton, "Back")
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)  # type: ignore[arg-type]
    assert view.left.isVisible()
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: view.left.isVisible() and view.area.isVisible())
    assert _named(window, QPushButton, "Back") == []


def test_a_window_that_gets_narrow_keeps_what_one_writes_in(window: MainWindow, view: MainView, qtbot: QtBot) -> None:
    view.go_to(1)
    view.split.show_left()  # as a search does
    editor = window.findChild(MessageEditor)
    assert editor is not None
    editor.setFocus()
    window.resize(420, 700)
    qtbot.waitUntil(lambda: view.split.is_narrow)
    assert editor.isVisible()
    assert not view.left.isVisible()


def test_search_filters_both_lists_and_enter_opens(view: MainView, qtbot: QtBot) -> None:
    search = view.left.search
    search.setFocus()
    qtbot.keyClicks(search, "bob")
    assert [str(c.jid) for c in view.left.chats.shown()] == ["bob@example.org"]
    qtbot.waitUntil(lambda: view.left.contacts.model().rowCount() == 1)
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert _current(view) == "bob@example.org"
    assert search.text() == ""


def test_a_new_conversation_is_marked_in_the_list(view: MainView, core: Core, stream: FakeStream, qtbot: QtBot) -> None:
    view.open(stream.account_id, JID.parse("new@example.net"))
    current = view.area.current
    assert current is not None
    core.services.outbox.submit(current.id, "hello")

    def marked() -> bool:
        chat = view.left.chats.currentIndex().data(ChatRole.CHAT)
        return chat is not None and str(chat.conversation.jid) == "new@example.net"

    qtbot.waitUntil(marked)


def test_the_tray_icon_shows_a_count() -> None:
    plain, few, many = (tray_icon(count).pixmap(64, 64).toImage() for count in (0, 3, 500))
    assert plain != few != many


def test_the_tab_is_kept(view: MainView, settings: Settings) -> None:
    view.left.tabs.setCurrentIndex(1)
    assert settings.last_tab == 1
    assert view.left.current_list is view.left.contacts


def test_closing_without_a_tray_quits(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.quit_requested):
        window.close()
    assert window.isVisible()


@pytest.fixture
def tray(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop that has a tray."""
    assert window.conductor is not None
    monkeypatch.setattr(type(window.conductor.tray), "is_there", property(lambda self: True))


@pytest.mark.usefixtures("tray")
def test_closing_with_a_tray_asks_once(window: MainWindow, settings: Settings, qtbot: QtBot) -> None:
    window.close()
    dialog = _dialog(qtbot, "Keep Whimbrel running?")
    (keep,) = _named(dialog, QPushButton, "Keep running")
    qtbot.mouseClick(keep, Qt.MouseButton.LeftButton)  # type: ignore[arg-type]
    assert not window.isVisible()
    assert settings.close_to_tray is True
    window.come_to_front()
    assert window.isVisible()
    window.close()
    assert not window.isVisible()


@pytest.mark.usefixtures("tray")
def test_the_answer_may_be_to_quit(window: MainWindow, settings: Settings, qtbot: QtBot) -> None:
    settings.close_to_tray = False
    with qtbot.waitSignal(window.quit_requested):
        window.close()


def test_geometry_is_kept(window: MainWindow, view: MainView, settings: Settings) -> None:
    window.resize(900, 640)
    view.split.splitter.setSizes([400, 500])
    window.finish()
    assert window.session.place("main")
    assert settings.splitter
    assert not window.isVisible()


def test_messages_nobody_looks_at_are_told(
    window: MainWindow, view: MainView, stream: FakeStream, notifier: RecordingNotifier, core: Core, qtbot: QtBot
) -> None:
    bob = core.services.conversations.open(stream.account_id, BOB)
    qtbot.waitUntil(lambda: notifier.shown.get(f"conversation:{bob.id}") == ("Bob", "hello"))
    notifier.activated.emit(f"conversation:{bob.id}")
    assert _current(view) == "bob@example.org"
    qtbot.waitUntil(lambda: f"conversation:{bob.id}" not in notifier.shown)
    stream.receive_message("bob@example.org/x", "seen at once")
    assert f"conversation:{bob.id}" not in notifier.shown
    notifier.activated.emit("conversation:nonsense")


def test_a_request_opens_a_dialog_that_neither_blocks_nor_takes_the_keyboard(
    view: MainView, stream: FakeStream, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    activated: list[RequestDialog] = []  # the platform of the tests activates every new window, whatever it asks for
    monkeypatch.setattr(RequestDialog, "activateWindow", lambda dialog: activated.append(dialog))
    stream.subscription("tomas@example.net", "subscribe")
    dialog = _dialog(qtbot, "Contact request")
    assert not dialog.isModal()
    assert dialog.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    stream.subscription("zoe@example.net", "subscribe")
    assert not activated
    qtbot.mouseClick(view.left.requests.review, Qt.MouseButton.LeftButton)
    assert activated == [dialog]
    dialog.close()
    assert view.left.requests.isVisible()


def test_refused_actions_and_a_full_disk_are_told_calmly(window: MainWindow, core: Core, stream: FakeStream) -> None:
    refused = KnownError(ErrorKind.NOT_ALLOWED, "forbidden")
    core.services.bus.publish(ActionFailed(stream.account_id, "roster-set", "bob@example.org", refused))
    assert window.failure.isVisible()
    assert window.failure.label.text().startswith("bob@example.org: ")
    core.services.bus.publish(StorageFailed(KnownError(ErrorKind.DISK_FULL)))
    assert "disk is full" in window.failure.label.text()


def test_that_history_is_not_encrypted_is_said_once(window: MainWindow, settings: Settings) -> None:
    window.say_unencrypted()
    assert window.notice.isVisible()
    window.notice.close_button.click()
    window.say_unencrypted()
    assert not window.notice.isVisible()


async def test_a_locked_keyring_is_said_of_the_history_and_of_the_password(
    window: MainWindow, core: Core, settings: Settings
) -> None:
    window.say_unencrypted(is_locked=True)
    assert window.notice.label.text().startswith("The keyring is locked")
    core.connects, core.keeper.works = True, False
    await core.services.accounts.sign_in(JID.parse("me@example.org"), "pw", ConnectionSettings(), True)
    assert window.failure.isVisible()
    assert "me@example.org is kept only until you quit" in window.failure.label.text()


async def test_a_wrong_password_asks_again(
    window: MainWindow, view: MainView, stream: FakeStream, qtbot: QtBot
) -> None:
    stream.fail(ErrorKind.PASSWORD_WRONG)
    dialog = _dialog(qtbot, "Sign in")
    assert not dialog.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    dialog.close()


async def test_a_wrong_password_leaves_the_keyboard_to_who_writes(
    window: MainWindow, view: MainView, stream: FakeStream, qtbot: QtBot
) -> None:
    view.open(stream.account_id, BOB)
    assert view.area.current_pane is not None
    qtbot.waitUntil(view.area.current_pane.composer.editor.hasFocus)
    stream.fail(ErrorKind.PASSWORD_WRONG)
    dialog = _dialog(qtbot, "Sign in")
    assert dialog.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    dialog.close()


def test_links_open_conversations_and_requests(window: MainWindow, view: MainView, qtbot: QtBot) -> None:
    window.open_uri("xmpp:zoe@example.net?message")
    assert _current(view) == "zoe@example.net"
    window.open_uri("xmpp:yan@example.net?roster;name=Yan")
    _dialog(qtbot, "Add contact").close()
    window.open_uri("javascript:alert(1)")
    assert window.failure.isVisible()


def test_an_account_that_goes_takes_its_conversations(
    window: MainWindow, view: MainView, core: Core, stream: FakeStream, qtbot: QtBot
) -> None:
    from whimbrel.model.events import AccountRemoved

    view.go_to(1)
    remove: Callable[[int], None] = core.base.stores.accounts.remove_account  # type: ignore[assignment]
    remove(stream.account_id)
    core.services.bus.publish(AccountRemoved(stream.account_id))
    assert _current(view) == ""
    assert _named(window, QPushButton, "Create an account")


def test_conversations_that_nobody_looks_at_any_more_are_put_away(window: MainWindow, core: Core, qtbot: QtBot) -> None:
    account = core.add_account()
    assert window.conductor is not None
    window.conductor.refresh_page()
    view = window.conductor.view
    assert view is not None
    addresses = [JID.parse(f"p{number}@example.org") for number in range(MOST_KEPT + 2)]
    view.open(account.id, addresses[0])
    first = view.area.current_pane
    assert first is not None
    first.composer.editor.setPlainText("not sent yet")
    for jid in addresses[1:]:
        view.open(account.id, addresses[1])  # looked at again and again: it stays
        kept = view.area.current_pane
        view.open(account.id, jid)
    qtbot.waitUntil(lambda: not shiboken6.isValid(first))
    assert len(view.findChildren(ConversationPane)) == MOST_KEPT
    view.open(account.id, addresses[1])
    assert view.area.current_pane is kept
    view.open(account.id, addresses[0])
    again = view.area.current_pane
    assert again is not None
    assert again.composer.editor.toPlainText() == "not sent yet"


def test_one_comes_back_to_what_is_unread(view: MainView, stream: FakeStream, core: Core, qtbot: QtBot) -> None:
    account_id = stream.account_id
    for number in range(60):
        stream.receive_message(f"{BOB}/x", f"message {number}")
    view.open(account_id, BOB)
    pane = view.area.current_pane
    assert pane is not None
    bar = pane.view.verticalScrollBar()
    pane.view.follow_end()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and core.services.unread.is_viewed(pane.conversation.id))
    bar.setValue(bar.maximum() // 2)
    stands = bar.value()
    view.open(account_id, LILI)
    view.open(account_id, BOB)
    assert bar.value() == stands  # nothing came
    view.open(account_id, LILI)
    for text in ("are you there?", "hello?"):
        stream.receive_message(f"{BOB}/x", text)
    view.open(account_id, BOB)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    assert pane.model.message(pane.model.rowCount() - 1).body == "hello?"


def test_the_tabs_have_room_in_the_largest_text(window: MainWindow, view: MainView, theme: Theme, qtbot: QtBot) -> None:
    window.resize(1280, 760)
    theme.set_zoom(250)
    tabs = view.left.tabs
    qtbot.waitUntil(lambda: tabs.width() >= tabs.tabRect(tabs.count() - 1).right() > 200)
    assert tabs.tabRect(0).left() >= 0
