"""The small popover that picks an emoji: a field to search in, and a grid."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from whimbrel.ui.conversation.emoji import find_emoji
from whimbrel.ui.theme.theme import theme

_CELL = 36
_COLUMNS = 8
_ROWS = 6
_MOST = 1200


class EmojiPicker(QFrame):
    """Closes with Esc, a click elsewhere, or a choice; Shift keeps it open."""

    picked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAccessibleName(self.tr("Emoji"))
        self.setProperty("surface", "card")
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("Search emoji"))
        self.search.setPlaceholderText(self.tr("Search emoji"))
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.grid = QListWidget()
        self.grid.setAccessibleName(self.tr("Emoji"))
        self.grid.setViewMode(QListWidget.ViewMode.IconMode)
        self.grid.setMovement(QListWidget.Movement.Static)
        self.grid.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.grid.setUniformItemSizes(True)
        self.grid.setGridSize(QSize(_CELL, _CELL))
        self.grid.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.grid.itemClicked.connect(self._pick)
        self.grid.itemActivated.connect(self._pick)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(self.grid)
        self.setFixedSize(_COLUMNS * _CELL + 34, _ROWS * _CELL + 72)

    def open_above(self, anchor: QWidget) -> None:
        """Show the popover above a button, aligned to its right edge."""
        self.search.clear()
        self._fill("")
        corner = anchor.mapToGlobal(QPoint(anchor.width() - self.width(), -self.height() - 6))
        area = anchor.screen().availableGeometry()
        self.move(max(corner.x(), area.left()), max(corner.y(), area.top()))
        self.show()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the search to the grid; Enter picks the first."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.grid.count():
            if event.key() == Qt.Key.Key_Down:
                self.grid.setFocus()
                self.grid.setCurrentRow(0)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._pick(self.grid.item(0))
                return True
        return super().eventFilter(watched, event)

    def _fill(self, words: str) -> None:
        large = theme().font()
        large.setPointSizeF(large.pointSizeF() * 1.5)
        self.grid.clear()
        for emoji, name in find_emoji(words, _MOST):
            item = QListWidgetItem(emoji)
            item.setFont(large)
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            item.setSizeHint(QSize(_CELL, _CELL))
            readable = name.replace("_", " ")
            item.setToolTip(readable)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, readable)
            self.grid.addItem(item)

    def _pick(self, item: QListWidgetItem) -> None:
        self.picked.emit(item.text())
        self.close()
