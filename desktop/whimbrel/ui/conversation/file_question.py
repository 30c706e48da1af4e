"""A question before something that may do harm: *Open anyway*, *Fetch anyway*."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from whimbrel.ui.widgets.buttons import danger_button, secondary_button
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label


class FileQuestion(FittingDialog):
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


def ask_unencrypted(name: str, parent: QWidget, on_yes: Callable[[], None]) -> None:
    """Ask before a file is fetched from an http address (C3)."""
    translate = QCoreApplication.translate
    words = translate(
        "Files",
        "{name} would come unencrypted: others on the way could see it, or send you something else in its place.",
    )
    title, label = translate("Files", "Fetch this file?"), translate("Files", "Fetch anyway")
    question = FileQuestion(title, words.replace("{name}", name), label, parent)
    question.accepted.connect(on_yes)
    question.finished.connect(question.deleteLater)
    question.open()
