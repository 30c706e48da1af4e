"""Waking from sleep, over a private system bus with a logind of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from jeepney import DBusAddress, message_bus, new_method_call, new_signal
from jeepney.io.asyncio import DBusConnection, DBusRouter, Proxy, open_dbus_connection
from PySide6.QtCore import QCoreApplication

from whimbrel.platform.suspend import SuspendWatch

MANAGER = "org.freedesktop.login1.Manager"
LOGIND = DBusAddress("/org/freedesktop/login1", interface=MANAGER)


@pytest.fixture
async def logind(system_bus: str) -> AsyncIterator[DBusConnection]:
    connection = await open_dbus_connection(system_bus)
    async with connection:
        async with DBusRouter(connection) as router:
            await Proxy(message_bus, router).RequestName("org.freedesktop.login1")
        yield connection


@pytest.fixture
def woken(qapp: QCoreApplication) -> Iterator[tuple[SuspendWatch, asyncio.Queue[str]]]:
    told: asyncio.Queue[str] = asyncio.Queue()
    watch = SuspendWatch()
    watch.woke.connect(lambda: told.put_nowait("woke"))
    yield watch, told
    watch.stop()


async def sleeps(logind: DBusConnection, asleep: bool) -> None:
    await logind.send(new_signal(LOGIND, "PrepareForSleep", "b", (asleep,)))


async def listening(logind: DBusConnection) -> None:
    """Wait until somebody on the bus listens to logind."""
    stats = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus.Debug.Stats")
    async with asyncio.timeout(20), DBusRouter(logind) as router:
        while "PrepareForSleep" not in str(
            (await router.send_and_get_reply(new_method_call(stats, "GetAllMatchRules"))).body
        ):
            pass  # each question is a turn of the loop, in which the watch goes on


async def test_waking_is_told_and_falling_asleep_is_not(
    logind: DBusConnection, woken: tuple[SuspendWatch, asyncio.Queue[str]]
) -> None:
    watch, told = woken
    watch.start()
    watch.start()
    await listening(logind)
    for asleep in (True, False, True):
        await sleeps(logind, asleep)
    async with asyncio.timeout(20):
        assert await told.get() == "woke"
    assert told.empty()


async def test_others_cannot_pretend_that_the_machine_woke(
    system_bus: str, logind: DBusConnection, woken: tuple[SuspendWatch, asyncio.Queue[str]]
) -> None:
    watch, told = woken
    watch.start()
    await listening(logind)
    async with await open_dbus_connection(system_bus) as stranger:
        await sleeps(stranger, asleep=False)
        async with DBusRouter(stranger) as router:
            await Proxy(message_bus, router).GetId()  # the bus has delivered what came before
    await sleeps(logind, asleep=False)
    async with asyncio.timeout(20):
        await told.get()
    assert told.empty(), "only logind was heard"
