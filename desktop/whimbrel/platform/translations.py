"""The interface in the language of the desktop, or in the one that the person chose."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from whimbrel.platform import resources

log = logging.getLogger(__name__)

SYSTEM = "system"
LANGUAGES = (SYSTEM, "en", "zh_CN")
"""What can be chosen: as the desktop, or one by its name."""

_WRITTEN = ("en", "C")  # what the source is written in
_SIMPLIFIED = frozenset({"Hans", "CN", "SG"})


class Translation(QObject):
    """What is shown is translated, dates and numbers are written as usual in that language. One an application."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._app = app
        self._translators: list[QTranslator] = []
        self.name = ""  # like ``zh_CN``; "" where English it is, for which nothing is loaded

    @classmethod
    def install(cls, app: QCoreApplication) -> Translation:
        """Give the application its translation; once it has one, returns that."""
        existing = next((child for child in app.children() if isinstance(child, cls)), None)
        return existing if existing is not None else cls(app)

    @classmethod
    def use_in_application(cls, language: str) -> None:
        """:meth:`use`, in the application that there is."""
        app = QCoreApplication.instance()
        if app is not None:
            cls.install(app).use(language)

    def use(self, language: str = SYSTEM) -> None:
        """Translate whatever is made from now on; what was made before keeps its words.

        ``language``: one of ``LANGUAGES``.
        """
        system = QLocale.system()
        chosen = system if language == SYSTEM else _locale(language, system)
        QLocale.setDefault(chosen)
        self.use_first(system.uiLanguages() if language == SYSTEM else [language.replace("_", "-")])

    def use_first(self, languages: Sequence[str]) -> None:
        """Translate into the first of these languages that there is a translation for, as ``QLocale.uiLanguages``."""
        for translator in self._translators:
            self._app.removeTranslator(translator)
            translator.deleteLater()
        self._translators.clear()
        self.name = translation_for(languages)
        if self.name:
            # Qt's own words (Cut, Copy, Paste) are missing where a packager left them out; ours always come with us.
            self._load(Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{self.name}.qm")
            self._load(resources.path(f"translations/whimbrel_{self.name}.qm"))

    def _load(self, file: Path) -> None:
        translator = QTranslator(self)
        if translator.load(str(file)):
            self._app.installTranslator(translator)
            self._translators.append(translator)
        else:
            log.info("There is no translation %s", file.name)


def translation_for(languages: Sequence[str]) -> str:
    """The translation for the first of these languages that there is one for; "" is English."""
    for tag in languages:  # compared as text: QLocale's enumerations take longer to make than all of this
        language, *parts = tag.split("-")
        if language in _WRITTEN:
            return ""
        # A bare "zh" is no sign: it follows "zh-Hant-TW" too, whose readers are better served by their next language.
        if language == "zh" and "Hant" not in parts and not _SIMPLIFIED.isdisjoint(parts):
            return "zh_CN"
    return ""


def _locale(language: str, system: QLocale) -> QLocale:
    """How dates and numbers are written in a language: as the desktop does where it speaks that, too."""
    chosen = QLocale(language)
    return system if system.language() == chosen.language() else chosen
