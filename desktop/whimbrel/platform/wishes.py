"""How the desktop wants programs to look: less motion, more contrast, its accent colour and font.

The portal's Settings interface tells it, and Windows of motion. Qt does not (6.11): what it knows as
``isEffectEnabled`` are menus that fade, and not on Linux; accent colours it hears of from few desktops.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)

_NAME = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"
_SIGNAL = "SettingChanged"
_ANSWER_WITHIN = 5.0  # seconds
_SPI_GETCLIENTAREAANIMATION = 0x1042

_MOTION = ("org.freedesktop.appearance", "reduced-motion")  # 1: less
_GNOME_MOTION = ("org.gnome.desktop.interface", "enable-animations")
_KDE_MOTION = ("org.kde.kdeglobals.KDE", "AnimationDurationFactor")  # "0": at once
_CONTRAST = ("org.freedesktop.appearance", "contrast")  # 1: more
_GNOME_CONTRAST = ("org.gnome.desktop.a11y.interface", "high-contrast")
_ACCENT = ("org.freedesktop.appearance", "accent-color")  # red, green, blue from 0 to 1; outside of that: none
_FONTS = (
    ("org.gnome.desktop.interface", "font-name"),
    ("org.gnome.desktop.interface", "text-scaling-factor"),
    ("org.kde.kdeglobals.General", "font"),
)
_KNOWN = (_MOTION, _GNOME_MOTION, _KDE_MOTION, _CONTRAST, _GNOME_CONTRAST, _ACCENT, *_FONTS)

Told = Mapping[str, Mapping[str, tuple[str, object]]]
"""What the portal tells: namespaces of keys, each with its type and value."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a desktop wants.

    Attributes:
        still: nothing is to move by itself.
        contrast: texts and lines are to stand out more than usual.
        accent: the colour for what is chosen, as ``#rrggbb``; empty where the desktop has none.
        font: changes whenever the desktop's font does; which it is, Qt knows.
    """

    still: bool = False
    contrast: bool = False
    accent: str = ""
    font: str = ""


class WishesWatch(QObject):
    """Tells what the desktop asks for, once it is known and whenever it changes. Needs a running asyncio loop."""

    changed = Signal(Wishes)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: asyncio.Task[None] | None = None
        self._wishes = Wishes()

    def start(self) -> None:
        """Watch from now on; where nobody tells, nothing is wanted."""
        if sys.platform == "win32":
            self._take(replace(self._wishes, still=_is_still_on_windows()))
        elif self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._listen(), name="wishes of the desktop")

    def stop(self) -> None:
        """Leave the bus, in a moment."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _take(self, wishes: Wishes) -> None:
        if wishes != self._wishes:
            self._wishes = wishes
            self.changed.emit(wishes)

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
        question = list(dict.fromkeys(namespace for namespace, _ in _KNOWN))
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
                        self._take(wishes_of(answer.body[0]))
                        while tuple((await queue.get()).body[:2]) not in _KNOWN:
                            pass  # another setting
        except (DBusErrorResponse, RouterClosed, KeyError, OSError, ValueError, RuntimeError) as error:
            log.debug("nobody tells of wishes: %r", error)


def wishes_of(told: Told) -> Wishes:
    """What settings say, of whichever desktop they are; what makes no sense counts as nothing."""

    def value(setting: tuple[str, str]) -> object:
        namespace, key = setting
        return told.get(namespace, {}).get(key, ("", None))[1]

    factor = value(_KDE_MOTION)
    is_none = isinstance(factor, str) and factor.replace(".", "", 1).isdecimal() and float(factor) == 0
    return Wishes(
        still=value(_MOTION) == 1 or value(_GNOME_MOTION) is False or is_none,
        contrast=value(_CONTRAST) == 1 or value(_GNOME_CONTRAST) is True,
        accent=_color(value(_ACCENT)),
        font=" ".join(str(value(setting)) for setting in _FONTS if value(setting) is not None),
    )


def _color(value: object) -> str:
    if not isinstance(value, tuple | list) or len(value) != 3:
        return ""
    parts = [part for part in value if isinstance(part, float) and 0 <= part <= 1]
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts) if len(parts) == 3 else ""


def _is_still_on_windows() -> bool:
    libraries, moves = getattr(ctypes, "windll", None), ctypes.c_int(1)
    if libraries is not None:
        libraries.user32.SystemParametersInfoW(_SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(moves), 0)
    return not moves.value
