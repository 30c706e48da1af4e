"""Whether another program fills the screen: a film, a game, a talk. Told by Windows, and by X11's window managers."""

from __future__ import annotations

import ctypes
import ctypes.util
import struct
import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from PySide6.QtGui import QGuiApplication

_BUSY, _FULL_SCREEN_3D, _PRESENTATION = 2, 3, 4  # QUERY_USER_NOTIFICATION_STATE
_ANY = 0
_MOST = 64  # values of a property that are looked at


def is_screen_full() -> bool:
    """Whether a window of another program fills the screen; False where that cannot be known (Wayland, macOS)."""
    if sys.platform == "win32":
        state = ctypes.c_int()
        failed = ctypes.windll.shell32.SHQueryUserNotificationState(ctypes.byref(state))
        return not failed and state.value in (_BUSY, _FULL_SCREEN_3D, _PRESENTATION)
    if QGuiApplication.platformName() != "xcb" or QGuiApplication.focusWindow() is not None:
        return False
    display = _open_display()
    return display is not None and display.is_full()


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _Atom(ctypes.Structure):
    _fields_ = (
        ("kind", ctypes.c_uint8),
        ("pad", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("length", ctypes.c_uint32),
        ("atom", ctypes.c_uint32),
    )


class _Display:
    """A connection of our own to the X server. xcb gives errors back, where Xlib would end the program."""

    def __init__(self, xcb: Any, libc: Any, connection: int) -> None:
        self._xcb = xcb
        self._libc = libc
        self._connection = connection
        self._root = self._find_root()
        names = ("_NET_ACTIVE_WINDOW", "_NET_WM_STATE", "_NET_WM_STATE_FULLSCREEN")
        self._active, self._state, self._full = map(self._intern, names)

    def is_full(self) -> bool:
        """Whether the active window (Extended Window Manager Hints) fills the screen."""
        active = self._values(self._root, self._active)
        return bool(active and active[0]) and self._full in self._values(active[0], self._state)

    def _find_root(self) -> int:
        setup = self._xcb.xcb_get_setup(self._connection)
        iterator = self._xcb.xcb_setup_roots_iterator(setup)
        return int(ctypes.cast(iterator.data, ctypes.POINTER(ctypes.c_uint32))[0])

    def _intern(self, name: str) -> int:
        cookie = self._xcb.xcb_intern_atom(self._connection, 1, len(name), name.encode())
        reply = self._xcb.xcb_intern_atom_reply(self._connection, cookie, None)
        if not reply:
            return 0
        atom = int(ctypes.cast(reply, ctypes.POINTER(_Atom)).contents.atom)
        self._libc.free(reply)
        return atom

    def _values(self, window: int, name: int) -> Sequence[int]:
        """The 32-bit values of a property; none where it has none, or the window is gone."""
        if not name:
            return ()
        cookie = self._xcb.xcb_get_property(self._connection, 0, window, name, _ANY, 0, _MOST)
        reply = self._xcb.xcb_get_property_reply(self._connection, cookie, None)
        if not reply:
            return ()
        length = self._xcb.xcb_get_property_value_length(reply)
        raw = ctypes.string_at(self._xcb.xcb_get_property_value(reply), length)
        self._libc.free(reply)
        return struct.unpack(f"={length // 4}I", raw[: length // 4 * 4])


class _Screens(ctypes.Structure):
    _fields_ = (("data", ctypes.c_void_p), ("rem", ctypes.c_int), ("index", ctypes.c_int))


@lru_cache(maxsize=1)
def _open_display() -> _Display | None:
    names = ctypes.util.find_library("xcb"), ctypes.util.find_library("c")
    if names[0] is None or names[1] is None:
        return None
    try:
        xcb, libc = ctypes.CDLL(names[0]), ctypes.CDLL(names[1])
    except OSError:
        return None
    pointer, number = ctypes.c_void_p, ctypes.c_uint32
    libc.free.argtypes = [pointer]
    for name, result, arguments in (
        ("xcb_connect", pointer, [ctypes.c_char_p, pointer]),
        ("xcb_connection_has_error", ctypes.c_int, [pointer]),
        ("xcb_get_setup", pointer, [pointer]),
        ("xcb_setup_roots_iterator", _Screens, [pointer]),
        ("xcb_intern_atom", _Cookie, [pointer, ctypes.c_uint8, ctypes.c_uint16, ctypes.c_char_p]),
        ("xcb_intern_atom_reply", pointer, [pointer, _Cookie, pointer]),
        ("xcb_get_property", _Cookie, [pointer, ctypes.c_uint8, number, number, number, number, number]),
        ("xcb_get_property_reply", pointer, [pointer, _Cookie, pointer]),
        ("xcb_get_property_value_length", ctypes.c_int, [pointer]),
        ("xcb_get_property_value", pointer, [pointer]),
    ):
        function = getattr(xcb, name)
        function.restype, function.argtypes = result, arguments
    connection = xcb.xcb_connect(None, None)
    return None if xcb.xcb_connection_has_error(connection) else _Display(xcb, libc, connection)
