"""What a person may tell of themselves in *Profile*: what is wrong with it, in words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from PySide6.QtCore import QCoreApplication, QUrl

_EMAIL = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;:.]+(\.[^\s@<>,;:.]+)+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_OLDEST = 1875  # nobody was born before it who is alive


def wrong_words(name: str, text: str) -> str | None:
    """What is wrong with a line of a profile (``model.profile.Profile``), and how it is to be; None for nothing."""
    if not text:
        return None
    if name == "website" and not _is_website(text):
        return QCoreApplication.translate("ProfileInput", "Write the whole address, such as https://example.org")
    if name == "email" and _EMAIL.fullmatch(text) is None:
        return QCoreApplication.translate("ProfileInput", "Write an email address, such as anna@example.org")
    if name == "birthday" and not _is_day(text):
        return QCoreApplication.translate("ProfileInput", "Write year, month and day, such as 1990-05-31")
    return None


def _is_website(text: str) -> bool:
    url = QUrl(text, QUrl.ParsingMode.StrictMode)
    return url.isValid() and url.scheme() in ("http", "https") and bool(url.host())


def _is_day(text: str) -> bool:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return False
    return day is not None and day.year >= _OLDEST and day <= datetime.now(UTC).astimezone().date()
