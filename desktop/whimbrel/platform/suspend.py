"""Waking from sleep, as logind tells it (``org.freedesktop.login1``, on the D-Bus system bus).

Where there is no logind, and on other systems, ``platform/clock.py`` notices it a little later.
"""

from __future__ import annotations

import asyncio
import logging

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)

_NAME = "org.freedesktop.login1"
_PATH = "/org/freedesktop/login1"
_INTERFACE = "org.freedesktop.login1.Manager"
_SIGNAL = "PrepareForSleep"  # with True before it sleeps, with False after it woke
_ANSWER_WITHIN = 5.0  # seconds


class SuspendWatch(QObject):
    """Tells when the machine woke. Needs a running asyncio loop when started."""

    woke = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Watch from now on; without logind nothing is ever told."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._listen(), name="suspend")

    def stop(self) -> None:
        """Leave the bus, in a moment."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _listen(self) -> None:
        try:
            from jeepney import MatchRule, message_bus
            from jeepney.io.asyncio import DBusRouter, Proxy, open_dbus_connection
            from jeepney.io.common import RouterClosed
            from jeepney.wrappers import DBusErrorResponse
        except ImportError:
            return  # not on this system
        told = MatchRule(type="signal", sender=_NAME, interface=_INTERFACE, member=_SIGNAL, path=_PATH)
        heard = MatchRule(type="signal", interface=_INTERFACE, member=_SIGNAL, path=_PATH)  # the bus names its number
        try:
            connection = await asyncio.wait_for(open_dbus_connection("SYSTEM"), _ANSWER_WITHIN)
            async with connection, DBusRouter(connection) as router:
                with router.filter(heard, bufsize=8) as queue:
                    await asyncio.wait_for(Proxy(message_bus, router).AddMatch(told), _ANSWER_WITHIN)
                    while True:
                        message = await queue.get()
                        if message.body == (False,):
                            self.woke.emit()
        except (DBusErrorResponse, RouterClosed, KeyError, OSError, ValueError, RuntimeError) as error:
            log.debug("nobody tells of sleep: %r", error)
