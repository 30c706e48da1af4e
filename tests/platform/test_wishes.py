"""How the desktop wants programs to look, over a private session bus with a portal of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from jeepney import DBusAddress, MatchRule, Message, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.asyncio import DBusConnection, DBusRouter, Proxy, open_dbus_connection
from PySide6.QtCore import QCoreApplication

from whimbrel.platform.wishes import Told, Wishes, WishesWatch, wishes_of

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
    told: asyncio.Queue[Wishes] = asyncio.Queue()
    watch = WishesWatch()
    watch.changed.connect(told.put_nowait)
    watch.start()
    watch.start()
    async with asyncio.timeout(20):
        assert await told.get() == Wishes(still=True)
        await portal.change(APPEARANCE, "color-scheme", ("u", 1))  # which asks for nothing anew
        await portal.change(GNOME, "enable-animations", ("b", True))
        assert await told.get() == Wishes()
        await portal.change(APPEARANCE, "accent-color", ("(ddd)", (0.2, 0.4, 1.0)))
        assert await told.get() == Wishes(accent="#3366ff")
    assert portal.asked == 3
    watch.stop()


@pytest.mark.usefixtures("session_bus")
async def test_without_a_portal_things_move(qapp: QCoreApplication) -> None:
    before = asyncio.all_tasks()
    told: list[Wishes] = []
    watch = WishesWatch()
    watch.changed.connect(told.append)
    watch.start()
    (task,) = asyncio.all_tasks() - before
    async with asyncio.timeout(20):
        await asyncio.wait({task})
    assert task.exception() is None
    assert told == []
    watch.stop()


@pytest.mark.parametrize(
    ("told", "wishes"),
    [
        ({}, Wishes()),
        ({APPEARANCE: {"reduced-motion": ("u", 1), "contrast": ("u", 1)}}, Wishes(still=True, contrast=True)),
        ({APPEARANCE: {"reduced-motion": ("u", 7), "contrast": ("u", 0)}}, Wishes()),
        ({GNOME: {"enable-animations": ("b", False)}}, Wishes(still=True)),
        ({GNOME: {"enable-animations": ("b", True)}}, Wishes()),
        ({"org.gnome.desktop.a11y.interface": {"high-contrast": ("b", True)}}, Wishes(contrast=True)),
        ({KDE: {"AnimationDurationFactor": ("s", "0")}}, Wishes(still=True)),
        ({KDE: {"AnimationDurationFactor": ("s", "0.5")}}, Wishes()),
        ({KDE: {"AnimationDurationFactor": ("s", "none")}}, Wishes()),
        ({APPEARANCE: {"accent-color": ("(ddd)", (1.0, 0.0, 0.5))}}, Wishes(accent="#ff0080")),
        ({APPEARANCE: {"accent-color": ("(ddd)", (-1.0, -1.0, -1.0))}}, Wishes()),
        ({APPEARANCE: {"accent-color": ("s", "red")}}, Wishes()),
        (
            {GNOME: {"font-name": ("s", "Cantarell 11"), "text-scaling-factor": ("d", 1.5)}},
            Wishes(font="Cantarell 11 1.5"),
        ),
    ],
)
def test_each_desktop_says_it_in_its_own_way(told: Told, wishes: Wishes) -> None:
    assert wishes_of(told) == wishes
