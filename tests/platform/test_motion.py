"""What the desktop says of motion, over a private session bus with a portal of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, MatchRule, Message, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.asyncio import DBusConnection, DBusRouter, Proxy, open_dbus_connection
from PySide6.QtCore import QCoreApplication
from tests.helpers.bus import bus_address, is_missing, start_bus

from whimbrel.platform.motion import MotionWatch, Told, is_less_motion

SETTINGS = "org.freedesktop.portal.Settings"
PORTAL = DBusAddress("/org/freedesktop/portal/desktop", interface=SETTINGS)
GNOME, KDE, APPEARANCE = "org.gnome.desktop.interface", "org.kde.kdeglobals.KDE", "org.freedesktop.appearance"


class Portal:
    """Answers what is asked of its settings, and counts that."""

    def __init__(self, connection: DBusConnection) -> None:
        self._connection = connection
        self.told: dict[str, dict[str, tuple[str, object]]] = {GNOME: {"enable-animations": ("b", False)}}
        self.asked = 0

    async def serve(self) -> None:
        called = MatchRule(type="method_call", interface=SETTINGS, member="ReadAll")
        async with DBusRouter(self._connection) as router:
            await Proxy(message_bus, router).RequestName("org.freedesktop.portal.Desktop")
            with router.filter(called, bufsize=8) as queue:
                while True:
                    question: Message = await queue.get()
                    assert question.header.message_type is MessageType.method_call
                    self.asked += 1
                    await router.send(new_method_return(question, "a{sa{sv}}", (self.told,)))

    async def change(self, namespace: str, key: str, value: tuple[str, object]) -> None:
        self.told[namespace] = {key: value}
        await self._connection.send(new_signal(PORTAL, "SettingChanged", "ssv", (namespace, key, value)))


@pytest.fixture
def session_bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    if is_missing():
        pytest.skip("NOT TESTED: dbus-daemon is not installed")
    bus = start_bus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus_address(tmp_path))
    yield bus_address(tmp_path)
    bus.terminate()
    bus.wait(10)


@pytest.fixture
async def portal(session_bus: str) -> AsyncIterator[Portal]:
    async with await open_dbus_connection(session_bus) as connection:
        made = Portal(connection)
        serving = asyncio.create_task(made.serve())
        async with await open_dbus_connection(session_bus) as other, DBusRouter(other) as router:
            async with asyncio.timeout(20):
                while (await Proxy(message_bus, router).NameHasOwner("org.freedesktop.portal.Desktop")) != (1,):
                    pass  # each question is a turn of the loop
        yield made
        serving.cancel()
        await asyncio.wait({serving})


async def test_what_the_desktop_asks_for_is_told_also_when_it_changes(qapp: QCoreApplication, portal: Portal) -> None:
    told: asyncio.Queue[bool] = asyncio.Queue()
    watch = MotionWatch()
    watch.changed.connect(told.put_nowait)
    watch.start()
    watch.start()
    async with asyncio.timeout(20):
        assert await told.get() is True
        await portal.change(APPEARANCE, "color-scheme", ("u", 1))  # which asks for nothing anew
        await portal.change(GNOME, "enable-animations", ("b", True))
        assert await told.get() is False
        await portal.change(APPEARANCE, "reduced-motion", ("u", 1))
        assert await told.get() is True
    assert portal.asked == 3
    watch.stop()


@pytest.mark.usefixtures("session_bus")
async def test_without_a_portal_things_move(qapp: QCoreApplication) -> None:
    before = asyncio.all_tasks()
    told: list[bool] = []
    watch = MotionWatch()
    watch.changed.connect(told.append)
    watch.start()
    (task,) = asyncio.all_tasks() - before
    async with asyncio.timeout(20):
        await asyncio.wait({task})
    assert task.exception() is None
    assert told == []
    watch.stop()


@pytest.mark.parametrize("address", ["unix:path=/nowhere/at/all", "nonsense", ""])
async def test_without_a_bus_nothing_breaks(
    qapp: QCoreApplication, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    before = asyncio.all_tasks()
    watch = MotionWatch()
    watch.start()
    (task,) = asyncio.all_tasks() - before
    async with asyncio.timeout(20):
        await asyncio.wait({task})
    assert not task.cancelled()
    assert task.exception() is None
    watch.stop()


@pytest.mark.parametrize(
    ("told", "less"),
    [
        ({}, False),
        ({APPEARANCE: {"reduced-motion": ("u", 1)}}, True),
        ({APPEARANCE: {"reduced-motion": ("u", 7)}}, False),
        ({GNOME: {"enable-animations": ("b", False)}}, True),
        ({GNOME: {"enable-animations": ("b", True)}}, False),
        ({KDE: {"AnimationDurationFactor": ("s", "0")}}, True),
        ({KDE: {"AnimationDurationFactor": ("s", "0.5")}}, False),
        ({KDE: {"AnimationDurationFactor": ("s", "none")}}, False),
    ],
)
def test_each_desktop_says_it_in_its_own_way(told: Told, less: bool) -> None:
    assert is_less_motion(told) is less
