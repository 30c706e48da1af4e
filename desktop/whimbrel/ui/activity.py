"""Tells the core whether somebody is looking (XEP-0352): whether a window of the program is the active one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from whimbrel.core.accounts import Accounts


class Activity(QObject):
    """Follows the application's state for as long as its parent lives."""

    def __init__(self, accounts: Accounts, parent: QObject) -> None:
        super().__init__(parent)
        self._accounts = accounts
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._on_changed)
            self._on_changed(app.applicationState())

    def _on_changed(self, state: Qt.ApplicationState) -> None:
        self._accounts.set_active(state == Qt.ApplicationState.ApplicationActive)
