"""What a setting does as soon as it becomes another, whoever changed it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from whimbrel.platform.settings import Settings
from whimbrel.ui.shortcuts import keymap
from whimbrel.ui.theme.theme import Theme
from whimbrel.ui.writing import writing


class Effects(QObject):
    """Brings the settings into effect, all at first and then each that changes."""

    idle_minutes_changed = Signal(int)

    def __init__(self, theme: Theme, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._settings = settings
        writing().use(settings)
        keymap().use(settings)
        for name in ("theme", "zoom", "density", "message_styling"):
            self._on_changed(name)
        settings.changed.connect(self._on_changed)

    def _on_changed(self, name: str) -> None:
        match name:
            case "theme":
                self._theme.set_mode(self._settings.theme)
            case "zoom":
                self._theme.set_zoom(self._settings.zoom)
            case "density":
                self._theme.set_compact(self._settings.density == "compact")
            case "message_styling":
                self._theme.set_message_styling(self._settings.message_styling)
            case "check_spelling":
                writing().speller.set_enabled(self._settings.check_spelling)
            case "idle_minutes":
                self.idle_minutes_changed.emit(self._settings.idle_minutes)
