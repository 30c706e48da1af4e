"""Whether the desktop asks for less motion, as the portal's Settings interface or Windows tells it.

Qt does not tell (6.11): what it knows as ``isEffectEnabled`` are menus that fade, and not on Linux.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import sys
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)

_NAME = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"
_SIGNAL = "SettingChanged"
_ANSWER_WITHIN = 5.0  # seconds
_SPI_GETCLIENTAREAANIMATION = 0x1042

_APPEARANCE = ("org.freedesktop.appearance", "reduced-motion")  # 1: less
_GNOME = ("org.gnome.desktop.interface", "enable-animations")
_KDE = ("org.kde.kdeglobals.KDE", "AnimationDurationFactor")  # "0": at once
_KNOWN = (_APPEARANCE, _GNOME, _KDE)

Told = Mapping[str, Mapping[str, tuple[str, object]]]
"""What the portal tells: namespaces of keys, each with its type and value."""


class MotionWatch(QObject):
    """Tells what the desktop asks for, once it is known and whenever it changes. Needs a running asyncio loop."""

    changed = Signal(bool)  # whether things are to stand still

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: asyncio.Task[None] | None = None
        self._is_still = False

    def start(self) -> None:
        """Watch from now on; where nobody tells, things move."""
        if sys.platform == "win32":
            self._take(_is_still_on_windows())
        elif self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._listen(), name="motion")

    def stop(self) -> None:
        """Leave the bus, in a moment."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _take(self, is_still: bool) -> None:
        if is_still != self._is_still:
            self._is_still = is_still
            self.changed.emit(is_still)

    async def _listen(self) -> None:
        try:
            from jeepney import DBusAddress, HeaderFields, MatchRule, MessageType, message_bus, new_method_call
            from jeepney.io.asyncio import DBusRouter, Proxy, open_dbus_connection
            from jeepney.io.common import RouterClosed
            from jeepney.wrappers import DBusErrorResponse
        except ImportError:
            return  # not on this system
        portal = DBusAddress(_PATH, bus_name=_NAME, interface=_INTERFACE)
        told = MatchRule(type="signal", sender=_NAME, interface=_INTERFACE, member=_SIGNAL, path=_PATH)
        heard = MatchRule(type="signal", interface=_INTERFACE, member=_SIGNAL, path=_PATH)  # the bus names its number
        question = [namespace for namespace, _ in _KNOWN]
        try:
            connection = await asyncio.wait_for(open_dbus_connection("SESSION"), _ANSWER_WITHIN)
            async with connection, DBusRouter(connection) as router:
                with router.filter(heard, bufsize=64) as queue:
                    await asyncio.wait_for(Proxy(message_bus, router).AddMatch(told), _ANSWER_WITHIN)
                    while True:
                        call = new_method_call(portal, "ReadAll", "as", (question,))
                        answer = await asyncio.wait_for(router.send_and_get_reply(call), _ANSWER_WITHIN)
                        if answer.header.message_type is MessageType.error:
                            raise DBusErrorResponse(answer)
                        if answer.header.fields.get(HeaderFields.signature) != "a{sa{sv}}":
                            raise ValueError(f"no settings: {answer.body!r:.200}")
                        self._take(is_less_motion(answer.body[0]))
                        while tuple((await queue.get()).body[:2]) not in _KNOWN:
                            pass  # another setting
        except (DBusErrorResponse, RouterClosed, KeyError, OSError, ValueError, RuntimeError) as error:
            log.debug("nobody tells of motion: %r", error)


def is_less_motion(told: Told) -> bool:
    """What settings say, of whichever desktop they are."""

    def value(setting: tuple[str, str]) -> object:
        namespace, key = setting
        return told.get(namespace, {}).get(key, ("", None))[1]

    factor = value(_KDE)
    is_none = isinstance(factor, str) and factor.replace(".", "", 1).isdecimal() and float(factor) == 0
    return value(_APPEARANCE) == 1 or value(_GNOME) is False or is_none


def _is_still_on_windows() -> bool:
    libraries, moves = getattr(ctypes, "windll", None), ctypes.c_int(1)
    if libraries is not None:
        libraries.user32.SystemParametersInfoW(_SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(moves), 0)
    return not moves.value
