"""From the first window to a chat that is still there tomorrow, on real servers, through the real widgets."""

from __future__ import annotations

import uuid

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot
from tests.e2e.conftest import PASSWORD, StartProgram
from tests.helpers.friend import Friend
from tests.helpers.program import Program, until
from tests.helpers.servers import Server
from tests.helpers.widgets import find, open_dialog

from whimbrel.model.account import AccountId
from whimbrel.model.contact import Availability, OwnPresence, Subscription
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState
from whimbrel.ui.accounts.create_dialog import CreateAccountDialog
from whimbrel.ui.accounts.sign_in_dialog import SignInDialog
from whimbrel.ui.contacts.request_dialog import RequestDialog
from whimbrel.ui.conversation.pane import ConversationPane

pytestmark = pytest.mark.server


def new_user(server: Server, name: str) -> str:
    """A user nobody else has."""
    user = f"{name}-{uuid.uuid4().hex[:8]}"
    server.add_user(user, PASSWORD)
    return user


def friend_of(server: Server, user: str) -> Friend:
    """Signed in as a user of the server, with another library."""
    return Friend(server.host, server.starttls_port, server.domain, user, PASSWORD, server.ca_file)


def sign_in(program: Program, server: Server, user: str) -> None:
    """Sign in through the start page and the dialog."""
    find(program.window, QPushButton, "Sign in").click()
    program.until(lambda: open_dialog(SignInDialog))
    dialog = open_dialog(SignInDialog)
    assert dialog is not None
    find(dialog, QLineEdit, "Address").setText(f"{user}@{server.domain}")
    find(dialog, QLineEdit, "Password").setText(PASSWORD)
    find(dialog, QPushButton, "Advanced").click()
    find(dialog, QLineEdit, "Host").setText(server.host)
    find(dialog, QLineEdit, "Port").setText(str(server.starttls_port))
    find(dialog, QComboBox, "Security").setCurrentText("STARTTLS")
    find(dialog, QPushButton, "Sign in").click()
    program.until(program.is_online)


def test_sign_in_accept_chat_and_find_it_again(both: Server, start: StartProgram, qtbot: QtBot) -> None:
    alice, bob = new_user(both, "alice"), new_user(both, "bob")
    bob_jid = JID.parse(f"{bob}@{both.domain}")
    program = start()
    sign_in(program, both, alice)

    async def meet() -> None:
        async with friend_of(both, bob) as friend:
            await friend.send("presence", to=f"{alice}@{both.domain}", type="subscribe")
            await _accept(program)
            await friend.wait_for(
                lambda e: e["event"] == "presence" and alice in e["from"] and e["type"] == "available"
            )
            await friend.wait_for(lambda e: e["event"] == "presence" and e["type"] == "subscribe")
            await friend.send("presence", to=f"{alice}@{both.domain}", type="subscribed")
            await until(lambda: _subscription(program, bob_jid) is Subscription.BOTH)
            await until(
                lambda: program.services.presence.best(_account(program), bob_jid).availability is Availability.ONLINE
            )
            await friend.send("message", to=f"{alice}@{both.domain}", body="晚上好 <b>Alice</b>", id="b1", receipt=True)
            await friend.wait_for(lambda e: e["event"] == "receipt" and e["id"] == "b1")
            _type(program, bob_jid, "On my way\nsoon", qtbot)
            heard = await friend.wait_for(lambda e: e["event"] == "message")
            assert heard["body"] == "On my way\nsoon"
            await until(lambda: _states(program, bob_jid)[-1] is DeliveryState.DELIVERED)

    program.run(meet(), timeout=60)
    program.quit()

    again = start()
    contact = again.services.roster.find(_account(again), bob_jid)
    assert contact is not None, "the roster is on disk, before any connection"
    assert _bodies(again, bob_jid) == ["晚上好 <b>Alice</b>", "On my way\nsoon"]


