"""One running program for each profile: a second start hands its call to the first and ends."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from whimbrel.platform.paths import Profile

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket  # loaded after the first paint

log = logging.getLogger(__name__)

_MAX_MESSAGE = 65_536  # bytes
_LONGEST_URI = 8_193  # characters: one more than a link may have, so that a longer one is known to be too long
_LONGEST_TOKEN = 512
_TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
_PATIENCE = 3_000  # milliseconds that a second start waits for the first
_AFTER_PAINT = 100  # milliseconds


@dataclass(frozen=True, slots=True)
class Call:
    """What a start of the program is for: to be seen, at least."""

    uri: str = ""  # an address or link to open
    new_conversation: bool = False
    hidden: bool = False  # it stays in the tray
    token: str = ""  # by which the desktop knows that the person asked for it (xdg-activation, startup notification)

    @staticmethod
    def from_environment(uri: str, *, new_conversation: bool = False, hidden: bool = False) -> Call:
        """The call of this start, with what the desktop gave it along."""
        token = next((value for name in _TOKENS if (value := os.environ.get(name))), "")
        return Call(uri[:_LONGEST_URI], new_conversation, hidden, token[:_LONGEST_TOKEN])

    def encode(self) -> bytes:
        """As one line."""
        text = json.dumps(asdict(self), ensure_ascii=False)
        return text.encode("utf-8", "replace") + b"\n"

    @staticmethod
    def decode(line: bytes) -> Call:
        """Read a line; what makes no sense calls for nothing but to be seen."""
        try:
            read = json.loads(line.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return Call()
        if not isinstance(read, dict):
            return Call()
        uri, token = (value if isinstance(value := read.get(key), str) else "" for key in ("uri", "token"))
        new, hidden = (read.get(key) is True for key in ("new_conversation", "hidden"))
        sound = token.isascii() and token.isprintable()  # it goes into the environment, and to the X server
        return Call(uri[:_LONGEST_URI], new, hidden, token[:_LONGEST_TOKEN] if sound else "")


class SingleInstance(QObject):
    """The claim of this process on a profile.

    A lock that the operating system drops with the process says who is first, so a crash leaves no trace; a local
    socket carries the calls. ``called`` is emitted in the first process with what a second one sent.
    """

    called = Signal(object)  # Call

    def __init__(self, profile: Profile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = profile.socket_name
        self._lock = _Lock(profile.data / "instance.lock")
        self._claimed = False
        self._server: QLocalServer | None = None
        self._callers: set[QLocalSocket] = set()

    def try_become_first(self) -> bool:
        """Claim the profile, and listen for later starts a little later; False where another process has it."""
        if self._claimed:
            return True
        self._claimed = self._lock.try_take()
        if self._claimed:
            QTimer.singleShot(_AFTER_PAINT, self, self._listen)
        return self._claimed

    def _listen(self) -> None:
        if not self._claimed or self._server is not None:
            return
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(self._name)  # left behind by a process that was killed
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        if not self._server.listen(self._name):
            log.warning("later starts cannot reach this one: %s", self._server.errorString())

    def send(self, call: Call) -> bool:
        """Hand a call to the first process, waiting up to three seconds; False where nobody took it.

        What answers under its name and is another user's is told nothing.
        """
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        deadline = time.monotonic() + _PATIENCE / 1000
        socket.connectToServer(self._name)
        while not socket.waitForConnected(_PATIENCE):  # the first one may still be starting
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
            socket.connectToServer(self._name)
        if not _is_ours(socket.fullServerName()):
            log.warning("another user has taken the name by which starts of this profile meet")
            return False
        socket.write(call.encode())
        taken = socket.waitForBytesWritten(_PATIENCE) and socket.waitForReadyRead(_PATIENCE)
        socket.disconnectFromServer()
        return bool(taken)

    def release(self) -> None:
        """Give the profile up."""
        self._claimed = False
        if self._server is not None:
            for socket in self._callers:
                socket.disconnected.disconnect(self._on_callers)
                socket.close()
            self._callers.clear()
            self._server.close()
            self._server.deleteLater()
            self._server = None
        self._lock.release()

    def _on_connection(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            self._callers.add(socket)
            socket.readyRead.connect(self._on_callers)
            socket.disconnected.connect(self._on_callers)
        self._on_callers()

    def _on_callers(self) -> None:
        from PySide6.QtNetwork import QLocalSocket

        for socket in list(self._callers):
            if socket.canReadLine():
                call = Call.decode(bytes(socket.readLine().data()))
                socket.write(b"ok\n")
                socket.flush()
                self.called.emit(call)
            elif socket.bytesAvailable() > _MAX_MESSAGE:
                socket.close()
            if socket.state() == QLocalSocket.LocalSocketState.UnconnectedState:
                self._callers.discard(socket)
                socket.deleteLater()


def _is_ours(path: str) -> bool:
    """Whether a socket was made by this user; where all users share a folder, another one may have been first."""
    if sys.platform == "win32":
        return True  # a name there is no file
    try:
        return os.stat(path).st_uid == os.getuid()
    except OSError:
        return False


class _Lock:
    """A file that only one process can hold; the system lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._qt_lock: QLockFile | None = None

    def try_take(self) -> bool:
        if sys.platform == "win32":  # there Qt's lock is as good: the file cannot outlive its owner
            self._qt_lock = QLockFile(str(self._path))
            self._qt_lock.setStaleLockTime(0)
            return bool(self._qt_lock.tryLock(0))
        import fcntl

        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        if self._qt_lock is not None:
            self._qt_lock.unlock()
            self._qt_lock = None
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None
