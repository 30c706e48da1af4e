"""The quick row: the usual emoji for a message, and a way to all the others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from whimbrel.ui.theme.growth import keep_size
from whimbrel.ui.theme.theme import theme
from whimbrel.ui.widgets.buttons import icon_button

QUICK = ("👍", "❤️", "😂", "😮", "😢", "🙏")
_SIDE = 36


class QuickReactions(QFrame):
    """A row of buttons: arrows or the digits choose, Enter gives, Esc leaves. Deletes itself when it closes.

    Args:
        given: the person's emoji on the message, which a press takes back; they stand first where they are others.
    """

    picked = Signal(str)
    more_requested = Signal()

    def __init__(self, given: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(self.tr("React"))
        self.setProperty("surface", "popup")
        self.buttons: list[QPushButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        for emoji in (*(one for one in given if one not in QUICK), *QUICK):
            button = self._make_button(emoji, is_given=emoji in given)
            self.buttons.append(button)
            row.addWidget(button)
        self.more_button = icon_button("plus", self.tr("More emoji"))
        self.more_button.clicked.connect(self._ask_for_more)
        self.buttons.append(self.more_button)
        row.addWidget(self.more_button)

    def open_at(self, point: QPoint) -> None:
        """Show it above a point of the screen, ready for the keyboard."""
        self.adjustSize()
        area = self.screen().availableGeometry()
        left = min(max(point.x(), area.left()), area.right() - self.width())
        self.move(left, max(point.y() - self.height(), area.top()))
        self.show()
        self.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, digit = event.key(), event.key() - Qt.Key.Key_1
        if key == Qt.Key.Key_Escape:
            self.close()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            forward = (key == Qt.Key.Key_Right) is (self.layoutDirection() is Qt.LayoutDirection.LeftToRight)
            at = next((index for index, button in enumerate(self.buttons) if button.hasFocus()), 0)
            self.buttons[(at + (1 if forward else -1)) % len(self.buttons)].setFocus(Qt.FocusReason.TabFocusReason)
        elif 0 <= digit < len(self.buttons) - 1:
            self.buttons[digit].click()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = next((button for button in self.buttons if button.hasFocus()), self.buttons[0])
            focused.click()
        else:
            super().keyPressEvent(event)

    def _make_button(self, emoji: str, *, is_given: bool) -> QPushButton:
        button = QPushButton(emoji)
        button.setProperty("kind", "flat")
        keep_size(button, _SIDE, _SIDE)
        button.setCheckable(True)
        button.setChecked(is_given)
        button.setAccessibleName(emoji)
        large = theme().font()
        large.setPointSizeF(large.pointSizeF() * 1.4)
        button.setFont(large)
        button.clicked.connect(lambda: self._pick(emoji))
        return button

    def _pick(self, emoji: str) -> None:
        self.picked.emit(emoji)
        self.close()

    def _ask_for_more(self) -> None:
        self.more_requested.emit()
        self.close()
