"""Waking from sleep, as logind tells it (``org.freedesktop.login1``, on the D-Bus system bus).

Where there is no logind, and on other systems, ``platform/clock.py`` notices it a little later.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from whimbrel.platform.bus_watch import BusSignal, BusWatch

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.asyncio import DBusRouter

_SLEEP = BusSignal(  # with True before it sleeps, with False after it woke
    "SYSTEM",
    "org.freedesktop.login1",
    "/org/freedesktop/login1",
    "org.freedesktop.login1.Manager",
    "PrepareForSleep",
)


class SuspendWatch(BusWatch):
    """Tells when the machine woke. Needs a running asyncio loop when started."""

    woke = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_SLEEP, parent)

    async def hear(self, router: DBusRouter, told: asyncio.Queue[Message]) -> None:
        """Tell of each time that it woke."""
        while True:
            if (await told.get()).body == (False,):
                self.woke.emit()
