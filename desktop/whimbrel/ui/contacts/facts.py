"""What is known of somebody, as lines of a name and a value that can be selected."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QWidget

from whimbrel.ui.contacts.words import breakable
from whimbrel.ui.theme.theme import NORMAL, font
from whimbrel.ui.widgets.label import Label

_NAME_WIDTH = 13  # characters, so that lists beneath one another are in line


class Facts(QWidget):
    """Two columns. A line with nothing to say is not there.

    Args:
        names: of all lines, in their order.
    """

    def __init__(self, names: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, Label] = {}
        self._names: dict[str, Label] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, QFontMetrics(font(NORMAL)).averageCharWidth() * _NAME_WIDTH)
        grid.setColumnStretch(1, 1)
        for row, name in enumerate(names):
            self._names[name] = Label(name, tone="second")
            self._values[name] = value = Label(wrap=True, name=name)
            value.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            grid.addWidget(self._names[name], row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignTop)
            self.show_fact(name, "")

    def show_fact(self, name: str, text: str) -> None:
        """Show a value, of several lines perhaps; "" hides the line."""
        value = self._values[name]
        value.setText("\n".join(breakable(line) for line in text.splitlines()))
        value.setVisible(bool(text))
        self._names[name].setVisible(bool(text))
