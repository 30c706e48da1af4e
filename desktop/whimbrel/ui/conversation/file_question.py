"""A question before something that may do harm: *Open anyway*, *Fetch anyway*."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from whimbrel.ui.widgets.buttons import danger_button, secondary_button
from whimbrel.ui.widgets.dialog import Dialog
from whimbrel.ui.widgets.label import Label


class FileQuestion(Dialog):
    """Accepted where the person wants it all the same; *Cancel* is the default."""

    def __init__(self, title: str, words: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent, width=400)
        self.words = Label(words, wrap=True)
        self.content.addWidget(self.words)
        cancel = self.add_button(secondary_button(self.tr("Cancel")), default=True)
        cancel.clicked.connect(self.reject)
        self.anyway = self.add_button(danger_button(label))
        self.anyway.clicked.connect(self.accept)
        cancel.setFocus()
