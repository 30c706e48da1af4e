"""*Go to date*: a calendar that takes a conversation to a day."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QTableView, QToolButton, QWidget

from whimbrel.ui.theme.icons import icon
from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.fitting_dialog import FittingDialog

_ROWS, _ROOM, _NAVIGATION = 7, 8, 44  # weekdays and six weeks; pixels around a day, and of the head


class GoToDateDialog(FittingDialog):
    """A day between the oldest message that is here and today. Open it; it deletes itself."""

    chosen = Signal(object)  # datetime.date

    def __init__(self, oldest: date, shown: date, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Go to date"), parent, width=380)
        self.calendar = QCalendarWidget()
        self.calendar.setAccessibleName(self.tr("Date"))
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(day, QTextCharFormat())  # no red: that means an error here
        self.calendar.setDateRange(_qt(oldest), QDate.currentDate())
        self.calendar.setSelectedDate(_qt(shown))
        self.calendar.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.calendar.activated.connect(self.accept)
        if (days := self.calendar.findChild(QTableView)) is not None:
            days.setAccessibleName(self.tr("Date"))
        self._dress()
        rows = _ROWS * (self.fontMetrics().height() + _ROOM)
        self.calendar.setMinimumHeight(rows + _NAVIGATION)  # Qt counts with a font that Chinese is not in
        self.content.addWidget(self.calendar)
        self.cancel_button = self.add_button(secondary_button(self.tr("Cancel")))
        self.go_button = self.add_button(primary_button(self.tr("Go")), default=True)
        self.cancel_button.clicked.connect(self.reject)
        self.go_button.clicked.connect(self.accept)
        self.accepted.connect(lambda: self.chosen.emit(self.date))
        self.calendar.setFocus()

    def _dress(self) -> None:
        """Our icons, which are seen in both themes, in the place of the style's."""
        back, on = (
            ("qt_calendar_prevmonth", self.tr("Previous month")),
            ("qt_calendar_nextmonth", self.tr("Next month")),
        )
        left, right = (back, on) if self.layoutDirection() is Qt.LayoutDirection.LeftToRight else (on, back)
        for (name, words), picture in ((left, "chevron-left"), (right, "chevron-right")):
            button = self.calendar.findChild(QToolButton, name)
            if isinstance(button, QToolButton):
                button.setIcon(icon(picture))
                button.setAccessibleName(words)
                button.setToolTip(words)

    @property
    def date(self) -> date:
        """The day that is selected."""
        day = self.calendar.selectedDate()
        return date(day.year(), day.month(), day.day())


def _qt(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
