"""Notifications from within a sandbox, through the desktop's portal (``org.freedesktop.portal.Notification`` 1 and 2).

The portal does not tell what became of a notification; from version 2 on it makes the sound.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from whimbrel.platform.bus_service import BusService, OnSignal
from whimbrel.platform.notification_service import ACTIVATION, OPEN, READ, REPLY, Wish
from whimbrel.platform.pictures import encode

if TYPE_CHECKING:
    from jeepney.io.asyncio import DBusRouter

_NAME = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Notification"

_Details = dict[str, tuple[str, Any]]


class NotificationPortal(BusService):
    """Does for a sandbox what :class:`NotificationService` does outside. Texts are plain here."""

    def __init__(self, router: DBusRouter, play: Callable[[], None]) -> None:
        super().__init__(router, _NAME, _PATH, _INTERFACE)
        self._play = play
        self._version = 0
        self._shown: set[str] = set()

    async def fulfil(self, wish: Wish) -> None:
        """Show or close one notification; raises DBusErrorResponse, TimeoutError and what the connection raises."""
        async with self.turn:
            if not wish.shown:
                await self._close(wish.key)
            elif not wish.only_there or wish.key in self._shown:
                await self._show(wish)

    async def close_all(self) -> None:
        """Take away what was shown; raises as :meth:`fulfil` does."""
        await asyncio.gather(*map(self._close, list(self._shown)))

    def forget(self) -> None:
        """What was shown stays known: the desktop keeps notifications under our own names for them."""

    def hear(self, member: str, body: tuple[Any, ...], on_signal: OnSignal) -> None:
        """Report what the person does."""
        if member != "ActionInvoked" or len(body) != 3:
            return
        key, action, parameters = body
        if key not in self._shown:
            return
        for kind, value in parameters:
            if kind == "a{sv}" and (token := value.get("activation-token")) is not None:
                os.environ[ACTIVATION] = str(token[1])
        on_signal(key, action, "")

    async def _close(self, key: str) -> None:
        from jeepney.wrappers import DBusErrorResponse

        if key in self._shown:
            self._shown.remove(key)
            with contextlib.suppress(DBusErrorResponse):
                await self.call("RemoveNotification", "s", (key,))

    async def _show(self, wish: Wish) -> None:
        from jeepney import Properties

        if not self.owner:
            _, self._version = await self.meet(Properties(self.address).get("version"))
        await self.call("AddNotification", "sa{sv}", (wish.key, self._describe(wish)))
        self._shown.add(wish.key)
        if wish.heard and self._version < 2:
            self._play()

    def _describe(self, wish: Wish) -> _Details:
        details: _Details = {
            "title": ("s", wish.title),
            "body": ("s", wish.body),
            "priority": ("s", "urgent" if wish.urgent else "normal"),
            "default-action": ("s", OPEN),
        }
        if wish.answerable:
            reply = _button(REPLY, QCoreApplication.translate("Notifier", "Reply"))
            read = _button(READ, QCoreApplication.translate("Notifier", "Mark as read"))
            details["buttons"] = ("aa{sv}", [reply, read])
        if wish.picture is not None:
            details["icon"] = ("(sv)", ("bytes", ("ay", encode(wish.picture, b"png"))))
        if self._version >= 2:
            details["category"] = ("s", "im.received")
            details["sound"] = ("s", "default" if wish.heard else "silent")
            if wish.only_there:  # it may have been wiped away: it is not to jump up again
                details["display-hint"] = ("as", ["tray"])
        return details


def _button(action: str, label: str) -> _Details:
    return {"action": ("s", action), "label": ("s", label)}
