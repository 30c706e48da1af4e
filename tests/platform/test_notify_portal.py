"""Notifications of a Flatpak, over a private D-Bus with a portal that writes down what it is asked."""

from __future__ import annotations

import asyncio
import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from tests.helpers.desktop_services import NotificationPortal

from whimbrel.platform.notify import Notifier


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch, session_bus: str) -> str:
    monkeypatch.setenv("FLATPAK_ID", "im.whimbrel.Whimbrel")
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "of the start")
    return session_bus


async def test_a_sandbox_shows_and_takes_away_through_the_portal(sandbox: str) -> None:
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    done: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    played: list[bool] = []
    notifier = Notifier(play=lambda: played.append(True))
    for signal, name in (
        (notifier.activated, "open"),
        (notifier.reply_requested, "reply"),
        (notifier.read_requested, "read"),
    ):
        signal.connect(lambda key, name=name: done.put_nowait((key, name)))
    with NotificationPortal(sandbox, 2) as portal:
        notifier.show("chat:1", "Bob <b>", "<i>hi</i>", answerable=True, heard=True, picture=picture)
        await asyncio.to_thread(portal.wait, lambda: portal.shown)
        (details,) = portal.shown.values()
        assert (details["title"], details["body"]) == (("s", "Bob <b>"), ("s", "<i>hi</i>"))
        assert details["sound"] == ("s", "default")
        assert details["icon"][1][1][1].startswith(b"\x89PNG")
        assert [button["action"][1] for button in details["buttons"][1]] == ["reply", "read"]
        for action, name in (("default", "open"), ("reply", "reply"), ("read", "read")):
            portal.click("chat:1", action, "token-1")
            assert await asyncio.wait_for(done.get(), 10) == ("chat:1", name)
        assert os.environ["XDG_ACTIVATION_TOKEN"] == "token-1"
        portal.click("chat:of another program", "default")

        notifier.show("chat:2", "Lili", "changed", only_there=True)  # shows nowhere
        notifier.show("chat:1", "Bob", "removed", only_there=True)
        await asyncio.to_thread(portal.wait, lambda: len(portal.asked) == 2)
        assert portal.shown["chat:1"]["display-hint"] == ("as", ["tray"]), "it does not jump up again"
        notifier.close("chat:1")
        await asyncio.to_thread(portal.wait, lambda: not portal.shown)
        notifier.show("chat:3", "Kofi", "hi")
        await asyncio.to_thread(portal.wait, lambda: portal.shown)
        await notifier.stop()
        assert not portal.shown, "nobody would hear an answer"
    assert done.empty()
    assert played == [], "the portal does"


async def test_an_older_portal_is_asked_for_what_it_knows(sandbox: str) -> None:
    played: list[bool] = []
    notifier = Notifier(play=lambda: played.append(True))
    with NotificationPortal(sandbox, 1) as portal:
        notifier.show("chat:1", "Bob", "hi", heard=True)
        await asyncio.to_thread(portal.wait, lambda: portal.shown)
        assert portal.shown["chat:1"].keys() == {"title", "body", "priority", "default-action"}
        await notifier.stop()
    assert played == [True]


async def test_without_a_portal_the_fallback_shows_it(sandbox: str) -> None:
    shown: asyncio.Queue[tuple[str, ...]] = asyncio.Queue()
    notifier = Notifier(lambda *wish: shown.put_nowait(wish))
    notifier.show("chat:1", "Bob", "hi")
    assert await asyncio.wait_for(shown.get(), 10) == ("chat:1", "Bob", "hi")
    await notifier.stop()
