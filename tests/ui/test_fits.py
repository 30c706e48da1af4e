"""Everything that is not a dialog of its own in test_looks fits its place, in both languages and in a long one from
right to left: the first page, accounts, the main window in each of its states, menus."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMenuBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.fake_accounts import FakeKeyring, as_services, fake_services
from tests.helpers.fit import cut_off, scrolled_sideways, too_wide
from tests.ui.test_accounts_create import EVERY_TYPE, LEGACY, at_form
from tests.ui.test_accounts_dialogs import accounts_dialog

from whimbrel.core.services import Services
from whimbrel.model.account import Account, ConnectionState
from whimbrel.model.contact import Availability, Contact, OwnPresence
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.form import RegistrationForm
from whimbrel.model.jid import JID
from whimbrel.ui.accounts.create_dialog import CreateAccountDialog
from whimbrel.ui.accounts.edit_dialogs import EditAccountDialog, RemoveAccountDialog
from whimbrel.ui.accounts.sign_in_dialog import SignInDialog
from whimbrel.ui.accounts.trust_dialogs import AcceptWeakerDialog, StopTrustingDialog
from whimbrel.ui.console.window import show_console
from whimbrel.ui.contacts.menus import contact_menu, group_menu, several_menu
from whimbrel.ui.conversation.menu import message_menu
from whimbrel.ui.main_view import MainView
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.status.menu import StatusMenu
from whimbrel.ui.tray import Tray

BOB, LILI = JID.parse("bob@example.org"), JID.parse("lili@example.org")
FOREIGN = ("Bob", "莉莉", "@")
NARROW, SCREEN = 480, 800  # pixels
_TURNS = 5  # of the event loop: what is told of comes in the next one, and is laid out in another


@dataclass
class Place:
    """The main window over a core, which a test brings into a state."""

    window: MainWindow
    core: Core

    def sign_in(self) -> None:
        self.account = self.core.add_account("alice@example.org")
        self.stream = self.core.stream(self.account.id)
        self.stream.go_online(
            Contact(self.account.id, BOB, "Bob", frozenset({"Friends"})), Contact(self.account.id, LILI, "莉莉")
        )

    @property
    def view(self) -> MainView:
        assert self.window.conductor is not None
        assert self.window.conductor.view is not None
        return self.window.conductor.view

    def chat(self) -> None:
        self.sign_in()
        self.stream.receive_message("bob@example.org/x", "hello")
        self.view.open(self.account.id, BOB)


def _start(place: Place) -> None:
    """As on the first start."""


def _nobody(place: Place) -> None:
    account = place.core.add_account("alice@example.org")
    place.core.stream(account.id).go_online()
    place.view.left.tabs.setCurrentIndex(1)


def _offline(place: Place) -> None:
    place.sign_in()
    place.view.left.tabs.setCurrentIndex(1)


def _searching(place: Place) -> None:
    place.sign_in()
    place.view.left.search.setText("xyz")


def _chat(place: Place) -> None:
    place.chat()
    for number in range(100):
        place.stream.receive_message("lili@example.org/x", f"hello {number}")


def _requests(place: Place) -> None:
    place.sign_in()
    for who in ("tomas@example.net", "ines@example.net"):
        place.stream.subscription(who, "subscribe", "Hi!")


def _everywhere(place: Place) -> None:
    place.sign_in()
    place.view.search_everywhere()


def _in_chat(place: Place) -> None:
    place.chat()
    pane = place.view.area.current_pane
    assert pane is not None
    pane.header.search_button.click()


def _too_long(place: Place) -> None:
    place.chat()
    pane = place.view.area.current_pane
    assert pane is not None
    pane.composer._say_too_long()


def _notices(place: Place) -> None:
    place.sign_in()
    place.window.say_unencrypted()
    place.window.say_fault()


def _palette(place: Place) -> None:
    place.sign_in()
    place.window.actions_by_name["palette"].trigger()


def _emoji(place: Place) -> None:
    place.chat()
    pane = place.view.area.current_pane
    assert pane is not None
    pane.composer.emoji_button.click()


def _console(place: Place) -> None:
    place.sign_in()
    show_console(place.core.services, place.window).resize(NARROW, 600)


PLACES: dict[str, Callable[[Place], None]] = {
    "start": _start,
    "nobody": _nobody,
    "offline": _offline,
    "searching": _searching,
    "chat": _chat,
    "requests": _requests,
    "search everywhere": _everywhere,
    "search in the chat": _in_chat,
    "too long": _too_long,
    "notices": _notices,
    "palette": _palette,
    "emoji": _emoji,
    "console": _console,
}


async def settle(look: Callable[[], list[str]]) -> list[str]:
    """What is wrong once layouts have had their time."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)
        QApplication.processEvents()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(3):
            while look():
                await asyncio.sleep(0.01)
                QApplication.processEvents()
    return look()


