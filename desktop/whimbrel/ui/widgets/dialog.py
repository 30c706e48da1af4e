"""The base of every dialog: a title, a column of content, a row of buttons. Never blocks: ``open()`` it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSlider, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from whimbrel.ui.theme.theme import LARGE, theme
from whimbrel.ui.widgets.dialog_body import DialogBody
from whimbrel.ui.widgets.label import Label

_MOST_WIDTH = 0.9  # of the screen's width: large letters need wide dialogs, or they become too high
_PAGES = {
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
}


class Dialog(QDialog):
    """A dialog that deletes itself when closed. Fill ``content``; give it buttons with :meth:`add_button`."""

    def __init__(self, title: str, parent: QWidget | None = None, *, width: int = 380) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._usual_width = width
        self.title = Label(title, size=LARGE, bold=True, wrap=True)
        self.body = DialogBody(self)
        self.content = self.body.column
        self._left = QHBoxLayout()
        self._right = QHBoxLayout()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(10)
        for row in (self._left, self._right):
            row.setSpacing(10)
        self._buttons.addLayout(self._left)
        self._buttons.addStretch(1)
        self._buttons.addLayout(self._right)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 22)
        layout.setSpacing(12)
        layout.addWidget(self.title)
        layout.addWidget(self.body, 1)
        layout.addSpacing(4)
        layout.addLayout(self._buttons)
        theme().changed.connect(self._widen)
        self._widen()

    def add_button(self, button: QPushButton, *, left: bool = False, default: bool = False) -> QPushButton:
        """Append a button at the right end (or at the left); ``default`` is what Enter presses."""
        (self._left if left else self._right).addWidget(button)
        if default:
            button.setDefault(True)
        return button

    def _widen(self) -> None:
        """As much wider as the letters are larger, as far as the screen is wide."""
        most = round(self.screen().availableGeometry().width() * _MOST_WIDTH)
        self.setMinimumWidth(max(self._usual_width, min(self._usual_width * theme().zoom // 100, most)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, only elsewhere the default one; pages are turned by keys."""
        focused, bar = self.focusWidget(), self.body.verticalScrollBar()
        if event.key() in _PAGES and bar.maximum() > 0:
            bar.triggerAction(_PAGES[Qt.Key(event.key())])
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        else:
            super().keyPressEvent(event)
