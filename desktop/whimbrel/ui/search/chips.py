"""Filters as chips: those that are typed can be taken away, the others can be added with a click."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from whimbrel.core.search_words import Filter
from whimbrel.ui.search.filter_words import FilterWords
from whimbrel.ui.theme.growth import keep_icon_size
from whimbrel.ui.theme.icons import icon
from whimbrel.ui.widgets.flow_row import FlowRow
from whimbrel.ui.widgets.label import plain_tip

_GAP = 4
_ICON = 14


class Chip(QPushButton):
    """A filter. ``removed``: by click, Backspace or Delete, where it is one that is typed."""

    removed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: as in a text."""
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class Chips(QWidget):
    """``added`` carries what is to be typed, ``removed`` the filter that goes."""

    added = Signal(str)
    removed = Signal(object)

    def __init__(self, words: FilterWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.setAccessibleName(self.tr("Filters"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._flow = FlowRow(self)
        self._flow.setSpacing(_GAP)
        self._chosen: list[Chip] = []
        self._shown: tuple[tuple[Filter, ...], frozenset[Filter]] = ((), frozenset())
        self._offered = {
            "from:": self._make(self.tr("From…")),
            "in:": self._make(self.tr("In…")),
            "has:file": self._make(self.tr("Has a file")),
            "has:link": self._make(self.tr("Has a link")),
            "before:": self._make(self.tr("Before…")),
            "after:": self._make(self.tr("After…")),
        }
        for typed, button in self._offered.items():
            button.clicked.connect(lambda _checked=False, typed=typed: self.added.emit(typed))

    def show_filters(self, filters: Sequence[Filter], wrong: Collection[Filter] = ()) -> None:
        """Show what is typed, marked where it is ``wrong``; what is not typed can be added."""
        if (shown := (tuple(filters), frozenset(wrong))) == self._shown:
            return
        self._shown = shown
        focused = next((place for place, chip in enumerate(self._chosen) if chip.hasFocus()), None)
        for chip in self._chosen:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chosen = []
        for one in filters:
            words = self._words.describe(one)
            chip = self._make(f"{words}  ✕", state="wrong" if one in wrong else "true")
            if one in wrong:
                chip.setIcon(icon("alert"))  # not by its colour alone
                keep_icon_size(chip, _ICON)
            name = self.tr("Remove filter %1").replace("%1", words)
            chip.setAccessibleName(name)
            chip.setToolTip(plain_tip(name))
            chip.clicked.connect(lambda _checked=False, one=one: self.removed.emit(one))
            chip.removed.connect(lambda one=one: self.removed.emit(one))
            self._chosen.append(chip)
        typed = {one.typed().lower() for one in filters}
        for key, chip in self._offered.items():
            chip.setVisible(key not in typed)
        self._flow.invalidate()
        self.updateGeometry()
        if focused is not None and self._chosen:
            self._chosen[min(focused, len(self._chosen) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    def chosen(self) -> list[Chip]:
        """The chips of filters that are typed."""
        return list(self._chosen)

    def _make(self, text: str, *, state: str = "false") -> Chip:
        chip = Chip(text.replace("&", "&&"), self)
        chip.setProperty("kind", "chip")
        chip.setProperty("chosen", state)
        chip.setAccessibleName(text)
        chip.setAutoDefault(False)
        chip.setMaximumWidth(240)
        self._flow.addWidget(chip)
        chip.show()
        return chip
