"""A field of plain text in a fixed pitch: what programs write."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QPlainTextEdit, QWidget


class PlainText(QPlainTextEdit):
    """Several lines; Tab leaves it. ``lines``: how many it shows at least."""

    def __init__(self, name: str, parent: QWidget | None = None, *, lines: int = 6, fixed: bool = True) -> None:
        super().__init__(parent)
        self.setProperty("kind", "input")
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        font = QFont(self.font())
        if fixed:
            font.setFamilies(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families())
            self.document().setDefaultFont(font)
        self.setMinimumHeight(QFontMetrics(font).lineSpacing() * lines + 20)
