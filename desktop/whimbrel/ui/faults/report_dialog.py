"""*Report a problem*: what helps, all of it shown and changeable before it is saved or copied; nothing is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDir, QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from whimbrel.platform.diagnosis import Diagnosis, changed_settings, listed_faults, log_tail, versions
from whimbrel.ui.faults import sections
from whimbrel.ui.run import run
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.flow_row import FlowRow
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.widgets.plain_text import PlainText
from whimbrel.ui.widgets.wrapping_check import WrappingCheck

_WORDS_LINES = 2
_TEXT_LINES = 11
_APART = 12  # pixels between two boxes
_FILE = "whimbrel-report.txt"


class ReportDialog(FittingDialog):
    """The person adds what happened, takes away what nobody else should read, and saves or copies the rest.

    Args:
        names: what tells who somebody is, to be veiled in the log.
    """

    def __init__(self, diagnosis: Diagnosis, names: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("ReportDialog", "Report a problem"), parent, width=460)
        self._diagnosis = diagnosis
        self._names = tuple(names)
        self._taken: dict[str, str] = {}
        self.happened = PlainText(self.tr("What happened?"), lines=_WORDS_LINES, fixed=False, grows=False)
        self.happened.setPlaceholderText(self.tr("What did you do, what did you expect, what came instead?"))
        self.text = PlainText(self.tr("Report"), lines=_TEXT_LINES)
        self.checks: dict[str, WrappingCheck] = {}
        self.error = ErrorBox()
        self.state = Label(tone="second", wrap=True, name=self.tr("State"))
        self.state.hide()
        self._lay_out()
        self._fill()
        self.happened.setFocus()

    def whole_text(self) -> str:
        """The report as it is saved or copied."""
        words = self.happened.toPlainText().strip()
        return f"{words}\n\n{self.text.toPlainText().strip()}\n" if words else f"{self.text.toPlainText().strip()}\n"

    def save_to(self, path: Path) -> None:
        """Write the report to a file."""
        self.error.clear()
        writing = _write(path, self.whole_text())
        run(self, writing, on_done=self._on_saved, on_error=self.error.show_error, must_end=True)

    def _lay_out(self) -> None:
        self.content.addWidget(
            Label(
                self.tr("Nothing is sent. Read it, change or take away what you like, then pass it on yourself."),
                tone="second",
                wrap=True,
            )
        )
        self.content.addWidget(Field(self.tr("What happened?"), self.happened))
        self.content.addWidget(Field(self.tr("Report"), self.text), 1)
        row = QWidget()
        flow = FlowRow(row)
        flow.setSpacing(4)
        for heading, words in self._headings().items():
            check = self.checks[heading] = WrappingCheck(words)
            check.label.setWordWrap(False)
            check.setContentsMargins(0, 0, _APART, 0)
            check.box.setChecked(True)
            check.box.toggled.connect(lambda checked, heading=heading: self._on_toggled(heading, checked))
            flow.addWidget(check)
        self.content.addWidget(row)
        self.content.addWidget(self.error)
        self.content.addWidget(self.state)
        close = self.add_button(secondary_button(self.tr("Close")), left=True)
        close.clicked.connect(self.reject)
        self.copy_button = self.add_button(secondary_button(self.tr("Copy")))
        self.copy_button.clicked.connect(self._copy)
        self.save_button = self.add_button(primary_button(self.tr("Save…")))
        self.save_button.clicked.connect(self._ask_where)

    def _headings(self) -> dict[str, str]:
        """Headings, in English for whoever reads the report, and their words here."""
        return {
            "Versions": self.tr("Versions"),
            "Settings": self.tr("Changed settings"),
            "Faults": self.tr("Faults"),
            "Log": self.tr("Log"),
        }

    def _fill(self) -> None:
        diagnosis = self._diagnosis
        self._show({**self._quick(), "Log": "…"})
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # the program could not start
            self._on_log(log_tail(diagnosis.logs.folder, self._names))
        else:
            reading = asyncio.to_thread(log_tail, diagnosis.logs.folder, self._names)
            run(self, reading, on_done=self._on_log, on_error=self.error.show_error)

    def _quick(self) -> dict[str, str]:
        diagnosis = self._diagnosis
        return {
            "Versions": versions(),
            "Settings": changed_settings(diagnosis.settings),
            "Faults": listed_faults(diagnosis),
        }

    def _show(self, parts: dict[str, str]) -> None:
        self.text.setPlainText(sections.join(parts))

    def _on_log(self, log: str) -> None:
        placeholder = sections.join({"Log": "…"})
        self.text.setPlainText(self.text.toPlainText().replace(placeholder, sections.join({"Log": log or "empty"})))
        if "Log" in self._taken:
            self._taken["Log"] = sections.join({"Log": log or "empty"})

    def _on_toggled(self, heading: str, checked: bool) -> None:
        if checked:
            self.text.setPlainText(sections.put_back(self.text.toPlainText(), self._taken.pop(heading, "")))
        else:
            kept, self._taken[heading] = sections.without(self.text.toPlainText(), heading)
            self.text.setPlainText(kept)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.whole_text())
        self._say(self.tr("Copied."))

    def _ask_where(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or QDir.homePath()
        dialog = QFileDialog(self, self.tr("Save report"), folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.setNameFilter("*.txt")
        dialog.selectFile(_FILE)
        dialog.fileSelected.connect(lambda path: self.save_to(Path(path)))
        dialog.open()

    def _on_saved(self, trouble: str) -> None:
        if trouble:
            words = self.tr("The file cannot be written there. Choose another folder or another name.")
            self.error.show_text(words, trouble)
        else:
            self._say(self.tr("Saved."))

    def _say(self, words: str) -> None:
        self.state.setText(words)
        self.state.show()
        announce(self.state, words)


async def _write(path: Path, text: str) -> str:
    """Write a file; returns why it could not be, or ""."""

    def write() -> str:
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            return error.strerror or type(error).__name__
        return ""

    return await asyncio.to_thread(write)
