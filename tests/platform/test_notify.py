"""Notifications over a private D-Bus, with a service that writes down what it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.asyncio import DBusConnection, DBusRouter, Proxy, open_dbus_connection
from tests.helpers.bus import bus_address, is_missing, start_bus

from whimbrel.platform.notify import Notifier

NAME = "org.freedesktop.Notifications"
EMITTER = DBusAddress("/org/freedesktop/Notifications", interface=NAME)


@pytest.fixture
def session_bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    if is_missing():
        pytest.skip("NOT TESTED: dbus-daemon is not installed")
    bus = start_bus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus_address(tmp_path))
    yield bus_address(tmp_path)
    bus.terminate()
    bus.wait(10)


class Service:
    """The part of a notification service that we use."""

    def __init__(self, connection: DBusConnection, capabilities: list[str]) -> None:
        self._connection = connection
        self._capabilities = capabilities
        self.inhibited = False
        self.calls: asyncio.Queue[tuple[str, tuple[Any, ...]]] = asyncio.Queue()

    async def serve(self) -> None:
        number = 6
        while True:
            message = await self._connection.receive()
            if message.header.message_type != MessageType.method_call:
                continue
            method = message.header.fields[HeaderFields.member]
            if method == "GetCapabilities":
                answer = new_method_return(message, "as", (self._capabilities,))
            elif method == "Notify":
                number += not message.body[1]
                answer = new_method_return(message, "u", (message.body[1] or number,))
                self.calls.put_nowait((method, message.body))
            elif method == "Get":
                answer = new_method_return(message, "v", (("b", self.inhibited),))
            else:
                answer = new_method_return(message)
                self.calls.put_nowait((method, message.body))
            await self._connection.send(answer)

    async def click(self, number: int, action: str = "default") -> None:
        await self._connection.send(new_signal(EMITTER, "ActionInvoked", "us", (number, action)))

    async def write(self, number: int, text: str) -> None:
        await self._connection.send(new_signal(EMITTER, "NotificationReplied", "us", (number, text)))


async def _service(capabilities: list[str]) -> tuple[Service, asyncio.Task[None], DBusConnection]:
    connection = await open_dbus_connection("SESSION")
    async with DBusRouter(connection) as router:
        await Proxy(message_bus, router).RequestName(NAME)
    service = Service(connection, capabilities)
    return service, asyncio.create_task(service.serve()), connection


@asynccontextmanager
async def _serving(*capabilities: str) -> AsyncIterator[Service]:
    service, task, connection = await _service(list(capabilities))
    yield service
    task.cancel()
    await connection.close()


@pytest.fixture
async def service(session_bus: str) -> AsyncIterator[Service]:
    async with _serving("body", "body-markup", "actions") as service:
        yield service


async def _next(service: Service) -> tuple[str, tuple[Any, ...]]:
    return await asyncio.wait_for(service.calls.get(), 10)


async def test_shown_replaced_clicked_and_closed(service: Service) -> None:
    notifier = Notifier()
    clicked: asyncio.Queue[str] = asyncio.Queue()
    notifier.activated.connect(clicked.put_nowait)
    try:
        notifier.show("chat:1", "莉莉", "<img src='http://evil.example/x'> & more")
        method, (application, replaces, _icon, title, body, actions, hints, timeout) = await _next(service)
        assert (method, application, replaces, title, timeout) == ("Notify", "Whimbrel", 0, "莉莉", -1)
        assert body == "&lt;img src='http://evil.example/x'&gt; &amp; more"
        assert actions[0] == "default"
        assert hints["desktop-entry"] == ("s", "im.whimbrel.Whimbrel")

        notifier.show("chat:1", "莉莉", "again")
        notifier.show("chat:2", "Bob", "other")
        assert (await _next(service))[1][1] == 7, "replaces the first"
        assert (await _next(service))[1][1] == 0

        await service.click(7)
        assert await asyncio.wait_for(clicked.get(), 10) == "chat:1"

        notifier.close("chat:2")
        notifier.close("chat:9")
        notifier.close("chat:1")
        assert [await _next(service), await _next(service)] == [
            ("CloseNotification", (8,)),
            ("CloseNotification", (7,)),
        ]
    finally:
        await notifier.stop()


async def test_without_a_service_the_fallback_shows_it(session_bus: str) -> None:
    shown: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()
    notifier = Notifier(lambda *wish: shown.put_nowait(wish))
    notifier.show("chat:1", "Bob", "<b>hi</b>")
    assert await asyncio.wait_for(shown.get(), 10) == ("chat:1", "Bob", "<b>hi</b>")
    notifier.show("chat:1", "Bob", "and again")
    assert (await asyncio.wait_for(shown.get(), 10))[2] == "and again"
    await notifier.stop()


async def test_without_a_bus_the_fallback_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    shown: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()
    notifier = Notifier(lambda *wish: shown.put_nowait(wish))
    notifier.show("chat:1", "Bob", "hi")
    assert await asyncio.wait_for(shown.get(), 10) == ("chat:1", "Bob", "hi")
    await notifier.stop()


async def test_it_is_answered_and_marked_as_read_from_the_notification(service: Service) -> None:
    notifier, done = Notifier(), asyncio.Queue[tuple[str, ...]]()
    notifier.read_requested.connect(lambda key: done.put_nowait(("read", key)))
    notifier.reply_requested.connect(lambda key: done.put_nowait(("reply", key)))
    try:
        notifier.show("chat:1", "Bob", "hi", answerable=True)
        actions = (await _next(service))[1][5]
        assert actions == ["default", "Open", "reply", "Reply", "read", "Mark as read"]
        notifier.show("chat:2", "Bob", "no actions for a summary")
        assert (await _next(service))[1][5] == ["default", "Open"]
        await service.click(7, "reply")
        await service.click(7, "read")
        await service.click(99, "read")
        assert [await asyncio.wait_for(done.get(), 10) for _ in range(2)] == [("reply", "chat:1"), ("read", "chat:1")]
    finally:
        await notifier.stop()


async def test_what_is_written_in_the_notification_is_an_answer(session_bus: str) -> None:
    notifier, done = Notifier(), asyncio.Queue[tuple[str, ...]]()
    notifier.replied.connect(lambda key, text: done.put_nowait((key, text)))
    notifier.reply_requested.connect(lambda key: done.put_nowait((key,)))
    async with _serving("actions", "inline-reply") as service:
        try:
            notifier.show("chat:1", "Bob", "hi", answerable=True)
            _, arguments = await _next(service)
            assert arguments[5][2:4] == ["inline-reply", "Reply"]
            assert arguments[6]["x-kde-reply-submit-button-text"] == ("s", "Send")
            notifier.show("chat:2", "Lili", "the first one is known by now")
            await _next(service)
            await service.write(7, " on my way\n")
            await service.write(7, "  ")
            assert await asyncio.wait_for(done.get(), 10) == ("chat:1", "on my way")
            assert await asyncio.wait_for(done.get(), 10) == ("chat:1",)
        finally:
            await notifier.stop()


async def test_the_desktop_makes_the_sound_where_it_can(session_bus: str) -> None:
    played: list[str] = []
    notifier = Notifier(play=lambda: played.append("played"))
    async with _serving("sound") as service:
        try:
            notifier.show("chat:1", "Bob", "hi", heard=True)
            _, arguments = await _next(service)
            assert arguments[5] == []
            assert arguments[6]["sound-file"][1].endswith("sounds/message.wav")
            notifier.show("chat:1", "Bob", "hi")
            _, arguments = await _next(service)
            assert (arguments[6]["suppress-sound"], "sound-file" in arguments[6]) == (("b", True), False)
        finally:
            await notifier.stop()
    assert played == []


@pytest.mark.parametrize("inhibited", [False, True])
async def test_where_it_cannot_we_do_unless_the_person_is_not_to_be_disturbed(
    service: Service, inhibited: bool
) -> None:
    played: list[str] = []
    service.inhibited = inhibited
    notifier = Notifier(play=lambda: played.append("played"))
    notifier.show("chat:1", "Bob", "hi", heard=True)
    notifier.show("chat:1", "Bob", "silent")
    assert (await _next(service))[1][4] == "hi"
    assert (await _next(service))[1][4] == "silent"
    await notifier.stop()
    assert played == ([] if inhibited else ["played"])


async def test_attention_is_urgent(service: Service) -> None:
    notifier = Notifier()
    notifier.show("chat:1", "Bob", "Asks for your attention", urgent=True)
    assert (await _next(service))[1][6]["urgency"] == ("y", 2)
    await notifier.stop()
