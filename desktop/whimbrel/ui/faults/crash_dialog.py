"""What is shown of faults inside the program: calmly, beside what one does, with a text to pass on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from whimbrel.platform.faults import Fault
from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.widgets.plain_text import PlainText

_SHOWN = 5  # distinct faults of one dialog; the report has the rest


class CrashDialog(FittingDialog):
    """Faults that came while it is open join it. It takes neither the keyboard nor the way to other windows.

    Args:
        versions: what the program is made of, above the traceback.
        at_start: the program cannot start because of it.
    """

    report_requested = Signal()

    def __init__(self, versions: str, parent: QWidget | None = None, *, at_start: bool = False) -> None:
        title = QCoreApplication.translate("CrashDialog", "Something went wrong in Whimbrel")
        super().__init__(title, parent, width=460)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setModal(False)
        self._versions = versions
        self._faults: dict[str, Fault] = {}
        self._beyond: set[str] = set()
        words = (
            self.tr("Whimbrel could not start. What you wrote is safe.")
            if at_start
            else self.tr("It goes on, and what you wrote is safe. Restart it if anything looks odd.")
        )
        self.words = Label(words, wrap=True)
        self.promise = Label(
            self.tr("This text holds no messages, no addresses and no passwords."), tone="second", wrap=True
        )
        self.text = PlainText(self.tr("What happened"), lines=10)
        self.text.setReadOnly(True)
        self.content.addWidget(self.words)
        self.content.addWidget(self.text, 1)
        self.content.addWidget(self.promise)
        self.copy_button = secondary_button(self.tr("Copy"))
        self.content.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignLeading)
        self.copy_button.clicked.connect(self._copy)
        self.report_button = self.add_button(secondary_button(self.tr("Report a problem…")))
        self.report_button.clicked.connect(self.report_requested)
        self.report_button.setVisible(not at_start)  # there is nothing more to tell then
        self.close_button = self.add_button(primary_button(self.tr("Close")), default=True)
        self.close_button.clicked.connect(self.accept)
        self.close_button.setFocus()

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """Show these, beside those that show already."""
        for fault in faults:
            if fault.signature in self._faults or len(self._faults) < _SHOWN:
                self._faults[fault.signature] = fault
            else:
                self._beyond.add(fault.signature)
        parts = [self._versions, *(fault.shown() for fault in self._faults.values())]
        if self._beyond:
            others = len(self._beyond)
            parts.append(self.tr("and 1 other") if others == 1 else self.tr("and %n others", "", others))
        at = self.text.verticalScrollBar().value()
        self.text.setPlainText("\n\n".join(parts))
        self.text.verticalScrollBar().setValue(at)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