@pytest.mark.parametrize("width", [NARROW, 1000])
@pytest.mark.parametrize("name", list(PLACES))
async def test_the_main_window_has_room_for_its_words(
    language: str, window: MainWindow, core: Core, name: str, width: int
) -> None:
    PLACES[name](Place(window, core))
    window.resize(width, 700)
    await asyncio.sleep(0)
    shown = [window, *(each for each in window.findChildren(QWidget) if each.isWindow() and each.isVisible())]
    assert await settle(lambda: [w for each in shown for w in cut_off(each, FOREIGN) + scrolled_sideways(each)]) == []
    assert window.width() == width


async def _sign_in(qtbot: QtBot) -> QDialog:
    dialog = SignInDialog(as_services(fake_services()), FakeKeyring(usable=False))
    dialog.advanced.unfold()
    dialog.sign_in_button.click()  # with nothing in it: each field says what it lacks
    dialog.show_failure(KnownError(ErrorKind.AUTHENTICATION_FAILED, "not-authorized"))
    return dialog


async def _create(qtbot: QtBot) -> QDialog:
    return CreateAccountDialog(as_services(fake_services()), FakeKeyring())


async def _create_with(form: RegistrationForm, qtbot: QtBot) -> QDialog:
    dialog, _services, _registrar, _view = await at_form(qtbot, form)
    dialog.create_button.click()
    return dialog


async def _accounts(qtbot: QtBot) -> QDialog:
    services = fake_services()
    services.accounts.add(JID.parse("alice@example.org"))
    dialog = accounts_dialog(qtbot, services)
    services.accounts.publish(ConnectionState.FAILED, 1, KnownError(ErrorKind.AUTHENTICATION_FAILED, "not-authorized"))
    return dialog


def _of_account(kind: Callable[[Services, Account], QDialog]) -> Callable[[QtBot], Awaitable[QDialog]]:
    async def make(qtbot: QtBot) -> QDialog:
        services = fake_services()
        return kind(as_services(services), services.accounts.add(JID.parse("alice@example.org")))

    return make


DIALOGS: dict[str, Callable[[QtBot], Awaitable[QDialog]]] = {
    "sign in": _sign_in,
    "create": _create,
    "create, old form": partial(_create_with, LEGACY),
    "create, form": partial(_create_with, EVERY_TYPE),
    "accounts": _accounts,
    "edit": _of_account(EditAccountDialog),
    "remove": _of_account(RemoveAccountDialog),
    "stop trusting": _of_account(StopTrustingDialog),
    "accept weaker": _of_account(AcceptWeakerDialog),
}


@pytest.mark.parametrize("name", list(DIALOGS))
async def test_dialogs_about_accounts_have_room_for_their_words(qtbot: QtBot, language: str, name: str) -> None:
    dialog = await DIALOGS[name](qtbot)
    dialog.show()
    assert await settle(lambda: cut_off(dialog, FOREIGN) + scrolled_sideways(dialog)) == []
    assert dialog.width() <= NARROW
    assert dialog.height() <= SCREEN
    dialog.reject()


async def test_menus_fit_the_screen_and_have_each_letter_once(language: str, window: MainWindow, core: Core) -> None:
    place = Place(window, core)
    place.chat()
    await settle(list)
    actions, pane = place.view.left.contacts.actions_on, place.view.area.current_pane
    bob = core.services.roster.find(place.account.id, BOB)
    assert pane is not None
    assert bob is not None
    menus = [
        menu for bar in window.findChildren(QMenuBar) for a in bar.actions() if isinstance(menu := a.menu(), QMenu)
    ]
    menus += [
        Tray(window, OwnPresence(Availability.ONLINE)).menu,
        place.view.left.chats.make_menu(place.view.left.chats.shown()[0]),
        contact_menu(window, actions, bob),
        group_menu(window, actions, "Friends"),
        several_menu(window, actions, []),
        message_menu(pane.view, 0, None),
        pane.header.menu,
        *window.findChildren(StatusMenu),
        *(button.menu() for button in window.findChildren(QPushButton) if button.menu() is not None),
    ]
    assert len(menus) > 12
    assert [words for menu in menus for words in too_wide(menu, SCREEN)] == []
