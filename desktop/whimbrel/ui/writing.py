"""How the person writes: the emoji used last, their skin tone, and spelling. One for all composers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from whimbrel.platform.spelling import Speller

if TYPE_CHECKING:
    from whimbrel.platform.settings import Settings

_MOST_RECENT = 40


class Writing(QObject):
    """Kept in the settings, where there are any; else until the program ends."""

    tone_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings: Settings | None = None
        self._recent: list[str] = []
        self._tone = 0
        self.speller = Speller(self)

    def use(self, settings: Settings) -> None:
        """Take what is kept in settings, and keep it there from now on."""
        self._settings = settings
        self._recent = settings.recent_emoji[:_MOST_RECENT]
        self._tone = settings.skin_tone
        self.speller.set_enabled(settings.check_spelling)

    @property
    def recent(self) -> tuple[str, ...]:
        """The emoji used last, the latest first."""
        return tuple(self._recent)

    def note_emoji(self, char: str) -> None:
        """An emoji was used."""
        self._recent = [char, *(known for known in self._recent if known != char)][:_MOST_RECENT]
        if self._settings is not None:
            self._settings.recent_emoji = self._recent

    @property
    def tone(self) -> int:
        """The skin tone of emoji, 1 (light) to 5 (dark); 0: none."""
        return self._tone

    def set_tone(self, tone: int) -> None:
        """Choose it."""
        self._tone = tone
        if self._settings is not None:
            self._settings.skin_tone = tone
        self.tone_changed.emit()


def writing() -> Writing:
    """The application's; made where there is none yet."""
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("there is no application to write in")
    known = app.findChild(Writing)
    return known if isinstance(known, Writing) else Writing(app)
