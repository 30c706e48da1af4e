"""A line above the composer that says what is being written: an answer, an edit."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from whimbrel.ui.theme.growth import keep_size
from whimbrel.ui.theme.icons import icon
from whimbrel.ui.theme.theme import SMALL, grown, theme
from whimbrel.ui.widgets.buttons import icon_button
from whimbrel.ui.widgets.label import ElidedLabel, Label
from whimbrel.ui.widgets.margins import set_margins

_ICON = 20
_SIDE = 36


class Strip(QFrame):
    """An icon, what is being done, the start of the message that it is done with, a button that leaves it.

    Args:
        leave: the name of that button.
    """

    def __init__(self, icon_name: str, leave: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self._icon = icon_name
        self._picture = Label()
        keep_size(self._picture, _SIDE, _SIDE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name = ElidedLabel("", size=SMALL, bold=True, tone="accent")
        self.words = ElidedLabel("", size=SMALL, tone="second")
        self.close_button = icon_button("close", leave, size=16)
        self.close_button.setCursor(Qt.CursorShape.ArrowCursor)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.name)
        texts.addWidget(self.words)
        row = QHBoxLayout(self)
        set_margins(row, 4, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._picture)
        row.addLayout(texts, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignVCenter)
        theme().changed.connect(self._style)
        self._style()
        self.hide()

    def show_words(self, name: str, words: str) -> None:
        """Appear, with what is being done and the start of the message."""
        self.name.setText(name)
        self.words.setText(words)
        self.show()

    def _style(self) -> None:
        tokens = theme().tokens
        size = QSize(grown(_ICON), grown(_ICON))
        self._picture.setPixmap(icon(self._icon, tokens.accent).pixmap(size, self.devicePixelRatioF()))
        self.setStyleSheet(
            f"#strip {{ background: {tokens.side_pane.name()}; border-radius: 8px; border: 2px solid transparent; }}"
            f"#strip:focus {{ border-color: {tokens.focus.name()}; }}"
        )
