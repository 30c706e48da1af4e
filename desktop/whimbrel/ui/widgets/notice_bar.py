"""A calm line about something that happened elsewhere: what it means, what to do, and a way to put it away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.widgets.buttons import icon_button, link_button
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.widgets.margins import set_margins


class NoticeBar(QFrame):
    """Hidden until it has something to say. ``closed`` is emitted when the person puts it away."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "notice")
        self.label = Label(wrap=True)
        self._callback: Callable[[], None] | None = None
        self.action_button = link_button("")
        self.action_button.clicked.connect(self._on_action)
        self.close_button = icon_button("close", self.tr("Close notice"), size=14)
        self.close_button.clicked.connect(self._on_close)
        layout = QHBoxLayout(self)
        set_margins(layout, 16, 4, 8, 4)
        layout.setSpacing(8)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.action_button)
        layout.addWidget(self.close_button)
        self.hide()

    def show_text(self, text: str, action: str = "", callback: Callable[[], None] | None = None) -> None:
        """Say something, with one action at the end where it is given."""
        self.label.setText(text)
        self._callback = callback
        self.action_button.setText(action)
        self.action_button.setAccessibleName(action)
        self.action_button.setVisible(bool(action))
        self.show()
        announce(self, text)

    def _on_action(self) -> None:
        if self._callback is not None:
            self._callback()

    def _on_close(self) -> None:
        self.hide()
        self.closed.emit()
