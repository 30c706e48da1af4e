"""The end of the desktop's session: everything is on disk before it, and no question holds it up."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QSessionManager

from whimbrel.ui.main_window import MainWindow


class SessionEnd(QObject):
    """Saves when the session manager says that it may end (X11's XSMP, Windows); what then ends it comes as *quit*.

    Where there is none (most Wayland desktops), the session ends with SIGTERM, which is *quit*, too.
    """

    def __init__(self, application: QGuiApplication, window: MainWindow, restart: list[str]) -> None:
        super().__init__(window)
        self._window = window
        self._restart = restart  # the command that starts the program again as it runs now
        application.commitDataRequest.connect(self.save, Qt.ConnectionType.DirectConnection)
        application.saveStateRequest.connect(self._on_state, Qt.ConnectionType.DirectConnection)

    def save(self) -> None:
        """Put what is typed and where windows stand on disk now: the session may end before another turn."""
        conductor = self._window.conductor
        if conductor is not None and conductor.view is not None:
            for composer in conductor.view.composers():
                composer.save_draft()
        self._window.save()
        self._window.session.save()
        self._window.settings.save()
        if self._window.troubles is not None:
            self._window.troubles.expect_end()

    def _on_state(self, manager: QSessionManager) -> None:
        """Be started again with the session, where it is kept; Qt's own command has options that are none of ours."""
        hidden = ["--hidden"] if not self._window.isVisible() else []
        manager.setRestartCommand([*self._restart, *hidden])
