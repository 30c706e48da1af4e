"""Whether the person is at the computer.

Asked of the desktop where it can be known (GNOME's Mutter, X11's screen saver extension, Windows), else seen from the
input to our own windows.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
import time
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

_WHEN_IDLE = 30_000  # milliseconds between two looks: whoever comes back to our own windows is noticed at once
_MIN_INTERVAL = 1_000
_MAX_INTERVAL = 60_000


class IdleSource(Protocol):
    """Something that knows how long ago the last input was."""

    def query(self, answer: Callable[[float], None]) -> None:
        """Call ``answer`` with the seconds since the last input, now or a little later."""


class IdleWatch(QObject):
    """Tells when the person leaves and comes back. ``idle_changed`` carries whether they are away."""

    idle_changed = Signal(bool)

    def __init__(self, source: IdleSource | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._limit = 0.0
        self._idle = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.check)
        application = QCoreApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._on_state)

    @property
    def idle(self) -> bool:
        """Whether the person is away."""
        return self._idle

    def start(self, minutes: int) -> None:
        """Watch for this many minutes without input; 0 stops watching."""
        self._limit = minutes * 60.0
        self._timer.stop()
        if minutes <= 0:
            self._set_idle(False)
            return
        if self._source is None:
            self._source = find_source(self)
        self.check()

    def stop(self) -> None:
        """Stop watching; somebody who was away counts as back."""
        self.start(0)

    def check(self) -> None:
        """Look now, and again when it can have changed."""
        if self._source is not None and self._limit > 0:
            self._timer.start(_WHEN_IDLE if self._idle else _MAX_INTERVAL)  # also where no answer comes
            self._source.query(self._on_answer)

    def _on_state(self) -> None:
        if self._idle:
            self.check()

    def _on_answer(self, seconds: float) -> None:
        if self._limit <= 0:
            return
        self._set_idle(seconds >= self._limit)
        remaining = int((self._limit - seconds) * 1000)
        self._timer.start(_WHEN_IDLE if self._idle else min(max(remaining, _MIN_INTERVAL), _MAX_INTERVAL))

    def _set_idle(self, idle: bool) -> None:
        if idle != self._idle:
            self._idle = idle
            self.idle_changed.emit(idle)


def find_source(parent: QObject) -> IdleSource:
    """The best source that this desktop has."""
    if sys.platform == "win32":
        return WindowsSource()
    if (mutter := MutterSource(parent)).available:
        return mutter
    if QGuiApplication.platformName() == "xcb" and (x11 := X11Source.connect()) is not None:
        return x11
    return OwnWindowsSource(parent)


class OwnWindowsSource(QObject):
    """The last key, click, wheel or movement in our own windows: the most that is known on other desktops."""

    _INPUT = frozenset(
        {
            QEvent.Type.KeyPress,
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseMove,
            QEvent.Type.Wheel,
            QEvent.Type.TouchBegin,
            QEvent.Type.ApplicationActivate,
        }
    )

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._last = time.monotonic()
        if (application := QCoreApplication.instance()) is not None:
            application.installEventFilter(self)

    def query(self, answer: Callable[[float], None]) -> None:
        """See :class:`IdleSource`."""
        answer(time.monotonic() - self._last)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the time of every input; let all pass."""
        if event.type() in self._INPUT:
            self._last = time.monotonic()
        return False


class MutterSource:
    """GNOME's compositor, on X11 and Wayland (``org.gnome.Mutter.IdleMonitor``)."""

    _NAME = "org.gnome.Mutter.IdleMonitor"

    def __init__(self, parent: QObject) -> None:
        from PySide6.QtDBus import QDBusConnection

        self._parent = parent
        self._bus = QDBusConnection.sessionBus()
        interface = self._bus.interface() if self._bus.isConnected() else None
        self.available = interface is not None and bool(interface.isServiceRegistered(self._NAME).value())

    def query(self, answer: Callable[[float], None]) -> None:
        """See :class:`IdleSource`; answers when the compositor does."""
        from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher

        call = QDBusMessage.createMethodCall(
            self._NAME, "/org/gnome/Mutter/IdleMonitor/Core", self._NAME, "GetIdletime"
        )
        watcher = QDBusPendingCallWatcher(self._bus.asyncCall(call), self._parent)

        def on_finished() -> None:
            arguments = watcher.reply().arguments()
            watcher.deleteLater()
            if arguments and isinstance(arguments[0], int):
                answer(arguments[0] / 1000)

        watcher.finished.connect(on_finished)


class _ScreenSaverInfo(ctypes.Structure):
    _fields_ = (
        ("window", ctypes.c_ulong),
        ("state", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("til_or_since", ctypes.c_ulong),
        ("idle", ctypes.c_ulong),  # milliseconds
        ("event_mask", ctypes.c_ulong),
    )


class X11Source:
    """The X server's MIT-SCREEN-SAVER extension."""

    def __init__(self, x11: ctypes.CDLL, saver: ctypes.CDLL, display: int) -> None:
        self._saver = saver
        self._display = display
        self._root = int(x11.XDefaultRootWindow(display))
        self._info = _ScreenSaverInfo()

    @classmethod
    def connect(cls) -> X11Source | None:
        """A source on the display of this session; None where it has no such extension."""
        names = (ctypes.util.find_library("X11"), ctypes.util.find_library("Xss"))
        if not all(names):
            return None
        try:
            x11, saver = (ctypes.CDLL(name) for name in names)
        except OSError:
            return None
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        x11.XDefaultRootWindow.restype = ctypes.c_ulong
        pointer = ctypes.POINTER(ctypes.c_int)
        saver.XScreenSaverQueryExtension.argtypes = [ctypes.c_void_p, pointer, pointer]
        saver.XScreenSaverQueryInfo.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.POINTER(_ScreenSaverInfo)]
        display = x11.XOpenDisplay(None)
        event, error = ctypes.c_int(), ctypes.c_int()
        if not display or not saver.XScreenSaverQueryExtension(display, ctypes.byref(event), ctypes.byref(error)):
            return None
        return cls(x11, saver, display)

    def query(self, answer: Callable[[float], None]) -> None:
        """See :class:`IdleSource`."""
        if self._saver.XScreenSaverQueryInfo(self._display, self._root, ctypes.byref(self._info)):
            answer(self._info.idle / 1000)


class _LastInput(ctypes.Structure):
    _fields_ = (("size", ctypes.c_uint), ("time", ctypes.c_uint))


class WindowsSource:
    """Windows' ``GetLastInputInfo``."""

    def query(self, answer: Callable[[float], None]) -> None:
        """See :class:`IdleSource`."""
        info = _LastInput(ctypes.sizeof(_LastInput), 0)
        libraries = getattr(ctypes, "windll", None)
        if libraries is not None and libraries.user32.GetLastInputInfo(ctypes.byref(info)):
            answer(((libraries.kernel32.GetTickCount() - info.time) & 0xFFFFFFFF) / 1000)
