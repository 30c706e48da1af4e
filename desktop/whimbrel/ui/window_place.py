"""Where a window stands: put where it stood on these screens, kept when it is moved, and never out of sight."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from whimbrel.platform.session_state import SessionState

_RESTS = 500  # milliseconds after which a window that was moved is taken to rest
_SETTLED = 1_000  # milliseconds that a desktop may take to move windows off a screen that went
_KEPT_ON = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange})


class WindowPlace(QObject):
    """Looks after one window's place for as long as the window lives.

    Args:
        name: what the place is kept under.
        otherwise: where it goes that has no place yet (``saveGeometry()``); empty: where the desktop likes.
    """

    def __init__(self, window: QWidget, name: str, session: SessionState, otherwise: bytes = b"") -> None:
        super().__init__(window)
        self._window = window
        self._name = name
        self._session = session
        if geometry := session.place(name) or otherwise:
            window.restoreGeometry(QByteArray(geometry))  # fits it in where its screen is gone, or is another size
        self._timer = QTimer(self, singleShot=True, interval=_RESTS)
        self._timer.timeout.connect(self.note)
        self._removal = QTimer(self, singleShot=True, interval=_SETTLED)
        self._removal.timeout.connect(self._return)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self._removal.start)
        window.installEventFilter(self)

    def note(self) -> None:
        """Keep where the window stands now."""
        self._timer.stop()
        self._session.note_place(self._name, bytes(self._window.saveGeometry().data()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that is moved, sized, maximised or minimised has another place once it rests."""
        if watched is self._window and event.type() in _KEPT_ON and self._window.isVisible():
            self._timer.start()
        return super().eventFilter(watched, event)

    def _return(self) -> None:
        """Come back to a screen that there is."""
        frame = self._window.frameGeometry()
        if not any(screen.availableGeometry().intersects(frame) for screen in QGuiApplication.screens()):
            self._window.move(QGuiApplication.primaryScreen().availableGeometry().topLeft())
