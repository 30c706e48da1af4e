"""*Language*: that of the interface; each is named in itself, so that whoever reads only that one finds it."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QLocale

from whimbrel.platform.settings import Settings
from whimbrel.platform.translations import LANGUAGES, SYSTEM
from whimbrel.ui.settings.page import Page


class LanguagePage(Page):
    """The language, at once."""

    name = QT_TRANSLATE_NOOP("SettingsPages", "Language")
    icon = "globe"

    def build(self) -> None:
        """Make the page's controls."""
        self.language = self.choice(
            self.tr("Language"),
            Settings.language,
            [(each, self.tr("As the desktop") if each == SYSTEM else _native_name(each)) for each in LANGUAGES],
            keywords=self.tr("translation, words, dates"),
        )
        self.note(
            self.tr(
                "The window is shown in it at once, or when the dialog closes that you are writing in. "
                "What you have begun stays."
            )
        )


def _native_name(language: str) -> str:
    name = QLocale(language).nativeLanguageName() if language != "en" else "English"  # not "American English"
    return name[:1].upper() + name[1:]
