"""What the parts of files have in common: facts, words, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPen

from whimbrel.model.attachment import Attachment, AttachmentState
from whimbrel.model.errors import ErrorKind
from whimbrel.model.file_name import safe_name
from whimbrel.ui.conversation.actions import Action
from whimbrel.ui.conversation.attachment_strip import size_words
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.joining import join_facts


class FileHandler(Protocol):
    """Does what is asked for a file of a message."""

    def find_image(self, attachment: Attachment, width: int, height: int, radius: float) -> QImage | None:
        """What is to be painted for a picture, in device pixels; None: nothing yet."""

    def view(self, attachment: Attachment) -> None:
        """Show a picture large."""

    def open(self, attachment: Attachment) -> None:
        """Open a file with the desktop's program for it."""

    def save_as(self, attachment: Attachment) -> None:
        """Copy a file to where the person says."""

    def open_folder(self, attachment: Attachment) -> None:
        """Show the folder in which a file lies."""

    def fetch(self, attachment: Attachment) -> None:
        """Fetch a file."""

    def cancel(self, attachment: Attachment) -> None:
        """Do not fetch it after all."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file, and how far it has come: ``done`` bytes of ``total``. ``unreadable``: a picture that cannot be shown."""

    attachment: Attachment
    done: int = 0
    total: int | None = None
    unreadable: bool = False
    handler: FileHandler | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """Its name as it is shown: nothing in it is hidden or turned around (C1)."""
        return safe_name(self.attachment.name, QCoreApplication.translate("Files", "File"))

    @property
    def is_here(self) -> bool:
        """Whether there is a copy on this machine."""
        return bool(self.attachment.path) and self.attachment.state is not AttachmentState.FETCHING

    @property
    def is_shown_as_picture(self) -> bool:
        """Whether it is painted; what turned out to be no picture is a file like any other."""
        return self.attachment.is_picture and not self.unreadable

    @property
    def size(self) -> str:
        """Its size in words; "" where nobody told."""
        return "" if self.attachment.size is None else size_words(self.attachment.size)

    @property
    def share(self) -> float:
        """How much of it is here, of 1."""
        total = self.total or self.attachment.size or 0
        return min(self.done / total, 1.0) if total else 0.0

    @property
    def state_words(self) -> str:
        """What is to be said of it besides its name."""
        state = self.attachment.state
        if state is AttachmentState.FETCHING:
            total = self.total or self.attachment.size
            told = QCoreApplication.translate("Files", "Fetching {done} of {size}")
            if total is None:
                told = QCoreApplication.translate("Files", "Fetching {done}")
            return told.replace("{done}", size_words(self.done)).replace("{size}", size_words(total or 0))
        if state is AttachmentState.FAILED and self.attachment.url:
            return failure_reason(self.attachment.error)
        if self.unreadable:
            words = QCoreApplication.translate("Files", "This picture cannot be shown")
            return " · ".join(filter(None, [self.size, words]))
        return self.size

    @property
    def words(self) -> str:
        """What assistive technology hears."""
        kind = (
            QCoreApplication.translate("Files", "Picture {name}")
            if self.attachment.is_picture
            else QCoreApplication.translate("Files", "File {name}")
        )
        told = [kind.replace("{name}", self.name), self.attachment.description, self.state_words]
        if self.attachment.state is AttachmentState.REMOTE:
            told.append(QCoreApplication.translate("Files", "not fetched yet"))
        return join_facts(told)


def failure_reason(error: str) -> str:
    """Why a file could not be fetched, in words that say what to do."""
    translate = QCoreApplication.translate
    return {
        ErrorKind.NOT_SECURE.value: translate("Files", "Not fetched: its address is not encrypted"),
        ErrorKind.ADDRESS_PRIVATE.value: translate("Files", "Not fetched: its address leads into your own network"),
        ErrorKind.FILE_ALTERED.value: translate(
            "Files", "Not kept: this is not the file that was sent. Ask the sender to send it again."
        ),
        ErrorKind.TOO_LARGE.value: translate("Files", "Not fetched: it is too large"),
        ErrorKind.NOT_FOUND.value: translate("Files", "It is not there any more. Ask the sender to send it again."),
        ErrorKind.DISK_FULL.value: translate("Files", "There is no room on the disk. Make some, then try again."),
        ErrorKind.CERTIFICATE_INVALID.value: translate(
            "Files", "Not fetched: where it lies cannot be trusted (its certificate is not valid)"
        ),
        ErrorKind.REFUSED.value: translate("Files", "Where it lies, it is not given out"),
    }.get(error.partition(":")[0], translate("Files", "It could not be fetched. Try again in a moment."))


def paint_frame(painter: QPainter, rect: QRectF, look: Look, radius: float) -> None:
    """Mark what the keyboard or the pointer is on."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(look.tokens.accent, 2))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)


def paint_buttons(painter: QPainter, actions: Sequence[Action], look: Look, marked: Action | None) -> None:
    """Words that can be clicked, as beneath failed messages."""
    at_left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    painter.setPen(look.tokens.accent)
    for action in actions:
        bold = look.small_bold
        if marked is not None and marked.rect == action.rect:
            bold = QFont(bold)
            bold.setUnderline(True)
        painter.setFont(bold)
        if action.rect is not None:
            painter.drawText(action.rect.adjusted(0, 0, 4, 0), int(at_left), action.label)
