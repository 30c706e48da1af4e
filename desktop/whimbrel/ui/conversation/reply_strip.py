"""The strip above the composer that shows what is being answered."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from whimbrel.ui.theme.icons import icon
from whimbrel.ui.theme.theme import SMALL, theme
from whimbrel.ui.widgets.buttons import icon_button
from whimbrel.ui.widgets.label import ElidedLabel, Label

_ICON = 20


class ReplyStrip(QFrame):
    """Who said what is answered, and the start of it. A click on it goes there, the button leaves it."""

    leave_requested = Signal()
    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setAccessibleName(self.tr("Reply"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._picture = Label()
        self._picture.setFixedSize(36, 36)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name = ElidedLabel("", size=SMALL, bold=True, tone="accent")
        self.words = ElidedLabel("", size=SMALL, tone="second")
        self.close_button = icon_button("close", self.tr("Cancel reply"), size=16)
        self.close_button.setCursor(Qt.CursorShape.ArrowCursor)
        self.close_button.clicked.connect(self.leave_requested)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.name)
        texts.addWidget(self.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._picture)
        row.addLayout(texts, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignVCenter)
        theme().changed.connect(self._style)
        self._style()
        self.hide()

    def show_reply(self, name: str, words: str) -> None:
        """Show what is answered."""
        self.name.setText(self.tr("Reply to {name}").replace("{name}", name))
        self.words.setText(words)
        self.show()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def _style(self) -> None:
        tokens = theme().tokens
        self._picture.setPixmap(icon("reply", tokens.accent).pixmap(QSize(_ICON, _ICON), self.devicePixelRatioF()))
        self.setStyleSheet(f"#strip {{ background: {tokens.side_pane.name()}; border-radius: 8px; }}")
