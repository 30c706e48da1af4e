"""Desktop notifications: by the desktop's own service where there is one, else by a given fallback."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from whimbrel.platform import sound
from whimbrel.platform.notification_service import INLINE, OPEN, READ, REPLY, NotificationService, Wish
from whimbrel.platform.sandbox import in_flatpak

if TYPE_CHECKING:
    from jeepney.io.asyncio import DBusRouter

    from whimbrel.platform.notification_portal import NotificationPortal

log = logging.getLogger(__name__)

Fallback = Callable[[str, str, str], None]
"""Shows (key, title, body) in another way, for example at the tray icon."""

_MAX_TITLE = 200
_MAX_BODY = 1_000
_LEAVE_WITHIN = 1.0  # seconds
_NOBODY = frozenset(
    f"org.freedesktop.DBus.Error.{name}" for name in ("ServiceUnknown", "NameHasNoOwner", "Spawn.ServiceNotFound")
)
"""Errors of the bus: nobody serves.

Only then is the fallback safe: a tray may hand texts on to the same service, as they are.
"""


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
        self._wishes: asyncio.Queue[Wish | None] = asyncio.Queue()  # None ends it
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
        only_there: bool = False,
        picture: QImage | None = None,
    ) -> None:
        """Show or replace the notification of this key. Both texts are plain.

        Args:
            answerable: it offers *Reply* and *Mark as read*, where the desktop has actions.
            heard: it comes with a sound, unless the desktop is not to be disturbed.
            urgent: it stays until it is dealt with.
            only_there: it replaces one that still shows; where none does, nothing is shown.
            picture: a small one of whom it is about.
        """
        self._put(
            Wish(
                key,
                title[:_MAX_TITLE],
                body[:_MAX_BODY],
                answerable=answerable,
                heard=heard,
                urgent=urgent,
                only_there=only_there,
                picture=picture,
            )
        )

    def close(self, key: str) -> None:
        """Take the notification of this key away, where it still shows."""
        if self._task is not None:
            self._put(Wish(key, shown=False))

    async def stop(self) -> None:
        """Take all away, since nobody would hear what is answered there, and leave the bus; 1 s at most."""
        task, self._task = self._task, None
        if task is None:
            return
        self._wishes.put_nowait(None)
        done, _ = await asyncio.wait({task}, timeout=_LEAVE_WITHIN)
        if not done:
            task.cancel()

    def _put(self, wish: Wish) -> None:
        self._wishes.put_nowait(wish)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work(), name="notifications")

    async def _work(self) -> None:
        try:
            await self._serve()
        except _Unavailable as error:
            log.info("No notification service: %s", error)
            while not self._wishes.empty():  # and the next wish tries again
                wish = self._wishes.get_nowait()
                if not error.is_stuck:
                    self._fall_back(wish)

    async def _serve(self) -> None:
        """Carry out wishes over one connection to the bus, as long as it lasts."""
        try:
            from jeepney.io.asyncio import DBusRouter, open_dbus_connection
            from jeepney.io.common import RouterClosed
            from jeepney.wrappers import DBusErrorResponse
        except ImportError as error:
            raise _Unavailable(str(error)) from error
        try:
            connection = await open_dbus_connection("SESSION")
        except (OSError, KeyError, ValueError, RuntimeError) as error:  # no address, a strange one, nobody there
            raise _Unavailable(repr(error)) from error
        async with connection, DBusRouter(connection) as router:
            try:
                await self._fulfil_all(router)
            except (RouterClosed, DBusErrorResponse, KeyError, OSError, TimeoutError) as error:
                # a KeyError is what jeepney makes of a closed router under a waiting call
                raise _Unavailable(repr(error), is_stuck=isinstance(error, TimeoutError)) from error

    async def _fulfil_all(self, router: DBusRouter) -> None:
        from jeepney.wrappers import DBusErrorResponse

        service = self._make_service(router)
        async with service.listening(self._on_signal):
            while (wish := await self._wishes.get()) is not None:
                try:
                    await service.fulfil(wish)
                except DBusErrorResponse as error:  # the next one may be shown
                    log.info("A notification was not shown: %s", error.name)
                    if error.name in _NOBODY:
                        self._fall_back(wish)
                except Exception as error:
                    if not isinstance(error, TimeoutError):
                        self._fall_back(wish)
                    raise
            await service.close_all()

    def _make_service(self, router: DBusRouter) -> NotificationService | NotificationPortal:
        if in_flatpak():
            from whimbrel.platform.notification_portal import NotificationPortal

            return NotificationPortal(router, self._play)
        return NotificationService(router, self._play)

    def _fall_back(self, wish: Wish | None) -> None:
        if wish is None or not wish.shown or wish.only_there:
            return
        if self._fallback is not None:
            self._fallback(wish.key, wish.title, wish.body)
        if wish.heard:
            self._play()

    def _on_signal(self, key: str, action: str, text: str) -> None:
        """The person did something with a notification."""
        if text:
            self.replied.emit(key, text)
        elif action == READ:
            self.read_requested.emit(key)
        elif action in (REPLY, INLINE):
            self.reply_requested.emit(key)
        elif action == OPEN:
            self.activated.emit(key)


class _Unavailable(Exception):
    """There is no notification service, or (``is_stuck``) it stopped answering."""

    def __init__(self, reason: str, *, is_stuck: bool = False) -> None:
        super().__init__(reason)
        self.is_stuck = is_stuck
