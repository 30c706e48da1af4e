"""How the desktop wants programs to look: less motion, more contrast, its accent colour and font.

The portal's Settings interface tells it, and Windows of motion. Qt does not (6.11): what it knows as
``isEffectEnabled`` are menus that fade, and not on Linux; accent colours it hears of from few desktops.
"""

from __future__ import annotations

import asyncio
import ctypes
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from whimbrel.platform.bus_service import BusService
from whimbrel.platform.bus_watch import BusSignal, BusWatch

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.asyncio import DBusRouter

_CHANGED = BusSignal(
    "SESSION",
    "org.freedesktop.portal.Desktop",
    "/org/freedesktop/portal/desktop",
    "org.freedesktop.portal.Settings",
    "SettingChanged",
)
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


class WishesWatch(BusWatch):
    """Tells what the desktop asks for, once it is known and whenever it changes. Needs a running asyncio loop.

    Where nobody tells, nothing is wanted.
    """

    changed = Signal(Wishes)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_CHANGED, parent)
        self._wishes = Wishes()

    def start(self) -> None:
        """Watch from now on; on Windows, look once."""
        if sys.platform == "win32":
            self._take(replace(self._wishes, still=_is_still_on_windows()))
        else:
            super().start()

    def _take(self, wishes: Wishes) -> None:
        if wishes != self._wishes:
            self._wishes = wishes
            self.changed.emit(wishes)

    async def hear(self, router: DBusRouter, told: asyncio.Queue[Message]) -> None:
        """Ask for all of it, and again whenever something of it has changed."""
        from jeepney import HeaderFields

        portal = BusService(router, _CHANGED.name, _CHANGED.path, _CHANGED.interface)
        question = list(dict.fromkeys(namespace for namespace, _ in _KNOWN))
        while True:
            answer = await portal.call("ReadAll", "as", (question,))
            if answer.header.fields.get(HeaderFields.signature) != "a{sa{sv}}":
                raise ValueError(f"no settings: {answer.body!r:.200}")
            self._take(wishes_of(answer.body[0]))
            while tuple((await told.get()).body[:2]) not in _KNOWN:
                pass  # another setting


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
