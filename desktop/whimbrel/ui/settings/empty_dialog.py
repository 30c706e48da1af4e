"""Asks before the copies of fetched files go."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from whimbrel.ui.widgets.buttons import danger_button, secondary_button
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label


class EmptyDialog(FittingDialog):
    """Accepted where they are to go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, width=400)
        title = self.tr("Empty fetched files")
        for set_title in (self.setWindowTitle, self.setAccessibleName, self.title.setText):
            set_title(title)
        self.content.addWidget(
            Label(
                self.tr(
                    "Files and pictures that others sent are fetched again when you open them, unless their providers "
                    "have removed them by then. Files that you sent or saved stay."
                ),
                wrap=True,
            )
        )
        self.content.addStretch(1)
        cancel = self.add_button(secondary_button(self.tr("Cancel")), default=True)
        cancel.clicked.connect(self.reject)
        self.empty = self.add_button(danger_button(self.tr("Empty")))
        self.empty.clicked.connect(self.accept)
