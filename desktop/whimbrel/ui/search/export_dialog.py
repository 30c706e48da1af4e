"""Exporting a conversation or everything to a file, with progress and a way to stop."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QDir, QStandardPaths, Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QProgressBar, QWidget

from whimbrel.core.export.formats import ExportWords
from whimbrel.core.export.service import Export, ExportFormat, ExportWish
from whimbrel.core.services import Services
from whimbrel.model.conversation import Conversation
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.file_name import safe_name
from whimbrel.ui.run import run
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label

_STEPS = 1_000


class ExportDialog(FittingDialog):
    """Asks for the format and the file. ``conversation`` None: everything."""

    def __init__(
        self, services: Services, conversation: Conversation | None, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent, width=420)
        title = self.tr("Export conversation") if conversation is not None else self.tr("Export everything")
        for set_title in (self.setWindowTitle, self.setAccessibleName, self.title.setText):
            set_title(title)
        self._export = services.offer(Export)
        self._conversation = conversation
        self._name = name
        self._task: asyncio.Task[int] | None = None
        words = self.tr("The file is not encrypted: whoever can read it can read what was said.")
        about = self.tr("All messages with %1.").replace("%1", name) if conversation else self.tr("All conversations.")
        self.content.addWidget(Label(about, wrap=True))
        self.content.addWidget(Label(words, tone="second", wrap=True))
        self.format = QComboBox()
        self.format.addItem(self.tr("Plain text"), ExportFormat.TEXT)
        self.format.addItem(self.tr("Web page (HTML)"), ExportFormat.HTML)
        self.format.addItem(self.tr("For other programs (JSON)"), ExportFormat.JSON)
        self.content.addWidget(Field(self.tr("Format"), self.format))
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress"))
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.status = Label(tone="second", wrap=True, name=self.tr("State"))
        self.status.hide()
        self.error = ErrorBox()
        for widget in (self.progress, self.status, self.error):
            self.content.addWidget(widget)
        self.cancel = self.add_button(secondary_button(self.tr("Cancel")))
        self.cancel.clicked.connect(self.reject)
        self.save = self.add_button(primary_button(self.tr("Export…")), default=True)
        self.save.clicked.connect(self._ask_where)

    def export_to(self, path: Path) -> None:
        """Write the file. It is whole, or not there."""
        chosen: ExportFormat = self.format.currentData()
        wish = ExportWish(path, chosen, self._words(), self._conversation.id if self._conversation else None)
        self.error.clear()
        self.save.setEnabled(False)
        self.format.setEnabled(False)
        self.progress.setValue(0)
        self.progress.show()
        self._say(self.tr("Exporting…"))
        self._task = run(
            self,
            self._export.write(wish, self._on_progress),
            on_done=self._on_done,
            on_error=self._on_error,
            must_end=True,
        )

    def done(self, result: int) -> None:
        """Qt: closing stops what is under way."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        super().done(result)

    def _ask_where(self) -> None:
        chosen: ExportFormat = self.format.currentData()
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or QDir.homePath()
        name = safe_name(self._name.replace("/", "_").replace("\\", "_"), "whimbrel")
        dialog = QFileDialog(self, self.tr("Export to"), folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(chosen.value)
        dialog.setNameFilter(f"*.{chosen.value}")
        dialog.selectFile(f"{name}.{chosen.value}")
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path)))
        dialog.open()

    def _words(self) -> ExportWords:
        return ExportWords(
            title=self.tr("Conversations"),
            conversation=self.tr("Conversation with %1"),
            retracted=self.tr("Message deleted"),
            edited=self.tr("edited"),
            file=self.tr("File"),
            you=self.tr("%1 (you)"),
            reactions=self.tr("Reactions"),
        )

    def _on_progress(self, done: int, total: int) -> None:
        self.progress.setValue(done * _STEPS // max(total, 1))

    def _on_done(self, count: int) -> None:
        self._task = None
        self.progress.setValue(_STEPS)
        self.cancel.setText(self.tr("Close"))
        self.cancel.setAccessibleName(self.tr("Close"))
        self.save.hide()
        self._say(self.tr("1 message exported.") if count == 1 else self.tr("%Ln messages exported.", "", count))

    def _on_error(self, error: KnownError) -> None:
        self._task = None
        self.progress.hide()
        self.status.hide()
        self.save.setEnabled(True)
        self.format.setEnabled(True)
        if error.kind is ErrorKind.NOT_ALLOWED:
            words = self.tr("The file cannot be written there. Choose another folder or another name.")
            self.error.show_text(words, error.detail)
        else:
            self.error.show_error(error)

    def _say(self, words: str) -> None:
        self.status.setText(words)
        self.status.show()
        announce(self.status, words)
