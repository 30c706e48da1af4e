"""Watching for what a service tells over D-Bus, by one signal, as long as there is somebody who tells it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.asyncio import DBusRouter

log = logging.getLogger(__name__)

_ANSWER_WITHIN = 5.0  # seconds
_MOST_WAITING = 64  # signals; what is beyond is dropped


@dataclass(frozen=True, slots=True)
class BusSignal:
    """Which signal, of whom, on which bus ("SESSION", "SYSTEM")."""

    bus: str
    name: str
    path: str
    interface: str
    member: str


class BusWatch(QObject):
    """Hears a signal, in a task of its own. Needs a running asyncio loop when started."""

    def __init__(self, signal: BusSignal, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._signal = signal
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Watch from now on; without the bus or the service nothing is ever told."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._listen(), name=self._signal.member)

    def stop(self) -> None:
        """Leave the bus, in a moment."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def hear(self, router: DBusRouter, told: asyncio.Queue[Message]) -> None:
        """Take what is told, without an end. May raise what the bus and the service make of questions."""
        raise NotImplementedError

    async def _listen(self) -> None:
        try:
            from jeepney import MatchRule, message_bus
            from jeepney.io.asyncio import DBusRouter, Proxy, open_dbus_connection
            from jeepney.io.common import RouterClosed
            from jeepney.wrappers import DBusErrorResponse
        except ImportError:
            return  # not on this system
        signal = self._signal
        named = {"type": "signal", "interface": signal.interface, "member": signal.member, "path": signal.path}
        told = MatchRule(sender=signal.name, **named)
        heard = MatchRule(**named)  # who tells is named by a number there; the bus sees to it that it is the service
        try:
            connection = await asyncio.wait_for(open_dbus_connection(signal.bus), _ANSWER_WITHIN)
            async with connection, DBusRouter(connection) as router:
                with router.filter(heard, bufsize=_MOST_WAITING) as queue:
                    await asyncio.wait_for(Proxy(message_bus, router).AddMatch(told), _ANSWER_WITHIN)
                    await self.hear(router, queue)
        except (DBusErrorResponse, RouterClosed, KeyError, OSError, ValueError, RuntimeError) as error:
            log.debug("nobody tells of %s: %r", signal.member, error)
