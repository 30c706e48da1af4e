"""The line in which one types a search: completes filters, by keyboard and mouse."""

from __future__ import annotations

from datetime import UTC, date, datetime

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from whimbrel.core.search_words import Filter, FilterKind, find_filter_at, take_apart
from whimbrel.ui.palette import DETAIL_ROLE, EntryDelegate
from whimbrel.ui.search.day_dialog import DayDialog
from whimbrel.ui.search.filter_words import read_day
from whimbrel.ui.search.suggestions import Suggestion, Suggestions
from whimbrel.ui.theme.theme import theme

_LONGEST = 500
_VISIBLE = 7
_PADDING = 14
_POPUP_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape)
_POPUP_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class SearchField(QLineEdit):
    """Suggests names and days while a filter is typed. Backspace behind a whole filter takes it away."""

    completed = Signal()

    def __init__(self, suggestions: Suggestions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._suggestions = suggestions
        self._shown: list[Suggestion] = []
        self._filter: Filter | None = None
        self.setMaxLength(_LONGEST)
        self._model = QStandardItemModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setWidget(self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(_VISIBLE)
        self.popup = QListView()
        self.popup.setAccessibleName(self.tr("Suggestions"))
        self.popup.setUniformItemSizes(True)
        self.popup.setMouseTracking(True)
        self.popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._completer.setPopup(self.popup)
        self.popup.setItemDelegate(EntryDelegate(self.popup))  # the completer gives it one of its own
        self._completer.activated[QModelIndex].connect(self._choose)  # type: ignore[index]  # the stubs know no overload
        self.textEdited.connect(self._update)
        self.cursorPositionChanged.connect(self._hide_elsewhere)
        theme().changed.connect(self._style)
        self._style()

    def suggest(self) -> None:
        """Show what the filter at the cursor may be."""
        self._update()

    def suggestions(self) -> list[Suggestion]:
        """What is shown to choose from."""
        return list(self._shown) if self.popup.isVisible() else []

    def remove(self, one: Filter) -> None:
        """Take a filter out of the text, wherever it stands by now."""
        text = self.text()
        there = [found for found in take_apart(text).filters if found == one]
        if not there:
            return
        start, end = next((found.span for found in there if found.span == one.span), there[0].span)
        self.setText(" ".join((text[:start].rstrip(), text[end:].lstrip())).strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: what the popup takes is not for the line; Backspace takes a whole filter away."""
        if self.popup.isVisible() and event.key() in (*_POPUP_KEYS, *_POPUP_MOVES):
            event.ignore()
            return
        if event.key() == Qt.Key.Key_Backspace and not event.modifiers() and (one := self._filter_before_end()):
            self.remove(one)
            if self.text():
                self.setText(self.text() + " ")
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.popup.hide()

    def _filter_before_end(self) -> Filter | None:
        """The filter behind which the cursor stands, at the end, after a space."""
        text = self.text()
        if self.hasSelectedText() or self.cursorPosition() < len(text) or not text.endswith(" "):
            return None
        return next((one for one in take_apart(text).filters if one.span[1] == len(text.rstrip())), None)

    def _hide_elsewhere(self) -> None:
        if self.popup.isVisible() and find_filter_at(self.text(), self.cursorPosition()) is None:
            self.popup.hide()

    def _update(self) -> None:
        one = find_filter_at(self.text(), self.cursorPosition())
        before, self._filter = self._filter, one
        if one is None or not self.hasFocus():
            self.popup.hide()
            return
        if before is None or before.kind is not one.kind:
            self._suggestions.refresh()
        self._shown = self._suggestions.suggest(one)
        if not self._shown:
            self.popup.hide()
            return
        self._fill()
        self._completer.complete(QRect(0, 0, self.width(), self.height() + 4))
        if one.value or one.kind not in (FilterKind.BEFORE, FilterKind.AFTER):
            self.popup.setCurrentIndex(self._completer.completionModel().index(0, 0))

    def _fill(self) -> None:
        self._model.clear()
        height = self.fontMetrics().height() + _PADDING
        for suggestion in self._shown:
            item = QStandardItem(suggestion.text)
            item.setData(suggestion.detail, DETAIL_ROLE)
            item.setData(suggestion.text, Qt.ItemDataRole.AccessibleTextRole)
            item.setData(suggestion.detail, Qt.ItemDataRole.AccessibleDescriptionRole)
            item.setEditable(False)
            size = item.sizeHint()
            size.setHeight(height)
            size.setWidth(100)
            item.setSizeHint(size)
            self._model.appendRow(item)

    def _choose(self, index: QModelIndex) -> None:
        one = self._filter
        if one is None or not 0 <= index.row() < len(self._shown):
            return
        value = self._shown[index.row()].value
        if value is not None:
            self._complete(one, value)
            return
        shown = read_day(one.value) or datetime.now(UTC).astimezone().date()
        dialog = DayDialog(one.kind, shown, self.window())
        dialog.chosen.connect(lambda day: self._complete(one, _iso(day)))
        dialog.open()

    def _complete(self, one: Filter, value: str) -> None:
        text = self.text()
        typed = Filter(one.kind, value).typed()
        before = f"{text[: one.span[0]]}{typed} "
        self.setText(before + text[one.span[1] :].lstrip())
        self.setCursorPosition(len(before))
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.popup.hide()
        self._filter = None
        self.completed.emit()

    def _style(self) -> None:
        tokens = theme().tokens
        self.popup.setStyleSheet(
            f"QListView {{ background: {tokens.background.name()}; color: {tokens.text.name()};"
            f" border: 1px solid {tokens.line.name()}; outline: none; }}"
        )


def _iso(day: date) -> str:
    return day.isoformat()
