"""A calendar for the filters ``before:`` and ``after:``."""

from __future__ import annotations

from datetime import UTC, date, datetime

from PySide6.QtWidgets import QWidget

from whimbrel.core.search_words import FilterKind
from whimbrel.ui.conversation.go_to_date import GoToDateDialog

_OLDEST = date(1999, 1, 4)  # the day that the network was announced: nothing on it is older


class DayDialog(GoToDateDialog):
    """*Messages before* or *after* a day. ``chosen`` carries it."""

    def __init__(self, kind: FilterKind, shown: date, parent: QWidget | None = None) -> None:
        today = datetime.now(UTC).astimezone().date()
        super().__init__(_OLDEST, min(max(shown, _OLDEST), today), parent)
        title = self.tr("Messages before this day") if kind is FilterKind.BEFORE else self.tr("Messages after this day")
        for set_title in (self.setWindowTitle, self.setAccessibleName, self.title.setText):
            set_title(title)
        self.go_button.setText(self.tr("Choose"))
        self.go_button.setAccessibleName(self.tr("Choose"))
