"""Desktop notifications: by the desktop's own service where there is one, else by a given fallback.

The service is ``org.freedesktop.Notifications`` on the D-Bus session bus (Desktop Notifications Specification 1.2).
It needs typed arguments (``uint32``, ``a{sv}``) that PySide6's QtDBus cannot build, hence jeepney, which keyring
brings along on Linux.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

if TYPE_CHECKING:
    from jeepney.io.asyncio import DBusRouter

log = logging.getLogger(__name__)

Fallback = Callable[[str, str, str], None]
"""Shows (key, title, body) in another way, for example at the tray icon."""

_MAX_TITLE = 200
_MAX_BODY = 1_000
_ANSWER_WITHIN = 5.0  # seconds
_DESKTOP_ENTRY = "im.whimbrel.Whimbrel"
_PATH = "/org/freedesktop/Notifications"
_NAME = "org.freedesktop.Notifications"


@dataclass(frozen=True, slots=True)
class _Wish:
    key: str
    title: str = ""
    body: str = ""
    shown: bool = True


class Notifier(QObject):
    """Shows at most one notification for each key; a second one replaces the first.

    Needs a running asyncio loop when used. Wishes are carried out in order by one task; nothing blocks.
    ``activated`` is emitted with the key of the notification that was clicked.
    """

    activated = Signal(str)

    def __init__(self, fallback: Fallback | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fallback = fallback
        self._wishes: asyncio.Queue[_Wish | None] = asyncio.Queue()  # None ends it
        self._task: asyncio.Task[None] | None = None

    def show(self, key: str, title: str, body: str) -> None:
        """Show or replace the notification of this key. Both texts are plain."""
        self._put(_Wish(key, title[:_MAX_TITLE], body[:_MAX_BODY]))

    def close(self, key: str) -> None:
        """Take the notification of this key away, where it still shows."""
        if self._task is not None:
            self._put(_Wish(key, shown=False))

    async def stop(self) -> None:
        """Leave the bus."""
        if self._task is not None:
            self._wishes.put_nowait(None)
            await self._task  # every step of it has a deadline
            self._task = None

    def _put(self, wish: _Wish) -> None:
        self._wishes.put_nowait(wish)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work(), name="notifications")

    async def _work(self) -> None:
        try:
            await self._serve()
        except _Unavailable as error:
            log.info("No notification service: %s", error)
            while not self._wishes.empty():  # and the next wish tries again
                self._fall_back(self._wishes.get_nowait())

    async def _serve(self) -> None:
        """Carry out wishes over one connection to the bus, as long as it lasts."""
        try:
            from jeepney.io.asyncio import DBusRouter, open_dbus_connection
            from jeepney.io.common import RouterClosed
            from jeepney.wrappers import DBusErrorResponse
        except ImportError as error:
            raise _Unavailable(str(error)) from error
        # a KeyError is what jeepney makes of a closed router under a waiting call
        broken = (DBusErrorResponse, RouterClosed, KeyError, OSError, TimeoutError)
        try:
            connection = await open_dbus_connection("SESSION")
        except (OSError, KeyError, ValueError, RuntimeError) as error:  # no address, a strange one, nobody there
            raise _Unavailable(repr(error)) from error
        async with connection, DBusRouter(connection) as router:
            service = _Service(router)
            clicks = asyncio.ensure_future(service.listen(self.activated.emit))
            try:
                await service.ask()
                while (wish := await self._wishes.get()) is not None:
                    try:
                        await service.fulfil(wish)
                    except broken:
                        self._fall_back(wish)
                        raise
            except broken as error:
                raise _Unavailable(repr(error)) from error
            finally:
                clicks.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await clicks

    def _fall_back(self, wish: _Wish | None) -> None:
        if wish is not None and wish.shown and self._fallback is not None:
            self._fallback(wish.key, wish.title, wish.body)


class _Unavailable(Exception):
    """There is no notification service, or it stopped answering."""


class _Service:
    """The service's methods and signals, over one connection."""

    def __init__(self, router: DBusRouter) -> None:
        self._router = router
        self._ids: dict[str, int] = {}
        self._markup = False

    async def ask(self) -> None:
        """Learn what the service can do."""
        (capabilities,) = await self._call("GetCapabilities")
        self._markup = "body-markup" in capabilities

    async def fulfil(self, wish: _Wish) -> None:
        """Show or close one notification."""
        if not wish.shown:
            if number := self._ids.pop(wish.key, 0):
                await self._call("CloseNotification", "u", (number,))
            return
        body = html.escape(wish.body, quote=False) if self._markup else wish.body
        hints = {
            "desktop-entry": ("s", _DESKTOP_ENTRY),
            "category": ("s", "im.received"),
            "urgency": ("y", 1),
        }
        actions = ["default", QCoreApplication.translate("Notifier", "Open")]
        arguments = ("Whimbrel", self._ids.get(wish.key, 0), _DESKTOP_ENTRY, wish.title, body, actions, hints, -1)
        (self._ids[wish.key],) = await self._call("Notify", "susssasa{sv}i", arguments)

    async def listen(self, on_activated: Callable[[str], None]) -> None:
        """Report clicks; forget notifications that went away."""
        from jeepney import MatchRule, message_bus
        from jeepney.io.asyncio import Proxy

        rule = MatchRule(type="signal", interface=_NAME, path=_PATH)
        await Proxy(message_bus, self._router).AddMatch(rule)
        with self._router.filter(rule, bufsize=64) as queue:
            while True:
                message = await queue.get()
                number, what = message.body
                key = next((key for key, known in self._ids.items() if known == number), None)
                member = message.header.fields.get(3)  # HeaderFields.member
                if key is not None and member == "NotificationClosed":
                    del self._ids[key]
                elif key is not None and member == "ActionInvoked" and what == "default":
                    on_activated(key)

    async def _call(self, method: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> tuple[Any, ...]:
        from jeepney import DBusAddress, new_method_call
        from jeepney.wrappers import unwrap_msg

        address = DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
        message = new_method_call(address, method, signature, body)
        reply = await asyncio.wait_for(self._router.send_and_get_reply(message), _ANSWER_WITHIN)
        return tuple(unwrap_msg(reply))
