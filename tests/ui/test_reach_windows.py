"""By keyboard: Tab and Shift+Tab go round every window that is not a plain dialog."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.fake_accounts import FakeKeyring, FakeRegistrar, as_services, fake_services, until
from tests.helpers.fake_stream import FakeStream
from tests.ui.album import open_album
from tests.ui.test_reach import walk

from whimbrel.model.contact import Contact
from whimbrel.model.form import FieldType, FormField, RegistrationForm
from whimbrel.model.jid import JID
from whimbrel.ui.accounts.accounts_dialog import AccountsDialog
from whimbrel.ui.accounts.create_dialog import CreateAccountDialog
from whimbrel.ui.accounts.sign_in_dialog import SignInDialog
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.console.window import ConsoleWindow
from whimbrel.ui.context_key import ContextKey
from whimbrel.ui.main_view import MainView
from whimbrel.ui.main_window import MainWindow

BOB = JID.parse("bob@example.org")


@pytest.fixture
def stream(window: MainWindow, core: Core) -> FakeStream:
    """Alice online with Bob."""
    account = core.add_account("alice@example.org")
    stream = core.stream(account.id)
    stream.go_online(Contact(account.id, BOB, "Bob"))
    return stream


@pytest.fixture
def view(window: MainWindow, stream: FakeStream, qtbot: QtBot) -> MainView:
    """The main view with Bob's conversation open."""
    stream.receive_message("bob@example.org/x", "Look at https://example.org/")
    assert window.conductor is not None
    found = window.conductor.view
    assert found is not None
    qtbot.waitUntil(lambda: len(found.left.chats.shown()) == 1)
    found.open(found.left.chats.shown()[0].account_id, BOB)
    return found


async def _active(window: QWidget) -> None:
    window.show()
    window.activateWindow()
    await until(window.isActiveWindow)
    await asyncio.sleep(0)


def _push(window: QWidget, name: str) -> None:
    next(one for one in window.findChildren(QPushButton) if one.accessibleName() == name and one.isVisible()).click()


def test_the_first_start(window: MainWindow) -> None:
    assert not (found := walk(window)), "\n".join(found)


async def test_sign_in(qtbot: QtBot) -> None:
    dialog = SignInDialog(as_services(fake_services()), FakeKeyring())
    qtbot.addWidget(dialog)
    await _active(dialog)
    assert not (found := walk(dialog)), "\n".join(found)
    _push(dialog, "Advanced")
    host = next(one for one in dialog.findChildren(QLineEdit) if one.accessibleName() == "Host")
    await until(lambda: host.visibleRegion().isEmpty() is False)
    assert not (found := walk(dialog)), "\n".join(found)


async def test_creating_an_account(qtbot: QtBot) -> None:
    fields = tuple(FormField(each.lower(), each, FieldType.TEXT_SINGLE, required=True) for each in ("Nick", "E-mail"))
    services = fake_services(FakeRegistrar(RegistrationForm("", fields, is_data_form=True)))
    dialog = CreateAccountDialog(as_services(services), FakeKeyring(), provider="example.org")
    qtbot.addWidget(dialog)
    await _active(dialog)
    assert not (found := walk(dialog)), "\n".join(found)
    _push(dialog, "Continue")
    await until(lambda: dialog.form is not None)
    assert not (found := walk(dialog)), "\n".join(found)


async def test_the_accounts(qtbot: QtBot) -> None:
    services = fake_services()
    services.accounts.add(JID.parse("alice@example.org"))
    services.bridge = Bridge(services.bus)
    dialog = AccountsDialog(as_services(services), services.bridge, FakeKeyring())
    qtbot.addWidget(dialog)
    await _active(dialog)
    assert not (found := walk(dialog)), "\n".join(found)


def test_the_main_window(window: MainWindow, view: MainView) -> None:
    assert not (found := walk(window)), "\n".join(found)


def test_searching_in_a_conversation(window: MainWindow, view: MainView) -> None:
    assert not (found := walk(window)), "\n".join(found)


def test_searching_everywhere(window: MainWindow, view: MainView) -> None:
    view.search_everywhere()
    assert not (found := walk(window)), "\n".join(found)


def test_a_conversation_in_a_window_of_its_own(view: MainView, qtbot: QtBot) -> None:
    view.open_current_window()
    own = view.windows[0]
    own.activateWindow()
    qtbot.waitUntil(own.isActiveWindow)
    assert not (found := walk(own)), "\n".join(found)


def test_the_console(core: Core, qtbot: QtBot) -> None:
    core.online()
    console = ConsoleWindow(core.services)
    qtbot.addWidget(console)
    console.show()
    console.activateWindow()
    qtbot.waitUntil(console.isActiveWindow)
    assert not (found := walk(console)), "\n".join(found)


def test_the_viewer(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> None:
    with open_album(tmp_path, qtbot, qapp) as album:
        for name in ("one.png", "two.png", "three.png"):
            picture = album.add_picture(name, 40, 20)
        viewer = album.view(picture)
        viewer.activateWindow()
        album.until(viewer.isActiveWindow)
        found: list[str] = []
        album.do(lambda: found.extend(walk(viewer)))
        assert found == []


def _press_context_key() -> None:
    window = QApplication.focusWindow()
    assert window is not None, "nothing has the keyboard"
    QTest.keyClick(window, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)


def _focus(widget: QWidget, qtbot: QtBot) -> None:
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWindow() is not None and widget.hasFocus())


def _offered(view: QAbstractItemView, qtbot: QtBot) -> set[str]:
    """What Shift+F10 offers at the current row, whose place it opens at."""
    _focus(view, qtbot)
    _press_context_key()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    place = view.viewport().mapFromGlobal(menu.pos())
    assert (view.visualRect(view.currentIndex()) & view.viewport().rect()).contains(place)
    _press_context_key()
    assert QApplication.activePopupWidget() is menu, "with a menu open, there is no other one"
    offered = {action.text() for action in menu.actions()}
    menu.close()
    return offered


def test_a_key_opens_the_menu_of_a_chat_and_of_a_message_at_what_is_seen_of_it(
    window: MainWindow, view: MainView, stream: FakeStream, qtbot: QtBot, qapp: QApplication
) -> None:
    key = ContextKey(qapp)
    chats = view.left.chats
    assert "Open in new window" in _offered(chats, qtbot)
    assert view.area.current is not None
    pane = view.pane_of(view.area.current.id)
    assert pane is not None
    stream.receive_message("bob@example.org/x", "far from the end")
    stream.receive_message("bob@example.org/x", "\n".join("so many lines" for _ in range(60)))
    qtbot.waitUntil(lambda: pane.model.rowCount() == 3)
    window.resize(window.width(), window.minimumHeight())
    qtbot.waitUntil(lambda: pane.view.viewport().height() < pane.view.bubble(2).height)
    for row in (2, 0):
        pane.view.setCurrentIndex(pane.model.index(row))
        assert "Copy" in _offered(pane.view, qtbot)
    _focus(pane.composer.editor, qtbot)
    _press_context_key()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()
    shiboken6.delete(key)
