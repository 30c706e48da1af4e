"""The desktop's notification service, over D-Bus (Desktop Notifications Specification 1.2).

It needs typed arguments (``uint32``, ``a{sv}``) that PySide6's QtDBus cannot build, hence jeepney, which keyring
brings along on Linux.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from whimbrel.platform import resources, sound
from whimbrel.platform.bus_service import BusService, OnSignal

if TYPE_CHECKING:
    from jeepney.io.asyncio import DBusRouter

OPEN, READ, REPLY, INLINE = "default", "read", "reply", "inline-reply"
"""Actions. The last one has a line to write in, and is named by desktops that have it (KDE)."""

_DESKTOP_ENTRY = "im.whimbrel.Whimbrel"
_PATH = "/org/freedesktop/Notifications"
_NAME = "org.freedesktop.Notifications"
ACTIVATION = "XDG_ACTIVATION_TOKEN"  # by which a compositor lets a window come to the front; Qt takes it from there


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to become of the notification of a key; see :meth:`Notifier.show`."""

    key: str
    title: str = ""
    body: str = ""
    shown: bool = True
    answerable: bool = False
    heard: bool = False
    urgent: bool = False
    only_there: bool = False
    picture: QImage | None = None


class NotificationService(BusService):
    """The service's methods and signals."""

    def __init__(self, router: DBusRouter, play: Callable[[], None]) -> None:
        super().__init__(router, _NAME, _PATH, _NAME)
        self._play = play
        self._ids: dict[str, int] = {}
        self._can: frozenset[str] = frozenset()

    async def fulfil(self, wish: Wish) -> None:
        """Show or close one notification; raises DBusErrorResponse, TimeoutError and what the connection raises."""
        async with self.turn:
            if not wish.shown:
                await self._close(wish.key)
            elif not wish.only_there or wish.key in self._ids:
                await self._show(wish)

    async def close_all(self) -> None:
        """Take away what shows; raises as :meth:`fulfil` does."""
        await asyncio.gather(*map(self._close, list(self._ids)))

    async def _close(self, key: str) -> None:
        from jeepney.wrappers import DBusErrorResponse

        if number := self._ids.pop(key, 0):
            with contextlib.suppress(DBusErrorResponse):  # the person was faster
                await self.call("CloseNotification", "u", (number,))

    async def _show(self, wish: Wish) -> None:
        if not self.owner:
            await self._learn()
        body = html.escape(wish.body, quote=False) if "body-markup" in self._can else wish.body
        actions = self._actions(wish)
        arguments = (
            "Whimbrel",
            self._ids.get(wish.key, 0),
            _DESKTOP_ENTRY,
            wish.title,
            body,
            [word for action in actions.items() for word in action],
            self._hints(wish, actions),
            -1,
        )
        (self._ids[wish.key],) = (await self.call("Notify", "susssasa{sv}i", arguments)).body
        if wish.heard and "sound" not in self._can and not await self._is_inhibited():
            self._play()

    async def _learn(self) -> None:
        """Learn who serves, and what it can do."""
        from jeepney import new_method_call

        self._can = frozenset(await self.meet(new_method_call(self.address, "GetCapabilities")))

    def _actions(self, wish: Wish) -> dict[str, str]:
        """What is offered with a notification, by what it is named to us."""
        if "actions" not in self._can:
            return {}
        actions = {OPEN: QCoreApplication.translate("Notifier", "Open")}
        if wish.answerable:
            reply = INLINE if INLINE in self._can else REPLY
            actions[reply] = QCoreApplication.translate("Notifier", "Reply")
            actions[READ] = QCoreApplication.translate("Notifier", "Mark as read")
        return actions

    def _hints(self, wish: Wish, actions: dict[str, str]) -> dict[str, tuple[str, Any]]:
        hints: dict[str, tuple[str, Any]] = {
            "desktop-entry": ("s", _DESKTOP_ENTRY),
            "category": ("s", "im.received"),
            "urgency": ("y", 2 if wish.urgent else 1),
        }
        if wish.picture is not None:
            hints["image-data"] = ("(iiibiiay)", _raw(wish.picture))
        if not wish.heard:
            hints["suppress-sound"] = ("b", True)
        elif "sound" in self._can:
            hints["sound-file"] = ("s", str(resources.path(sound.MESSAGE)))
        if INLINE in actions:
            hints["x-kde-reply-placeholder-text"] = ("s", QCoreApplication.translate("Notifier", "Message"))
            hints["x-kde-reply-submit-button-text"] = ("s", QCoreApplication.translate("Notifier", "Send"))
        return hints

    async def _is_inhibited(self) -> bool:
        """Whether the person does not want to be disturbed by anything, where the desktop tells (KDE)."""
        from jeepney.wrappers import DBusErrorResponse

        try:
            return bool((await self.get("Inhibited"))[1])
        except DBusErrorResponse:
            return False

    def forget(self) -> None:
        """Its numbers mean nothing to another one."""
        self._ids.clear()

    def hear(self, member: str, body: tuple[Any, ...], on_signal: OnSignal) -> None:
        """Report what the person does; forget notifications that went away."""
        if len(body) != 2:
            return
        number, what = body
        key = next((key for key, known in self._ids.items() if known == number), None)
        if key is None:
            return
        if member == "NotificationClosed":
            del self._ids[key]
        elif member == "ActivationToken":
            os.environ[ACTIVATION] = what
        elif member == "ActionInvoked":
            on_signal(key, what, "")
        elif member == "NotificationReplied":
            on_signal(key, INLINE, what.strip())


def _raw(picture: QImage) -> tuple[int, int, int, bool, int, int, bytes]:
    """A picture as the specification writes it."""
    image = picture.convertToFormat(QImage.Format.Format_RGBA8888)
    return image.width(), image.height(), image.bytesPerLine(), True, 8, 4, bytes(image.constBits())
