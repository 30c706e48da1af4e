"""What stands where the contacts would be, while there are none to show."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from whimbrel.ui.widgets.buttons import link_button
from whimbrel.ui.widgets.label import Label


class EmptyWords(QWidget):
    """Says why nobody is shown, and offers to add somebody where there is nobody at all."""

    add_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = Label(tone="second", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.add = link_button(self.tr("Add contact…"))
        self.add.clicked.connect(self.add_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 32, 24, 24)
        layout.setSpacing(8)
        layout.addWidget(self.words)
        layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def show_for(self, *, shown: int, total: int, searching: bool) -> None:
        """Show the words that fit, or nothing while rows are shown."""
        self.setVisible(not shown)
        self.add.setVisible(not total and not searching)
        if searching:
            self.words.setText(self.tr("No contact matches."))
        elif total:
            self.words.setText(self.tr("Nobody is online."))
        else:
            self.words.setText(self.tr("No contacts yet. Add somebody by their address, and they appear here."))
