"""What gets the keyboard in an area that scrolls is shown."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget


def show_focus_in(area: QScrollArea) -> None:
    """Let an area show what gets the keyboard in it, where it comes from outside too: Qt heeds only Tab inside it."""
    application = QApplication.instance()
    if isinstance(application, QApplication):
        application.focusChanged.connect(_Follower(area).follow)


class _Follower(QObject):
    """Lives as long as its area."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area = area

    def follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._area.isAncestorOf(now) and now.visibleRegion().isEmpty():
            self._area.ensureWidgetVisible(now)
