"""The order of names as people expect it in their language; for Chinese by pinyin, where Qt has ICU."""

from __future__ import annotations

from PySide6.QtCore import QCollator, QLocale, Qt


def collator() -> QCollator:
    """What orders names: by the person's locale, whatever their case, numbers by their value."""
    made = QCollator(_locale())
    made.setNumericMode(True)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return made


def _locale() -> QLocale:
    """The person's locale; English for the locale "C", which orders by code point."""
    locale = QLocale()
    return QLocale(QLocale.Language.English) if locale.language() == QLocale.Language.C else locale
