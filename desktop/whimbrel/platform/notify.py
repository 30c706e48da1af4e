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

from whimbrel.platform import resources, sound

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
_OPEN, _READ, _REPLY, _INLINE = "default", "read", "reply", "inline-reply"
"""Actions. The last one has a line to write in, and is named by desktops that have it (KDE)."""


@dataclass(frozen=True, slots=True)
class _Wish:
    key: str
    title: str = ""
    body: str = ""
    shown: bool = True
    answerable: bool = False
    heard: bool = False
    urgent: bool = False


class Notifier(QObject):
    """Shows at most one notification for each key; a second one replaces the first.

    Needs a running asyncio loop when used. Wishes are carried out in order by one task; nothing blocks.
    Each signal carries the key of the notification; ``replied`` what was written in it, too.

    Args:
        play: makes the sound where the desktop's service makes none.
    """

    activated = Signal(str)
    read_requested = Signal(str)
    reply_requested = Signal(str)
    replied = Signal(str, str)

    def __init__(
        self, fallback: Fallback | None = None, parent: QObject | None = None, *, play: Callable[[], None] = sound.play
    ) -> None:
        super().__init__(parent)
        self._fallback = fallback
        self._play = play
        self._wishes: asyncio.Queue[_Wish | None] = asyncio.Queue()  # None ends it
        self._task: asyncio.Task[None] | None = None

    def show(
        self,
        key: str,
        title: str,
        body: str,
        *,
        answerable: bool = False,
        heard: bool = False,
        urgent: bool = False,
    ) -> None:
        """Show or replace the notification of this key. Both texts are plain.

        Args:
            answerable: it offers *Reply* and *Mark as read*, where the desktop has actions.
            heard: it comes with a sound, unless the desktop is not to be disturbed.
            urgent: it stays until it is dealt with.
        """
        wish = _Wish(key, title[:_MAX_TITLE], body[:_MAX_BODY], answerable=answerable, heard=heard, urgent=urgent)
        self._put(wish)

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
            service = _Service(router, self._play)
            clicks = asyncio.ensure_future(service.listen(self._on_signal))
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
            if wish.heard:
                self._play()

    def _on_signal(self, key: str, action: str, text: str) -> None:
        """The person did something with a notification."""
        if text:
            self.replied.emit(key, text)
        elif action == _READ:
            self.read_requested.emit(key)
        elif action in (_REPLY, _INLINE):
            self.reply_requested.emit(key)
        elif action == _OPEN:
            self.activated.emit(key)


class _Unavailable(Exception):
    """There is no notification service, or it stopped answering."""


class _Service:
    """The service's methods and signals, over one connection."""

    def __init__(self, router: DBusRouter, play: Callable[[], None]) -> None:
        self._router = router
        self._play = play
        self._ids: dict[str, int] = {}
        self._can: frozenset[str] = frozenset()

    async def ask(self) -> None:
        """Learn what the service can do."""
        (capabilities,) = await self._call("GetCapabilities")
        self._can = frozenset(capabilities)

    async def fulfil(self, wish: _Wish) -> None:
        """Show or close one notification."""
        if not wish.shown:
            if number := self._ids.pop(wish.key, 0):
                await self._call("CloseNotification", "u", (number,))
            return
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
        (self._ids[wish.key],) = await self._call("Notify", "susssasa{sv}i", arguments)
        if wish.heard and "sound" not in self._can and not await self._is_inhibited():
            self._play()

    def _actions(self, wish: _Wish) -> dict[str, str]:
        """What is offered with a notification, by what it is named to us."""
        if "actions" not in self._can:
            return {}
        actions = {_OPEN: QCoreApplication.translate("Notifier", "Open")}
        if wish.answerable:
            reply = _INLINE if _INLINE in self._can else _REPLY
            actions[reply] = QCoreApplication.translate("Notifier", "Reply")
            actions[_READ] = QCoreApplication.translate("Notifier", "Mark as read")
        return actions

    def _hints(self, wish: _Wish, actions: dict[str, str]) -> dict[str, tuple[str, Any]]:
        hints: dict[str, tuple[str, Any]] = {
            "desktop-entry": ("s", _DESKTOP_ENTRY),
            "category": ("s", "im.received"),
            "urgency": ("y", 2 if wish.urgent else 1),
        }
        if not wish.heard:
            hints["suppress-sound"] = ("b", True)
        elif "sound" in self._can:
            hints["sound-file"] = ("s", str(resources.path(sound.MESSAGE)))
        if _INLINE in actions:
            hints["x-kde-reply-placeholder-text"] = ("s", QCoreApplication.translate("Notifier", "Message"))
            hints["x-kde-reply-submit-button-text"] = ("s", QCoreApplication.translate("Notifier", "Send"))
        return hints

    async def _is_inhibited(self) -> bool:
        """Whether the person does not want to be disturbed by anything, where the desktop tells (KDE)."""
        from jeepney import DBusAddress, Properties
        from jeepney.low_level import MessageType

        question = Properties(DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)).get("Inhibited")
        reply = await asyncio.wait_for(self._router.send_and_get_reply(question), _ANSWER_WITHIN)
        return reply.header.message_type is MessageType.method_return and bool(reply.body[0][1])

    async def listen(self, on_signal: Callable[[str, str, str], None]) -> None:
        """Report what the person does (key, action, what was written); forget notifications that went away."""
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
                if key is None:
                    continue
                if member == "NotificationClosed":
                    del self._ids[key]
                elif member == "ActionInvoked":
                    on_signal(key, what, "")
                elif member == "NotificationReplied":
                    on_signal(key, _INLINE, what.strip())

    async def _call(self, method: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> tuple[Any, ...]:
        from jeepney import DBusAddress, new_method_call
        from jeepney.wrappers import unwrap_msg

        address = DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
        message = new_method_call(address, method, signature, body)
        reply = await asyncio.wait_for(self._router.send_and_get_reply(message), _ANSWER_WITHIN)
        return tuple(unwrap_msg(reply))
