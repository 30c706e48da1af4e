"""The list *Chats* by keyboard and screen reader: who writes, what is kept of chats, notes to oneself."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.helpers.acceptance import (
    PASSWORD,
    new_desktop,
    open_chat,
    sign_in,
    start,
    wait_message,
    wait_online,
)
from tests.helpers.desktop import App, Desktop, Element
from tests.helpers.friend import Friend
from tests.helpers.servers import Server

pytestmark = pytest.mark.server


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    """A desktop with a keyring."""
    with new_desktop(tmp_path) as running:
        yield running


@pytest.fixture
def names(prosody: Server) -> tuple[str, ...]:
    """Alice and her contacts Bob, Carol, Dora and Erik."""
    mark = uuid.uuid4().hex[:6]
    alice, *others = (f"{name}{mark}" for name in ("alice", "bob", "carol", "dora", "erik"))
    for name in (alice, *others):
        prosody.add_user(name, PASSWORD)
    prosody.make_contacts(alice, others)
    return alice, *others


@pytest.fixture
async def bob(prosody: Server, names: tuple[str, ...]) -> AsyncIterator[Friend]:
    """A friend on another library, online."""
    user = names[1]
    async with Friend(prosody.host, prosody.starttls_port, prosody.domain, user, PASSWORD, prosody.ca_file) as friend:
        yield friend


def rows(app: App) -> list[str]:
    """The names in the list, from above."""
    return [row.look().name for row in app.find("list", "Chats").find_all("list item")]


def wait_row(app: App, name: str, *told: str, never: str = "\0") -> Element:
    """The row of a chat, once a screen reader says all of this of it, and not the other."""

    def look() -> Element | None:
        for row in app.find("list", "Chats").find_all("list item", name):
            description = row.look().description
            if all(words in description for words in told) and never not in description:
                return row
        return None

    found = app.wait_for(look, f"the chat {name!r} {told}")
    assert found is not None
    return found


def wait_focus(app: App, name: str) -> None:
    """Wait until the keyboard is at a row of the list."""

    def look() -> bool:
        found = app.find("list", "Chats").find_all("list item", name)
        return bool(found) and "focused" in found[0].look().states

    app.wait_for(look, f"the keyboard at {name!r}")


def press(app: App, *keys: str) -> None:
    """Press keys that a menu takes: Qt tells nobody of the lines of a menu that belongs to no menu bar."""
    for key in keys:
        app.press(key)


def said(app: App, text: str) -> int:
    """In how many rows of the conversation a text is."""
    return sum(text in row.look().name for row in app.find("list", "Messages").find_all("list item"))


async def test_who_writes_and_what_is_kept_of_chats(
    desktop: Desktop, prosody: Server, names: tuple[str, ...], bob: Friend
) -> None:
    alice, bobs_name, carol, dora, erik = names
    app = start(desktop, prosody)
    sign_in(app, prosody, alice)
    wait_online(app)
    app.find("page tab", "Chats").click()
    for name in (carol, dora, erik, bobs_name):
        open_chat(app, name).focus()
        app.type(f"hello {name}\n")
        wait_row(app, name, f"hello {name}")
    me = f"{alice}@{prosody.domain}"

    await bob.send("state", to=me, state="composing")
    wait_row(app, bobs_name, "typing…")
    app.find("label", "typing…")
    await bob.send("message", to=me, body="there", id="b1")
    wait_row(app, bobs_name, "there", never="typing…")
    app.gone("label", "typing…")
    app.type("half a")
    app.wait_typed("text", "Message", "half a")
    told = await bob.wait_for(lambda event: event["event"] == "state")
    assert (told["from"].partition("/")[0], told["state"]) == (me, "composing")

    open_chat(app, carol)
    wait_row(app, bobs_name, "Draft: half a")
    app.find("list", "Chats").focus()
    press(app, "Shift+F10", *["Down"] * 3, "Return")  # Open conversation, Open in new window, Pin
    wait_row(app, carol, "pinned")
    app.press("Ctrl+Shift+l")
    wait_row(app, carol, "marked as unread")
    open_chat(app, dora)
    app.press("Ctrl+Shift+a")
    app.wait_for(lambda: rows(app) == [carol, bobs_name, erik, "Archived"], "the order of the list")
    app.find("list", "Chats").focus()
    app.press("Home")
    wait_focus(app, carol)
    app.press("End")
    wait_focus(app, "Archived")
    app.press("Up")
    wait_focus(app, erik)
    press(app, "Ctrl+Shift+m", "Down", "Return")
    wait_row(app, erik, "Muted until")

    app.kill()
    again = start(desktop, prosody)
    wait_online(again)
    again.find("page tab", "Chats").click()
    wait_row(again, carol, "pinned", "marked as unread")
    wait_row(again, bobs_name, "Draft: half a")
    wait_row(again, erik, "Muted until")
    assert rows(again) == [carol, bobs_name, erik, "Archived"]
    open_chat(again, carol)
    wait_row(again, carol, "pinned", never="marked as unread")
    assert open_chat(again, bobs_name).text() == "half a"
    again.find("list", "Chats").focus()
    again.press("End")
    again.press("Return")
    wait_row(again, dora, f"hello {dora}")


async def test_a_note_to_oneself_is_on_both_devices_once(
    desktop: Desktop, prosody: Server, names: tuple[str, ...]
) -> None:
    def start_other() -> App:
        return start(desktop, prosody, "--profile", str(desktop.folder / "other"))

    def show_notes(app: App) -> None:
        app.find("menu item", "Contacts").click()
        app.find("menu item", "Notes to self").click()

    other = start_other()
    sign_in(other, prosody, names[0])
    wait_online(other)
    show_notes(other)
    app = start(desktop, prosody)  # the last one that is started has the keyboard
    sign_in(app, prosody, names[0])
    wait_online(app)
    open_chat(app, "Notes to self").focus()
    app.type("buy oranges\n")
    wait_message(app, "buy oranges", "Sent")
    wait_message(other, "buy oranges")
    app.type("and milk\n")
    wait_message(app, "and milk", "Sent")
    wait_message(other, "and milk")
    assert [said(each, text) for each in (app, other) for text in ("buy oranges", "and milk")] == [1, 1, 1, 1]
    other.kill()
    other = start_other()
    wait_online(other)
    show_notes(other)
    wait_message(other, "and milk")
    assert [said(other, text) for text in ("buy oranges", "and milk")] == [1, 1]
