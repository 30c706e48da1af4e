"""Filters as chips: those that are typed can be taken away, the others can be added with a click."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QLayout, QLayoutItem, QPushButton, QSizePolicy, QWidget

from whimbrel.core.search_words import Filter, FilterKind

_GAP = 4


class FlowLayout(QLayout):
    """Puts widgets one after the other, into as many lines as they need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        widths = [item.minimumSize().width() for item in self._items if not item.isEmpty()]
        heights = [item.minimumSize().height() for item in self._items if not item.isEmpty()]
        return QSize(max(widths, default=0), max(heights, default=0))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x = y = line = 0
        parent = self.parentWidget()
        to_left = parent is not None and parent.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint().boundedTo(QSize(max(rect.width(), 1), 1000))
            if x and x + size.width() > rect.width():
                x, y, line = 0, y + line + _GAP, 0
            if move:
                left = rect.right() + 1 - x - size.width() if to_left else rect.left() + x
                item.setGeometry(QRect(QPoint(left, rect.top() + y), size))
            x, line = x + size.width() + _GAP, max(line, size.height())
        return y + line


class Chips(QWidget):
    """``added`` carries what is to be typed, ``removed`` the filter that goes."""

    added = Signal(str)
    removed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Filters"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._flow = FlowLayout(self)
        self._chosen: list[QPushButton] = []
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

    def show_filters(self, filters: tuple[Filter, ...]) -> None:
        """Show what is typed; what is not can be added."""
        had_focus = any(button.hasFocus() for button in self._chosen)
        for button in self._chosen:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._chosen = []
        for one in filters:
            button = self._make(f"{self._words(one)}  ✕", checked=True)
            button.setAccessibleName(self.tr("Remove filter %1").replace("%1", self._words(one)))
            button.clicked.connect(lambda _checked=False, one=one: self.removed.emit(one))
            self._chosen.append(button)
        typed = {one.typed().lower() for one in filters}
        for key, button in self._offered.items():
            button.setVisible(key not in typed)
        self._flow.invalidate()
        self.updateGeometry()
        if had_focus and self._chosen:
            self._chosen[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def chosen(self) -> list[QPushButton]:
        """The chips of filters that are typed."""
        return list(self._chosen)

    def _make(self, text: str, *, checked: bool = False) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "chip")
        button.setProperty("chosen", checked)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        button.setMaximumWidth(240)
        self._flow.addWidget(button)
        button.show()
        return button

    def _words(self, one: Filter) -> str:
        value = one.value if len(one.value) <= _LONGEST else one.value[: _LONGEST - 1] + "…"
        if one.kind is FilterKind.HAS:
            return {"file": self.tr("Has a file"), "link": self.tr("Has a link")}.get(value.lower().rstrip("s"), value)
        words = {
            FilterKind.FROM: self.tr("From %1"),
            FilterKind.IN: self.tr("In %1"),
            FilterKind.BEFORE: self.tr("Before %1"),
            FilterKind.AFTER: self.tr("After %1"),
        }
        return words[one.kind].replace("%1", value)


_LONGEST = 24  # characters of a value that a chip shows
