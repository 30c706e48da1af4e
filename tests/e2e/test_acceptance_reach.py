"""A whole first evening with the program, by keyboard and screen reader alone; no mouse, and nothing from inside it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.helpers.acceptance import PASSWORD, new_desktop, new_user, start, wait_message
from tests.helpers.desktop import App, Desktop
from tests.helpers.friend import Friend
from tests.helpers.servers import Server

pytestmark = pytest.mark.server

_MOST_TABS = 40


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    """A desktop with a keyring."""
    with new_desktop(tmp_path) as running:
        yield running


@pytest.fixture
async def bob(prosody: Server) -> AsyncIterator[Friend]:
    """A friend on another library, online."""
    user = new_user(prosody, "bob")
    async with Friend(prosody.host, prosody.starttls_port, prosody.domain, user, PASSWORD, prosody.ca_file) as friend:
        yield friend


def tab_to(app: App, role: str, name: str) -> None:
    """Press Tab until an element has the keyboard, each time once the one before has lost it."""
    passed: list[list[str]] = [[]]
    for _ in range(_MOST_TABS):
        app.wait_for(lambda: app.focused() not in ([], passed[-1]), f"the focus to leave {passed[-1]}")
        passed.append(app.focused())
        if f"{role} {name}" in passed[-1]:
            return
        app.press("Tab")
    raise AssertionError(f"no Tab leads to the {role} {name}, but to {passed}")


def wait_said(app: App, words: str) -> None:
    """Wait until the program had something read out."""
    app.wait_for(lambda: any(words in said for said in app.announced()), f"{words!r} to be said: {app.announced()}")


def register(app: App, server: Server, user: str) -> None:
    """Create an account at a provider."""
    app.wait_focused("button", "Sign in")
    tab_to(app, "button", "Create an account")
    app.press("Return")
    app.find("dialog", "Create an account")
    app.wait_focused("text", "Provider")
    app.type(server.domain)
    tab_to(app, "button", "Advanced")
    app.type(" ")
    tab_to(app, "text", "Host")
    app.type(server.host)
    tab_to(app, "text", "Port")
    app.type(str(server.starttls_port))
    tab_to(app, "combo box", "Security")
    app.type("STARTTLS\n")
    app.wait_focused("text", "Username")
    app.type(user)
    tab_to(app, "password text", "Password")
    app.type(f"{PASSWORD}\n")
    app.gone("dialog", "Create an account")


async def test_an_evening_by_keyboard_and_ear(desktop: Desktop, prosody: Server, bob: Friend) -> None:
    user = f"carol-{uuid.uuid4().hex[:6]}"
    me = f"{user}@{prosody.domain}"
    app = start(desktop, prosody)
    register(app, prosody, user)
    wait_said(app, "Online")

    await bob.send("presence", to=me, type="subscribe")
    app.find("button", "Review")
    tab_to(app, "button", "Review")  # the dialog is there, but took the keyboard from nobody
    app.press("Return")
    dialog = app.find("dialog", "Contact request")
    dialog.find("label", bob.jid)
    tab_to(app, "text", "Name")
    app.type("Bob")
    tab_to(app, "button", "Accept")
    app.press("Return")
    app.gone("dialog", "Contact request")
    asked = await bob.wait_for(lambda event: event["event"] == "presence" and event["type"] == "subscribed")
    assert asked["from"] == me

    await bob.send("message", to=me, body="Are you there?", id="b1")
    wait_said(app, "Bob: Are you there?")
    app.press("Ctrl+k")
    app.type("Bob\n")
    app.wait_focused("text", "Message")
    wait_message(app, "Are you there?")
    app.type("Yes, by keyboard\n")
    heard = await bob.wait_for(lambda event: event["event"] == "message")
    assert heard["body"] == "Yes, by keyboard"
    await bob.send("message", to=heard["from"], body="Splendid", id="b2")
    wait_said(app, "Splendid")

    app.press("Ctrl+f")
    app.wait_focused("text", "Search in this conversation")
    app.type("splend")
    wait_said(app, "1 of 1")
    app.press("Escape")
    app.wait_focused("text", "Message")

    before = app.find("button", "Send").look().box
    app.press("Ctrl+,")
    app.wait_focused("text", "Search settings")
    app.type("text size\n")
    tab_to(app, "combo box", "Text size")
    app.type("200")
    app.press("Escape")
    app.gone("dialog", "Settings")
    assert before is not None
    height = before[3]
    app.wait_for(lambda: (app.find("label", "Bob").look().box or before)[3] > height, "larger texts")

    app.press("Ctrl+q")
    assert app.wait_ended() == 0
    left = await bob.wait_for(lambda event: event["event"] == "presence" and event["type"] == "unavailable")
    assert left["from"].startswith(me)
