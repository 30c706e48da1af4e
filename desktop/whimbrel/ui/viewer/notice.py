"""What stands over the place of a picture that is not here, or cannot be shown, and what can be done about that."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from whimbrel.ui.widgets.buttons import secondary_button
from whimbrel.ui.widgets.label import Label

_WIDTH = 320
_MARGIN = 16


class Notice(QFrame):
    """Words, and a button where one helps; in the middle of what it stands over."""

    pressed = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setProperty("surface", "popup")
        self.words = Label(wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = secondary_button("")
        self.button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(12)
        column.addWidget(self.words)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        over.installEventFilter(self)
        self.hide()

    def say(self, words: str, button: str = "") -> None:
        """Show it; without a label there is no button."""
        self.words.setText(words)
        self.button.setText(button)
        self.button.setAccessibleName(button)
        self.button.setVisible(bool(button))
        self.show()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: stay in the middle."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        over = self._over
        width = min(_WIDTH, over.width() - 2 * _MARGIN)
        layout = self.layout()
        self.resize(width, layout.heightForWidth(width) if layout is not None else self.sizeHint().height())
        self.move((over.width() - self.width()) // 2, (over.height() - self.height()) // 2)
