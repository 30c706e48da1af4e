"""What a person does with a file that is here: open it, save it, see where it lies."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from whimbrel.model.attachment import Attachment, AttachmentId
from whimbrel.model.errors import KnownError
from whimbrel.model.file_name import free_path, is_program, safe_name
from whimbrel.ui.conversation.file_question import FileQuestion
from whimbrel.ui.run import run

_HEAD = 64


class FileActions(QObject):
    """Opens, saves and shows copies of files.

    Args:
        widget: over which questions are asked.
        complain: shows a sentence.
        open_url: hands something to the desktop.
    """

    def __init__(
        self,
        widget: QWidget,
        complain: Callable[[str], None],
        open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(widget)
        self._widget = widget
        self._complain = complain
        self._open_url = open_url
        self._saved: dict[AttachmentId, Path] = {}  # where a copy went, for *Open folder*

    def open(self, attachment: Attachment) -> None:
        """Open it with the desktop's program; a program is asked about first (C2)."""
        path = Path(attachment.path)
        run(
            self,
            asyncio.to_thread(_looks_like_program, path, attachment.name),
            on_done=lambda risky: self._ask(path) if risky else self._open(path),
            on_error=self._on_error,
        )

    def save_as(self, attachment: Attachment) -> None:
        """Ask where to, and copy it there."""
        downloads = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        folder = Path(downloads) if downloads else Path.home()
        dialog = QFileDialog(self._widget, self.tr("Save as"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDirectory(str(folder))
        dialog.selectFile(free_path(folder, safe_name(attachment.name, self.tr("File"))).name)
        dialog.fileSelected.connect(lambda target: self.save(attachment, Path(target)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, attachment: Attachment, target: Path) -> None:
        """Copy it to a place that the person chose."""

        def on_done(error: str) -> None:
            if error:
                self._complain(self.tr("It could not be saved: {reason}").replace("{reason}", error))
            else:
                self._saved[attachment.id] = target

        copying = asyncio.to_thread(_copy, Path(attachment.path), target)
        run(self, copying, on_done=on_done, on_error=self._on_error, must_end=True)

    def open_folder(self, attachment: Attachment) -> None:
        """Show where it was saved, else where our copy lies."""
        path = self._saved.get(attachment.id, Path(attachment.path))
        if not self._open_url(QUrl.fromLocalFile(str(path.parent))):
            self._complain(self.tr("The folder could not be opened."))

    def _ask(self, path: Path) -> None:
        words = self.tr(
            "{name} may run a program on this computer. Open it only if you know what it is and trust who sent it."
        )
        question = FileQuestion(
            self.tr("Open this file?"), words.replace("{name}", path.name), self.tr("Open anyway"), self._widget
        )
        question.accepted.connect(lambda: self._open(path))
        question.finished.connect(question.deleteLater)
        question.open()

    def _open(self, path: Path) -> None:
        if not self._open_url(QUrl.fromLocalFile(str(path))):
            self._complain(self.tr("There is no program that opens this file. Save it, then open it from there."))

    def _on_error(self, error: KnownError) -> None:
        self._complain(str(error))


def _looks_like_program(path: Path, told: str) -> bool:
    """By its name here, by the name that it was told of, by how it begins."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        head = b""  # it is not there: whoever opens it says so
    return is_program(path.name, head) or is_program(told)


def _copy(source: Path, target: Path) -> str:
    """Copy what is in a file, not its rights; returns why it could not be done, else ""."""
    part = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(source, part)
        os.replace(part, target)
    except OSError as error:
        part.unlink(missing_ok=True)
        return error.strerror or str(error)
    return ""
