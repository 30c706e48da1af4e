"""The interface in the language of the desktop."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from whimbrel.platform import resources

log = logging.getLogger(__name__)

_WRITTEN = ("en", "C")  # what the source is written in
_SIMPLIFIED = frozenset({"Hans", "CN", "SG"})


def install_translation(app: QCoreApplication, languages: Sequence[str] | None = None) -> str:
    """Translate whatever is shown from now on; call it before the first widget is made.

    ``languages``: what the person reads, best first, as in ``QLocale.uiLanguages`` (the desktop's where not given).
    Returns the name of the translation, like ``zh_CN``; "" where English it is, for which nothing is loaded.
    """
    name = translation_for(QLocale.system().uiLanguages() if languages is None else languages)
    if name:
        # Qt's own words (Cut, Copy, Paste) are missing where a packager left them out; ours always come with us.
        _load(app, Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{name}.qm")
        _load(app, resources.path(f"translations/whimbrel_{name}.qm"))
    return name


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


def _load(app: QCoreApplication, file: Path) -> None:
    translator = QTranslator(app)
    if translator.load(str(file)):
        app.installTranslator(translator)
    else:
        log.info("There is no translation %s", file.name)
