"""Coming to the front because the person asked elsewhere: the desktop's word for it is passed on to the window.

Desktops let no program take the focus by itself. Whoever starts a second one has a token (xdg-activation on Wayland,
startup notification on X11); the first one uses it.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
import os
import re

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

log = logging.getLogger(__name__)

_TIME = re.compile(r"_TIME(\d{1,10})\Z")
_CLIENT_MESSAGE, _CARDINAL, _REPLACE = 33, 6, 0  # of X11/X.h and X11/Xatom.h
_MASK = 0x180000  # SubstructureNotify and SubstructureRedirect
_PROPERTY_CHANGE = 0x400000
_PIECE = 20  # bytes of text in one message
_FROM_PERSON = 2  # the source of the wish (EWMH): what the person did, in another program


def activate(window: QWidget, token: str) -> None:
    """Raise a window that shows, and give it the focus; ``token`` ("": none) says that the person wants that."""
    if token and QGuiApplication.platformName().startswith("wayland"):
        os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt uses it for the next activation, and takes it away
    window.raise_()
    window.activateWindow()
    found = _TIME.search(token)
    if found is not None and QGuiApplication.platformName() == "xcb":
        _activate_x11(int(window.winId()), int(found.group(1)) & 0xFFFFFFFF, token)


class _Data(ctypes.Union):
    _fields_ = (("numbers", ctypes.c_long * 5), ("text", ctypes.c_char * _PIECE))


class _ClientMessage(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", _Data),
        ("padding", ctypes.c_long * 24),  # an XEvent is as large as its largest kind
    )


def _activate_x11(window: int, moment: int, token: str) -> None:
    """Ask the window manager, with the time of the click that started the other program (EWMH _NET_ACTIVE_WINDOW).

    Qt would send the time of the last click into ours, which is older than that into the program in front.
    """
    try:
        x11 = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
    except OSError as error:
        log.info("no libX11: %s", error)
        return
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    if not display:
        return
    atom = x11.XInternAtom(display, b"_NET_ACTIVE_WINDOW", 0)
    user_time = x11.XInternAtom(display, b"_NET_WM_USER_TIME", 0)
    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
    value = (ctypes.c_ulong * 1)(moment)
    x11.XChangeProperty(
        display, ctypes.c_ulong(window), ctypes.c_ulong(user_time), ctypes.c_ulong(_CARDINAL), 32, _REPLACE, value, 1
    )
    event = _ClientMessage(_CLIENT_MESSAGE, 0, 1, display, window, atom, 32)
    event.data.numbers[0], event.data.numbers[1] = _FROM_PERSON, moment
    x11.XSendEvent(display, root, 0, ctypes.c_long(_MASK), ctypes.byref(event))
    _end_waiting(x11, display, root, window, token)
    x11.XCloseDisplay(display)


def _end_waiting(x11: ctypes.CDLL, display: ctypes.c_void_p, root: ctypes.c_ulong, window: int, token: str) -> None:
    """Say that the start is over (Startup Notification Protocol): else the pointer turns until the desktop gives up."""
    escaped = re.sub(r'([\\" ])', r"\\\1", token)
    text = f"remove: ID={escaped}".encode() + b"\0"
    for start in range(0, len(text), _PIECE):
        kind = x11.XInternAtom(display, b"_NET_STARTUP_INFO" if start else b"_NET_STARTUP_INFO_BEGIN", 0)
        event = _ClientMessage(_CLIENT_MESSAGE, 0, 1, display, window, kind, 8)
        ctypes.memmove(ctypes.addressof(event.data), text[start : start + _PIECE].ljust(_PIECE, b"\0"), _PIECE)
        x11.XSendEvent(display, root, 0, ctypes.c_long(_PROPERTY_CHANGE), ctypes.byref(event))
