"""Whether somebody is looking reaches the server."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from tests.helpers.core import Core

from whimbrel.ui.main_window import MainWindow


def test_the_stream_follows_the_windows_activity(window: MainWindow, core: Core, qapp: QApplication) -> None:
    stream = core.online()
    assert stream.active
    for state, active in (
        (Qt.ApplicationState.ApplicationInactive, False),
        (Qt.ApplicationState.ApplicationActive, True),
        (Qt.ApplicationState.ApplicationHidden, False),
    ):
        qapp.applicationStateChanged.emit(state)
        assert stream.active is active
