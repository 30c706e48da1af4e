"""One running program for each profile: a second start hands its wish to the first and ends."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from whimbrel.platform.paths import Profile

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket  # loaded after the first paint

RAISE = "raise"
"""The message of a second start that has nothing else to say."""

_MAX_MESSAGE = 16_384  # bytes; an address with everything in it is shorter
_PATIENCE = 3_000  # milliseconds that a second start waits for the first
_AFTER_PAINT = 100  # milliseconds


class SingleInstance(QObject):
    """The claim of this process on a profile.

    A lock that the operating system drops with the process says who is first, so a crash leaves no trace; a local
    socket carries the messages. ``message_received`` is emitted in the first process with what a second one sent.
    """

    message_received = Signal(str)

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
        self._server.listen(self._name)

    def send(self, message: str) -> bool:
        """Hand a message to the first process, waiting up to three seconds; False where nobody took it."""
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        deadline = time.monotonic() + _PATIENCE / 1000
        socket.connectToServer(self._name)
        while not socket.waitForConnected(_PATIENCE):  # the first one may still be starting
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
            socket.connectToServer(self._name)
        socket.write(message.encode("utf-8")[:_MAX_MESSAGE] + b"\n")
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
                message = bytes(socket.readLine().data()).decode("utf-8", "replace").strip()
                socket.write(b"ok\n")
                socket.flush()
                self.message_received.emit(message or RAISE)
            elif socket.bytesAvailable() > _MAX_MESSAGE:
                socket.close()
            if socket.state() == QLocalSocket.LocalSocketState.UnconnectedState:
                self._callers.discard(socket)
                socket.deleteLater()


class _Lock:
    """A file that only one process can hold; the system lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._qt_lock: QLockFile | None = None

    def try_take(self) -> bool:
        try:
            import fcntl
        except ImportError:  # Windows, where Qt's lock is as good: there the file cannot outlive its owner
            self._qt_lock = QLockFile(str(self._path))
            self._qt_lock.setStaleLockTime(0)
            return bool(self._qt_lock.tryLock(0))
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