def test_create_an_account_and_be_signed_in(both: Server, start: StartProgram) -> None:
    program = start()
    name = f"new-{uuid.uuid4().hex[:8]}"
    find(program.window, QPushButton, "Create an account").click()
    program.until(lambda: open_dialog(CreateAccountDialog))
    dialog = open_dialog(CreateAccountDialog)
    assert dialog is not None
    find(dialog, QComboBox, "Provider").setCurrentText(both.domain)
    find(dialog, QPushButton, "Advanced").click()
    find(dialog, QLineEdit, "Host").setText(both.host)
    find(dialog, QLineEdit, "Port").setText(str(both.starttls_port))
    find(dialog, QPushButton, "Continue").click()
    program.until(
        lambda: [b for b in dialog.findChildren(QPushButton) if b.isVisible() and b.text() == "Create account"]
    )
    fields = [field for field in dialog.findChildren(QLineEdit) if field.isVisible()]
    user = next(f for f in fields if "name" in f.accessibleName().lower())
    password = next(f for f in fields if "password" in f.accessibleName().lower())
    user.setText(name)
    password.setText(PASSWORD)
    find(dialog, QPushButton, "Create account").click()
    program.until(program.is_online)
    assert [str(a.jid) for a in program.services.accounts.list_accounts()] == [f"{name}@{both.domain}"]


def test_what_is_written_offline_goes_out_later(prosody: Server, start: StartProgram) -> None:
    alice, bob = new_user(prosody, "alice"), new_user(prosody, "bob")
    bob_jid = JID.parse(f"{bob}@{prosody.domain}")
    program = start()
    program.sign_in(prosody, alice, PASSWORD)
    program.services.presence.set_own(OwnPresence(Availability.OFFLINE))
    program.until(lambda: not program.is_online())
    conversation = program.services.conversations.open(_account(program), bob_jid)
    program.services.outbox.submit(conversation.id, "from the train")
    assert _states(program, bob_jid) == [DeliveryState.QUEUED]
    program.quit()

    again = start()
    assert _states(again, bob_jid) == [DeliveryState.QUEUED]

    async def arrive() -> None:
        async with friend_of(prosody, bob) as friend:
            again.services.presence.set_own(OwnPresence(Availability.ONLINE))
            await again.services.accounts.set_password(_account(again), PASSWORD, True)
            heard = await friend.wait_for(lambda e: e["event"] == "message")
            assert heard["body"] == "from the train"
            await until(lambda: not _states(again, bob_jid)[0].is_waiting)

    again.run(arrive(), timeout=60)


async def _accept(program: Program) -> None:
    await until(lambda: program.services.requests.list_requests())
    await until(lambda: open_dialog(RequestDialog) or _review(program))
    dialog = open_dialog(RequestDialog)
    assert dialog is not None
    find(dialog, QLineEdit, "Groups").setText("Friends")
    accept = find(dialog, QPushButton, "Accept")
    await until(accept.isEnabled)
    accept.click()


def _review(program: Program) -> bool:
    review = [b for b in program.window.findChildren(QPushButton) if b.isVisible() and b.text() == "Review"]
    if review:
        review[0].click()
    return False


def _type(program: Program, jid: JID, text: str, qtbot: QtBot) -> None:
    """Type into the conversation and press Enter."""
    conductor = program.window.conductor
    assert conductor is not None
    conductor.open(_account(program), jid)
    pane = next(p for p in program.window.findChildren(ConversationPane) if p.isVisible())
    editor = find(pane, QPlainTextEdit, "Message")
    for index, line in enumerate(text.split("\n")):
        if index:
            qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        qtbot.keyClicks(editor, line)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.toPlainText() == ""


def _account(program: Program) -> AccountId:
    return program.services.accounts.list_accounts()[0].id


def _subscription(program: Program, jid: JID) -> Subscription | None:
    contact = program.services.roster.find(_account(program), jid)
    return contact.subscription if contact is not None else None


def _states(program: Program, jid: JID) -> list[DeliveryState]:
    conversation = program.services.conversations.open(_account(program), jid)
    return [m.state for m in program.services.conversations.latest(conversation.id, 50)]


def _bodies(program: Program, jid: JID) -> list[str]:
    conversation = program.services.conversations.open(_account(program), jid)
    return [m.body for m in program.services.conversations.latest(conversation.id, 50)]
