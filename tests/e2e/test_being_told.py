"""Notifications, tray and taskbar: a friend writes while the window is away, and is dealt with there."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.helpers.acceptance import PASSWORD, new_desktop, sign_in, start, wait_message, wait_online
from tests.helpers.desktop import App, Desktop
from tests.helpers.desktop_services import Notification, NotificationService, Taskbar, TrayHost
from tests.helpers.friend import Friend
from tests.helpers.servers import Server

pytestmark = pytest.mark.server


@dataclass
class World:
    """A desktop and what it has."""

    desktop: Desktop
    notifications: NotificationService
    tray: TrayHost
    taskbar: Taskbar


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_desktop(tmp_path, keyring=False) as desktop, ExitStack() as stack:
        bus = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
        service = NotificationService(bus, "actions", "body", "body-markup", "inline-reply")
        yield World(
            desktop,
            stack.enter_context(service),
            stack.enter_context(TrayHost(bus)),
            stack.enter_context(Taskbar(bus)),
        )


@pytest.fixture
def alice(prosody: Server) -> str:
    return user_of(prosody, "alice")


@pytest.fixture
async def bob(prosody: Server, alice: str) -> AsyncIterator[Friend]:
    """A contact, online with another library."""
    user = user_of(prosody, "bob")
    prosody.make_contacts(alice, [user])
    async with Friend(prosody.host, prosody.starttls_port, prosody.domain, user, PASSWORD, prosody.ca_file) as friend:
        yield friend


def user_of(server: Server, name: str) -> str:
    """The name of an account that nobody else uses; letters and digits, as the files of rosters are named."""
    user = f"{name}{uuid.uuid4().hex[:6]}"
    server.add_user(user, PASSWORD)
    return user


def new_one(world: World, count: int) -> Notification:
    """The last of so many notifications."""
    world.notifications.wait(lambda: len(world.notifications.asked) == count, f"{count} notifications")
    return world.notifications.asked[-1]


def badge(app: App, world: World, count: int | None) -> None:
    """Wait until the taskbar and the tray tell of so many."""
    world.taskbar.wait(lambda: world.taskbar.badges[-1:] == [count], f"a badge of {count}")
    words = f"Whimbrel, {count} unread" if count else "Whimbrel"
    app.wait_for(lambda: words == world.tray.read("ToolTip")[2], f"the tray to say {words!r}")


def icons(world: World) -> dict[int, bytes]:
    """The pictures in the tray, by their width in pixels."""
    return {width: bytes(data) for width, _height, data in world.tray.read("IconPixmap")}


def hide(app: App) -> None:
    """Close the window, whose program stays in the tray."""
    app.wait_for(lambda: "active" in app.find("frame", "Whimbrel").look().states, "the window to have the keyboard")
    app.press("Alt+F4")


def hidden(app: App) -> None:
    """Wait until there is no window."""
    app.wait_for(lambda: not app.find_all("list", "Chats"), "the window to go")


async def test_what_a_friend_writes_is_told_answered_and_marked_as_read(
    world: World, prosody: Server, alice: str, bob: Friend
) -> None:
    me = f"{alice}@{prosody.domain}"
    app = start(world.desktop, prosody)
    sign_in(app, prosody, alice)
    wait_online(app)
    hide(app)
    app.find("button", "Keep running").click()
    hidden(app)
    plain = icons(world)
    assert {16, 22, 32, 64} <= plain.keys()

    await bob.send("message", to=me, body="<b>Dinner</b> & a film?", id="m1", markable=True)
    first = new_one(world, 1)
    assert first.body == "&lt;b&gt;Dinner&lt;/b&gt; &amp; a film?"
    assert first.title == bob.jid.partition("@")[0]
    assert first.hints["image-data"][1][:2] == (96, 96)
    assert first.actions == ["default", "Open", "inline-reply", "Reply", "read", "Mark as read"]
    badge(app, world, 1)
    counting = icons(world)
    assert all(counting[width] != plain[width] for width in (16, 22, 32, 64)), "the number is drawn into each"

    world.notifications.click(first.number, "read")
    await bob.wait_for(lambda event: event["event"] == "displayed" and event["id"] == "m1")
    world.notifications.wait(lambda: world.notifications.closed == [first.number], "it to be taken away")
    badge(app, world, None)

    await bob.send("message", to=me, body="Well?", id="m2", markable=True)
    second = new_one(world, 2)
    world.notifications.write(second.number, "On my way")
    heard = await bob.wait_for(lambda event: event["event"] == "message")
    assert heard["body"] == "On my way"
    await bob.wait_for(lambda event: event["event"] == "displayed" and event["id"] == "m2")
    world.notifications.wait(lambda: second.number in world.notifications.closed, "it to be taken away")
    assert not app.find_all("list", "Chats"), "all that without a window"

    await bob.send("message", to=me, body="See you", id="m3")
    third = new_one(world, 3)
    world.notifications.click(third.number)
    wait_message(app, "See you")
    app.wait_for(lambda: "focused" in app.find("text", "Message").look().states, "the message to have the keyboard")
    world.notifications.wait(lambda: third.number in world.notifications.closed, "it to be taken away")

    hide(app)
    hidden(app)  # unasked
    world.tray.activate()
    app.find("list", "Chats")
    await asyncio.to_thread(world.tray.choose, "Settings…")
    app.find("dialog", "Settings").find("button", "Close").click()
    app.gone("dialog", "Settings")
    hide(app)
    hidden(app)
    await bob.send("message", to=me, body="One more thing", id="m4")
    new_one(world, 4)
    world.tray.choose("Quit")
    assert app.wait_ended() == 0
    assert world.notifications.shown == {}, "nobody would hear an answer"
