"""Asked once: does closing the window quit?"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label


class CloseDialog(FittingDialog):
    """``chosen`` carries whether to keep running."""

    chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, width=400)
        self.setWindowTitle(self.tr("Keep Whimbrel running?"))
        self.setAccessibleName(self.windowTitle())
        self.title.setText(self.windowTitle())
        words = self.tr(
            "Messages keep arriving, and the icon in the tray brings the window back. You can change this in Settings."
        )
        self.content.addWidget(Label(words, wrap=True))
        leave = self.add_button(secondary_button(self.tr("Quit")))
        keep = self.add_button(primary_button(self.tr("Keep running")), default=True)
        leave.clicked.connect(lambda: self._choose(False))
        keep.clicked.connect(lambda: self._choose(True))

    def _choose(self, keep_running: bool) -> None:
        self.accept()
        self.chosen.emit(keep_running)
