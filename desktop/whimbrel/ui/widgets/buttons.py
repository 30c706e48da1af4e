"""Push buttons of the theme's kinds; their accessible name is their text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from whimbrel.ui.theme.icons import icon
from whimbrel.ui.theme.theme import grown, theme

_AROUND = 16  # pixels beside an icon, of both sides together


class _Button(QPushButton):
    """Enter presses the button that has the keyboard, in any window, and not the dialog's default instead."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


class _IconButton(_Button):
    """Grows with the letters, less than they do."""

    def __init__(self, size: int, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._size = size
        self.setProperty("kind", "flat")
        self.setAutoDefault(False)
        self._fit()
        theme().changed.connect(self._fit)

    def _fit(self) -> None:
        self.setIconSize(QSize(grown(self._size), grown(self._size)))
        self.setFixedSize(grown(self._size) + _AROUND, grown(self._size) + _AROUND)


def _button(text: str, kind: str, parent: QWidget | None) -> QPushButton:
    button = _Button(text, parent)
    button.setProperty("kind", kind)
    button.setAccessibleName(text.replace("&", ""))
    button.setAutoDefault(False)
    return button


def primary_button(text: str, parent: QWidget | None = None) -> QPushButton:
    """The one action that a screen is for."""
    return _button(text, "primary", parent)


def secondary_button(text: str, parent: QWidget | None = None) -> QPushButton:
    """Any other action."""
    return _button(text, "secondary", parent)


def danger_button(text: str, parent: QWidget | None = None) -> QPushButton:
    """An action that takes something away."""
    return _button(text, "danger", parent)


def link_button(text: str, parent: QWidget | None = None) -> QPushButton:
    """An action in a line of text."""
    button = _button(text, "link", parent)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def icon_button(icon_name: str, name: str, parent: QWidget | None = None, *, size: int = 20) -> QPushButton:
    """A button that shows only an icon; its name is its tooltip too."""
    button = _IconButton(size, parent)
    button.setIcon(icon(icon_name))
    button.setAccessibleName(name)
    button.setToolTip(name)
    return button
