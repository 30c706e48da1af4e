"""The program as a person with a keyboard and a screen reader meets it: from outside, by role and name, on Prosody."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.helpers.acceptance import (
    PASSWORD,
    assert_private,
    connect_by_hand,
    new_desktop,
    new_user,
    open_chat,
    quit_program,
    sign_in,
    start,
    wait_message,
    wait_online,
)
from tests.helpers.desktop import Desktop
from tests.helpers.friend import Friend
from tests.helpers.servers import Server

pytestmark = pytest.mark.server


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    """A desktop with a keyring."""
    with new_desktop(tmp_path) as running:
        yield running


@pytest.fixture
def alice(prosody: Server) -> str:
    """The name of an account that nobody else uses."""
    return new_user(prosody, "alice")


@pytest.fixture
async def bob(prosody: Server) -> AsyncIterator[Friend]:
    """A friend on another library, online."""
    user = new_user(prosody, "bob")
    async with Friend(prosody.host, prosody.starttls_port, prosody.domain, user, PASSWORD, prosody.ca_file) as friend:
        yield friend


async def test_sign_in_add_a_friend_chat_and_find_it_again(
    desktop: Desktop, prosody: Server, alice: str, bob: Friend
) -> None:
    app = start(desktop, prosody)
    sign_in(app, prosody, alice)
    app.gone("dialog", "Sign in")
    wait_online(app)

    app.find("menu item", "Contacts").click()
    app.find("menu item", "Add contact…").click()
    dialog = app.find("dialog", "Add contact")
    dialog.find("text", "Address").set_text(bob.jid)
    dialog.find("text", "Name").set_text("Bob")
    dialog.find("text", "Groups").set_text("Friends")
    dialog.find("button", "Add").click()
    app.gone("dialog", "Add contact")
    asked = await bob.wait_for(lambda event: event["event"] == "presence" and event["type"] == "subscribe")
    assert asked["from"] == f"{alice}@{prosody.domain}"
    for answer in ("subscribe", "subscribed"):  # asks back; whom we asked ourselves is let in without a question
        await bob.send("presence", to=asked["from"], type=answer)
    app.find("page tab", "Contacts").click()
    tree = app.find("tree", "Contacts")
    tree.find("table cell", "Friends")
    contact = tree.find("table cell", "Bob")
    app.wait_for(lambda: contact.look().description.startswith("Online"), "Bob to be online")

    open_chat(app, "Bob").focus()
    app.type("Good evening\n")
    heard = await bob.wait_for(lambda event: event["event"] == "message")
    assert heard["body"] == "Good evening"
    wait_message(app, "Good evening", "Delivered")
    await bob.send("message", to=heard["from"], body="晚上好 <b>Alice</b>", id="b1", receipt=True)
    wait_message(app, "晚上好 <b>Alice</b>")
    await bob.wait_for(lambda event: event["event"] == "receipt" and event["id"] == "b1")

    app.kill()
    again = start(desktop, prosody)  # the password is in the keyring
    wait_online(again)
    open_chat(again, "Bob")
    wait_message(again, "Good evening", "Delivered")
    wait_message(again, "晚上好 <b>Alice</b>")
    quit_program(again)
    assert_private(desktop.folder)


async def test_a_request_is_answered_and_a_message_to_a_closed_chat_is_counted(
    desktop: Desktop, prosody: Server, alice: str, bob: Friend
) -> None:
    app = start(desktop, prosody)
    sign_in(app, prosody, alice)
    wait_online(app)
    await bob.send("presence", to=f"{alice}@{prosody.domain}", type="subscribe")
    dialog = app.find("dialog", "Contact request")
    dialog.find("label", bob.jid)
    dialog.find("text", "Name").set_text("Bob the bird")
    dialog.find("button", "Accept").click()
    app.gone("dialog", "Contact request")
    await bob.wait_for(lambda event: event["event"] == "presence" and event["type"] == "subscribed")
    await bob.send("message", to=f"{alice}@{prosody.domain}", body="Hello", id="h1")
    app.find("frame", "(1) Whimbrel")
    row = app.find("list", "Chats").find("list item", "Bob the bird")
    assert "1 unread" in row.look().description
    open_chat(app, "Bob the bird")
    wait_message(app, "Hello")
    app.find("frame", "Whimbrel")
    quit_program(app)
    left = await bob.wait_for(lambda event: event["event"] == "presence" and event["type"] == "unavailable")
    assert left["from"].startswith(f"{alice}@")


def test_signing_in_needs_nothing_but_keys(desktop: Desktop, prosody: Server, alice: str) -> None:
    app = start(desktop, prosody)
    app.wait_focused("button", "Sign in")
    app.press("Return")
    app.wait_focused("text", "Address")
    app.type(f"{alice}@{prosody.domain}")
    app.press("Tab")
    app.type(PASSWORD)
    for _ in range(3):  # past the eye and Remember password, to Advanced
        app.press("Tab")
    app.press("Return")
    app.press("Tab")
    app.type(prosody.host)
    app.press("Tab")
    app.type(f"{prosody.starttls_port}\n")
    app.gone("dialog", "Sign in")
    wait_online(app)


def test_a_wrong_password_is_explained_and_can_be_mended(desktop: Desktop, prosody: Server, alice: str) -> None:
    app = start(desktop, prosody)
    dialog = sign_in(app, prosody, alice, "wrong")
    error = dialog.find("label", "Error")
    address = f"{alice}@{prosody.domain}"
    assert f"The password is not right for {address}" in error.look().description
    assert dialog.find("text", "Address").text() == address
    password = dialog.find("password text", "Password")
    app.wait_for(lambda: "focused" in password.look().states, "the password to have the focus")
    app.type(f"{PASSWORD}\n")  # over what is selected
    app.gone("dialog", "Sign in")
    wait_online(app)


def test_an_account_is_created_and_signed_in(desktop: Desktop, prosody: Server) -> None:
    app = start(desktop, prosody)
    app.find("button", "Create an account").click()
    dialog = app.find("dialog", "Create an account")
    connect_by_hand(dialog, prosody)
    dialog.find("combo box", "Provider").focus_inside()
    app.type(prosody.domain)
    dialog.find("button", "Continue").click()
    dialog.find("text", "Username").set_text("carol")
    dialog.find("password text", "Password").set_text(PASSWORD)
    dialog.find("button", "Create account").click()
    app.gone("dialog", "Create an account")
    wait_online(app)
    app.find("label", "carol")


def test_a_second_start_only_raises_the_first_window(desktop: Desktop, prosody: Server) -> None:
    first = start(desktop, prosody)
    first.find("button", "Sign in")
    second = start(desktop, prosody)
    assert second.wait_ended() == 0
    assert first.process.poll() is None


def test_a_removed_account_leaves_no_secret_behind(desktop: Desktop, prosody: Server, alice: str) -> None:
    address = f"{alice}@{prosody.domain}"
    app = start(desktop, prosody)
    sign_in(app, prosody, alice)
    wait_online(app)
    assert kept_password(desktop, address) == PASSWORD
    app.find("menu item", "Account").click()
    app.find("menu item", "Accounts…").click()
    accounts = app.find("dialog", "Accounts")
    accounts.find("list item", address)
    accounts.find("button", "Remove…").click()
    app.find("dialog", f"Remove {address}?").find("button", "Remove").click()
    app.gone("list item", address)
    app.wait_for(lambda: kept_password(desktop, address) == "None", "the password to be forgotten")
    accounts.find("button", "Close").click()
    app.find("button", "Create an account")
    quit_program(app)


def kept_password(desktop: Desktop, address: str) -> str:
    """What the keyring keeps for an address."""
    script = f"import keyring; print(keyring.get_password('im.whimbrel.Whimbrel', {address!r}))"
    command = [sys.executable, "-c", script]
    return subprocess.run(command, env=desktop.env, capture_output=True, text=True, check=True).stdout.strip()
