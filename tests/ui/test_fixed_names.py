"""The names, roles, states and descriptions that screen readers and acceptance tests rely on; they do not change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core
from tests.helpers.fake_accounts import FakeKeyring, FakeRegistrar, as_services, fake_services, until
from tests.helpers.fake_stream import FakeStream

from whimbrel.model.contact import Availability, Contact
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.form import FieldType, FormField, RegistrationForm
from whimbrel.model.jid import JID
from whimbrel.ui.accounts.create_dialog import CreateAccountDialog
from whimbrel.ui.accounts.sign_in_dialog import SignInDialog
from whimbrel.ui.accounts.start_page import StartPage
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.contacts.actions import ContactActions
from whimbrel.ui.contacts.add_dialog import AddContactDialog
from whimbrel.ui.contacts.menus import contact_menu
from whimbrel.ui.contacts.request_dialog import RequestDialog
from whimbrel.ui.main_view import MainView
from whimbrel.ui.main_window import MainWindow

BUTTON, TEXT, CHECK, COMBO, LIST, TREE, LABEL = (
    QAccessible.Role.Button,
    QAccessible.Role.EditableText,
    QAccessible.Role.CheckBox,
    QAccessible.Role.ComboBox,
    QAccessible.Role.List,
    QAccessible.Role.Tree,
    QAccessible.Role.StaticText,
)
BOB = JID.parse("bob@example.org")


def _of(widget: QWidget) -> QAccessibleInterface:
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface


def _below(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    for number in range(interface.childCount()):
        child = interface.child(number)
        if child is not None:
            yield child
            yield from _below(child)


def name_of(interface: QAccessibleInterface) -> str:
    """The name; of a combo box, which Qt names by its value on Linux, that of its label, as screen readers say it."""
    if interface.role() == COMBO:
        labels = [one for one, _ in interface.relations(QAccessible.RelationFlag.Label)]
        if labels:
            return labels[0].text(QAccessible.Text.Name)
    return interface.text(QAccessible.Text.Name)


def find(root: QWidget, role: QAccessible.Role, name: str) -> QAccessibleInterface:
    """The one element below a widget that shows, with this role and this name."""
    found = [one for one in _below(_of(root)) if one.role() == role and name_of(one) == name]
    shown = [one for one in found if not one.state().invisible]  # type: ignore[attr-defined] # a bit field
    assert len(shown) == 1, (role, name, len(shown), len(found))
    return shown[0]


def row(listed: QAccessibleInterface, name: str) -> QAccessibleInterface:
    return next(one for one in _below(listed) if name_of(one) == name)


@pytest.fixture
def stream(window: MainWindow, core: Core) -> FakeStream:
    """Alice online with Bob, a friend."""
    account = core.add_account("alice@example.org")
    stream = core.stream(account.id)
    stream.go_online(Contact(account.id, BOB, "Bob", groups=("Friends",)))
    return stream


@pytest.fixture
def view(window: MainWindow, stream: FakeStream, qtbot: QtBot) -> MainView:
    """The main view with one message of Bob's."""
    stream.receive_message("bob@example.org/x", "Are you there?")
    assert window.conductor is not None
    found = window.conductor.view
    assert found is not None
    qtbot.waitUntil(lambda: len(found.left.chats.shown()) == 1)
    return found


def test_the_start_page(qtbot: QtBot) -> None:
    page = StartPage()
    qtbot.addWidget(page)
    page.show()
    for name in ("Sign in", "Create an account"):
        assert find(page, BUTTON, name).state().focusable  # type: ignore[attr-defined] # a bit field


async def test_the_dialog_sign_in(qtbot: QtBot) -> None:
    dialog = SignInDialog(as_services(fake_services()), FakeKeyring())
    dialog.open()
    qtbot.waitExposed(dialog)
    assert (_of(dialog).role(), name_of(_of(dialog))) == (QAccessible.Role.Dialog, "Sign in")
    find(dialog, TEXT, "Address")
    assert find(dialog, TEXT, "Password").state().passwordEdit  # type: ignore[attr-defined] # a bit field
    assert find(dialog, CHECK, "Remember password").state().checked  # type: ignore[attr-defined] # a bit field
    for name in ("Sign in", "Cancel"):
        find(dialog, BUTTON, name)
    _has_advanced(dialog)
    dialog.show_failure(KnownError(ErrorKind.NO_NETWORK))
    assert find(dialog, LABEL, "Error").object().text()  # type: ignore[attr-defined] # a label
    dialog.close()


def _has_advanced(dialog: QWidget) -> None:
    find(dialog, BUTTON, "Advanced").object().click()  # type: ignore[attr-defined] # a button
    for name in ("Host", "Port", "Resource"):
        find(dialog, TEXT, name)
    security = find(dialog, COMBO, "Security")
    assert [security.object().itemText(each) for each in range(3)] == [  # type: ignore[attr-defined] # a combo box
        "Automatic",
        "Direct TLS",
        "STARTTLS",
    ]


async def test_the_dialog_create_an_account(qtbot: QtBot) -> None:
    fields = tuple(FormField(each.lower(), each, FieldType.TEXT_SINGLE, required=True) for each in ("Nick", "E-mail"))
    services = fake_services(FakeRegistrar(RegistrationForm("", fields, is_data_form=True)))
    dialog = CreateAccountDialog(as_services(services), FakeKeyring(), provider="example.org")
    dialog.open()
    qtbot.waitExposed(dialog)
    assert name_of(_of(dialog)) == "Create an account"
    assert find(dialog, COMBO, "Provider").object().isEditable()  # type: ignore[attr-defined] # a combo box
    _has_advanced(dialog)
    find(dialog, BUTTON, "Continue").object().click()  # type: ignore[attr-defined] # a button
    await until(lambda: dialog.form is not None)
    for name in ("Nick", "E-mail"):
        find(dialog, TEXT, name)
    find(dialog, BUTTON, "Create account")
    dialog.close()


