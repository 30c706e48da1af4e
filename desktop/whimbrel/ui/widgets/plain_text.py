"""A field of plain text in a fixed pitch: what programs write."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from whimbrel.ui.theme.theme import theme

_AROUND = 20  # pixels above and beneath the lines
_MOST_HEIGHT = 0.25  # of the screen's, that it takes at least: large text needs the rest for other things


class PlainText(QPlainTextEdit):
    """Several lines; Tab leaves it. ``lines``: how many it shows at least, or always where ``grows`` is false."""

    def __init__(
        self, name: str, parent: QWidget | None = None, *, lines: int = 6, fixed: bool = True, grows: bool = True
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "input")
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        font = QFont(self.font())
        if fixed:
            font.setFamilies(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families())
            self.document().setDefaultFont(font)
        height = QFontMetrics(font).lineSpacing() * lines + _AROUND
        most = _MOST_HEIGHT * min(1.0, 100 / theme().zoom)
        self.setMinimumHeight(min(height, round(self.screen().availableGeometry().height() * most)))
        if not grows:
            self.setMaximumHeight(self.minimumHeight())
