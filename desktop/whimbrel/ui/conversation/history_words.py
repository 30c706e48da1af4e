"""What is here of a conversation's history, in words, and what can be done about the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from whimbrel.model.archive import Beginning, Coverage
from whimbrel.model.errors import KnownError
from whimbrel.ui.errors import explain
from whimbrel.ui.words import missing_words

_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class MarkWords:
    """A line of the history: its text, the label of its button ("": none), technical text for the tooltip."""

    text: str
    action: str = ""
    detail: str = ""
    is_error: bool = False


def beginning_words(coverage: Coverage, *, loading: bool, online: bool, error: KnownError | None) -> MarkWords:
    """What stands above the oldest message."""
    if coverage.beginning is Beginning.REACHED:
        return MarkWords(QCoreApplication.translate("History", "This is the beginning of your conversation"))
    if coverage.beginning is Beginning.NO_ARCHIVE:
        return MarkWords(QCoreApplication.translate("History", "Your provider keeps no history"))
    if loading:
        return MarkWords(_loading())
    if error is not None:
        return _failed(error)
    since = since_words(coverage.since) if coverage.since is not None and not coverage.gaps else ""
    if not online:
        return MarkWords(_SEPARATOR.join(filter(None, [since, _not_connected()])))
    return MarkWords(since, QCoreApplication.translate("History", "Load older messages"))


def gap_words(*, loading: bool, online: bool, error: KnownError | None) -> MarkWords:
    """What stands where messages are missing."""
    if loading:
        return MarkWords(_SEPARATOR.join([missing_words(), _loading()]))
    if error is not None:
        return _failed(error)
    if not online:
        return MarkWords(_SEPARATOR.join([missing_words(), _not_connected()]))
    return MarkWords(missing_words(), QCoreApplication.translate("History", "Load"))


def since_words(moment: datetime) -> str:
    """From when on nothing is missing."""
    day = moment.astimezone().date()
    pattern = QCoreApplication.translate("History", "d MMMM yyyy")
    date = QLocale().toString(QDate(day.year, day.month, day.day), pattern)
    return QCoreApplication.translate("History", "History complete since {date}").replace("{date}", date)


def _failed(error: KnownError) -> MarkWords:
    action = QCoreApplication.translate("History", "Try again")
    return MarkWords(explain(error), action, error.detail, is_error=True)


def _loading() -> str:
    return QCoreApplication.translate("History", "Loading…")


def _not_connected() -> str:
    return QCoreApplication.translate("History", "Not connected")