def test_the_main_window(window: MainWindow, view: MainView, stream: FakeStream, qtbot: QtBot) -> None:
    assert _of(window).role() == QAccessible.Role.Window
    assert name_of(_of(window)).endswith("Whimbrel")
    find(window, LIST, "Chats")
    find(window, TEXT, "Search")
    status = find(window, QAccessible.Role.ButtonMenu, "Status")
    assert status.text(QAccessible.Text.Description) == "Online"
    assert status.state().hasPopup  # type: ignore[attr-defined] # a bit field
    connection = find(window, LABEL, "Connection").object()
    assert connection.text() == "Online"  # type: ignore[attr-defined] # a label
    stream.lose()
    qtbot.waitUntil(lambda: connection.text() != "Online")  # type: ignore[attr-defined] # a label


def test_the_tree_contacts(window: MainWindow, view: MainView, stream: FakeStream, qtbot: QtBot) -> None:
    view.left.tabs.setCurrentIndex(1)
    stream.presence("bob@example.org/x", Availability.AWAY, "At the lake")
    tree = find(window, TREE, "Contacts")
    assert row(tree, "Friends").state().expandable  # type: ignore[attr-defined] # a bit field
    qtbot.waitUntil(lambda: "At the lake" in row(tree, "Bob").text(QAccessible.Text.Description))
    said = row(tree, "Bob").text(QAccessible.Text.Description)
    assert said.startswith("Away")
    assert "1 unread" in said


def test_the_menus(window: MainWindow, view: MainView) -> None:
    menus = {action.text(): action.menu() for action in window.menuBar().actions()}
    assert list(menus) == ["Account", "Contacts", "View", "Help"]
    wanted = {
        "Account": ["Add account…", "Accounts…", "Settings…", "Quit"],
        "Contacts": ["Add contact…", "New group chat…", "Join group chat…", "Discover services…"],
    }
    for name, entries in wanted.items():
        menu = menus[name]
        assert isinstance(menu, QMenu)
        texts = [action.text() for action in menu.actions()]
        assert [text for text in texts if text in entries] == entries
        said = [name_of(one) for one in _below(_of(menu)) if one.role() == QAccessible.Role.MenuItem]
        assert set(entries) <= set(said)


def test_the_dialog_add_contact(core: Core, qtbot: QtBot) -> None:
    core.stream(core.add_account("alice@example.org").id).go_online()
    dialog = AddContactDialog(core.services)
    qtbot.addWidget(dialog)
    dialog.show()
    assert name_of(_of(dialog)) == "Add contact"
    for name in ("Address", "Name", "Groups", "Message"):
        find(dialog, TEXT, name)
    assert find(dialog, TEXT, "Groups").object().completer() is not None  # type: ignore[attr-defined] # a line
    find(dialog, BUTTON, "Add")


def test_the_dialog_contact_request(core: Core, bridge: Bridge, qtbot: QtBot) -> None:
    stream = core.stream(core.add_account("alice@example.org").id)
    stream.go_online()
    stream.subscription("tomas@example.net", "subscribe", "Hi")
    dialog = RequestDialog(core.services, bridge)
    qtbot.addWidget(dialog)
    dialog.show()
    assert name_of(_of(dialog)) == "Contact request"
    find(dialog, LABEL, "tomas@example.net")
    for name in ("Name", "Groups"):
        find(dialog, TEXT, name)
    for name in ("Accept", "Decline", "Block"):
        find(dialog, BUTTON, name)


def test_the_menu_of_a_contact(core: Core, window: MainWindow, view: MainView) -> None:
    contact = core.services.roster.find(view.left.chats.shown()[0].account_id, BOB)
    assert contact is not None
    actions = view.left.contacts.findChild(ContactActions)
    assert actions is not None
    menu = contact_menu(view, actions, contact)
    named = [name_of(one) for one in _below(_of(menu)) if one.role() == QAccessible.Role.MenuItem]
    assert named == [
        "Open conversation",
        "Open in new window",
        "Rename…",
        "Groups…",
        "Block",
        "Remove…",
        "Request presence",
        "Details",
    ]


def test_a_conversation(window: MainWindow, view: MainView, qtbot: QtBot) -> None:
    view.open(view.left.chats.shown()[0].account_id, BOB)
    QApplication.processEvents()
    for name in ("Send", "Attach", "Emoji"):
        find(window, BUTTON, name)
    assert find(window, TEXT, "Message").state().multiLine  # type: ignore[attr-defined] # a bit field
    messages = find(window, LIST, "Messages")
    said = [name_of(one) for one in _below(messages)]
    assert any(name.startswith("Bob, ") and name.endswith("Are you there?") for name in said), said
    assert view.area.current_pane is not None
    view.area.current_pane.composer.editor.setPlainText("Yes")
    find(window, BUTTON, "Send").object().click()  # type: ignore[attr-defined] # a button
    qtbot.waitUntil(lambda: any(name_of(one).endswith("Yes") for one in _below(messages)))
    own = next(one for one in _below(messages) if name_of(one).endswith("Yes"))
    assert own.text(QAccessible.Text.Description)
