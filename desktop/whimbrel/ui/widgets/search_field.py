"""The field *Search*, with the key for more at its end."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.label import Label

_MAX_LENGTH = 200


class SearchField(QLineEdit):
    """Esc clears it; the arrow down and Enter lead into what was found."""

    list_requested = Signal()

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Search"))
        self.setPlaceholderText(self.tr("Search"))
        self.setMaxLength(_MAX_LENGTH)
        self._hint = Label(hint, self, size=SMALL, tone="second")
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._align()
        self.textChanged.connect(self._on_text_changed)

    def set_hint(self, hint: str) -> None:
        """Show another key."""
        self._hint.setText(hint)
        self._place_hint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.list_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_hint()

    def _place_hint(self) -> None:
        size = self._hint.sizeHint()
        left_to_right = self.layoutDirection() == Qt.LayoutDirection.LeftToRight
        left = self.width() - size.width() - 11 if left_to_right else 11
        self._hint.setGeometry(left, (self.height() - size.height()) // 2, size.width(), size.height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def _align(self) -> None:
        """Away from the hint, whatever keyboard is in use: Qt would go by that."""
        is_left = self.layoutDirection() is Qt.LayoutDirection.LeftToRight
        side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
        self.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)

    def _on_text_changed(self, text: str) -> None:
        self._hint.setVisible(not text)
