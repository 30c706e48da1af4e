"""Labels that only ever show plain text."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QWidget

from whimbrel.ui.theme.theme import NORMAL, Size


def plain_tip(text: str) -> str:
    """A tooltip of these words, whoever wrote them: Qt takes it for rich text where it looks like that, so it is."""
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>" if text else ""


class Label(QLabel):
    """A label of plain text in one of the theme's sizes and tones.

    Args:
        tone: "" (text), "second", "error", "on-error" or "accent".
        name: a fixed accessible name; the text then becomes the accessible description, kept up to date.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: Size = NORMAL,
        bold: bool = False,
        tone: str = "",
        wrap: bool = False,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("textSize", size.name.lower())
        self.setProperty("tone", tone)
        if bold:
            self.setProperty("weight", "bold")
        self.setWordWrap(wrap)
        self._named = bool(name)
        if name:
            self.setAccessibleName(name)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        if self._named:
            self.setAccessibleDescription(text)


class ElidedLabel(Label):
    """A label of one line that ends in … where it does not fit.

    It stands at the side where lines of the interface begin, whatever script it is in: beside what it belongs to.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None, **options: object) -> None:
        self._full = ""
        super().__init__("", parent, **options)  # type: ignore[arg-type]  # Label checks its own options
        self.setMinimumWidth(24)
        self._align()
        self.setText(text)

    def setText(self, text: str) -> None:
        self._full = " ".join(text.split())
        self._elide()

    def full_text(self) -> str:
        """The whole text."""
        return self._full

    def resizeEvent(self, event: object) -> None:
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def _align(self) -> None:
        """Qt would turn it round where the text runs the other way."""
        is_left = self.layoutDirection() is Qt.LayoutDirection.LeftToRight
        side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
        self.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, max(0, self.width()))
        if shown != self.text():
            super().setText(shown)
        if self._named:
            self.setAccessibleDescription(self._full)
        else:
            self.setAccessibleName(self._full)
