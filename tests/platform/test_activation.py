"""The window manager is told that the person wants the window, and that the start is over."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOLD = """
import ctypes
from PySide6.QtWidgets import QApplication, QWidget
from whimbrel.platform import activation

app = QApplication([])
window = QWidget()
window.show()
x11 = ctypes.CDLL("libX11.so.6")
x11.XOpenDisplay.restype, x11.XDefaultRootWindow.restype = ctypes.c_void_p, ctypes.c_ulong
x11.XGetAtomName.restype = ctypes.c_char_p
display = ctypes.c_void_p(x11.XOpenDisplay(None))
x11.XSelectInput(display, ctypes.c_ulong(x11.XDefaultRootWindow(display)), ctypes.c_long(0x480000))
x11.XSync(display, 0)
activation.activate(window, 'a 1"b_TIME12345')
activation.activate(window, "")
activation.activate(window, "no time in it")
x11.XSync(display, 0)
event, text = activation._ClientMessage(), b""
while x11.XPending(display):
    x11.XNextEvent(display, ctypes.byref(event))
    if event.type == 33:
        name = x11.XGetAtomName(display, ctypes.c_ulong(event.message_type))
        if name == b"_NET_ACTIVE_WINDOW" and event.data.numbers[0] == 2:
            print(event.window == int(window.winId()), event.data.numbers[1])
        elif name.startswith(b"_NET_STARTUP_INFO"):
            text += ctypes.string_at(ctypes.addressof(event.data), 20)
print(text.rstrip(bytes(1)).decode())
"""


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="needs Xvfb")
def test_a_token_reaches_the_window_manager() -> None:
    told = subprocess.run(
        ["xvfb-run", "-a", sys.executable, "-c", TOLD],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONPATH": str(Path(__file__).parents[2] / "desktop"),
        },
    )
    assert told.stdout.splitlines() == ["True 12345", 'remove: ID=a\\ 1\\"b_TIME12345'], told.stderr
