"""Sending files: by button, by drag and drop, by pasting; a strip shows what will go."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QMimeData, QSignalBlocker, QTimer, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from whimbrel.core.offers.uploads import FileToSend, Uploads
from whimbrel.model.draft import DraftFile, FileCopy
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ServerSupportLearnt
from whimbrel.model.message import DeliveryState
from whimbrel.ui.conversation.attachment_strip import AttachmentStrip, FileRow, size_words
from whimbrel.ui.conversation.chosen_file import (
    Look,
    encode_png,
    is_file,
    look_again,
    look_at,
    make_smaller,
    smaller_name,
)
from whimbrel.ui.conversation.drop_area import DropArea
from whimbrel.ui.conversation.extension import Extension, find_begun
from whimbrel.ui.conversation.upload_part import UploadPart
from whimbrel.ui.run import run

if TYPE_CHECKING:
    from whimbrel.model.message import Message, MessageId
    from whimbrel.ui.conversation.pane import ConversationPane
    from whimbrel.ui.conversation.parts import Part

_MOST_FILES = 50
_KEEP_DELAY = 100  # ms: several that are ready at once are written at once


@dataclass(eq=False, slots=True)
class Chosen:
    """A file in the strip. ``task`` runs until it is ``kept`` or has an ``error``."""

    source: Path | bytes
    name: str
    row: FileRow
    look: Look | None = None
    kept: FileToSend | None = None
    is_smaller: bool = False  # what is kept was made smaller
    error: KnownError | None = None
    task: asyncio.Task[FileToSend] | None = field(default=None, repr=False)

    def as_draft(self) -> DraftFile:
        """What is kept of it over the program's end."""
        kept, source = self.kept, "" if isinstance(self.source, bytes) else str(self.source)
        if kept is None:
            return DraftFile(source, self.name)
        copy = FileCopy(kept.path, kept.media_type, kept.size, kept.sha256, kept.width, kept.height, kept.thumbnail)
        return DraftFile("" if source == kept.path else source, self.name, copy, self.is_smaller)


class SendingFiles(Extension):
    """The button *Attach*, the strip, and what is dropped and pasted."""

    def __init__(self, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._files: list[Chosen] = []
        self._send_then = False  # Enter was pressed before all were ready
        self._begun = find_begun(pane)
        self._timer = QTimer(self, singleShot=True, interval=_KEEP_DELAY)
        self._timer.timeout.connect(self._keep_choice)
        self.strip = AttachmentStrip()
        self._uploads = pane.services.find_offer(Uploads)
        if self._uploads is None:
            return
        composer = pane.composer
        composer.add_strip(self.strip)
        self.strip.smaller_changed.connect(self._on_smaller)
        composer.attach_button.clicked.connect(self._choose)
        composer.editor.taker = self
        self.drop_area = DropArea(pane, self)
        self.drop_area.watch(composer.editor.viewport())
        pane.bridge.server_support_learnt.connect(self._on_support)
        self._refresh_button()

    # what is asked of an extension

    def restore(self) -> None:
        """Put back what was chosen before the program ended, or the conversation was closed."""
        if self._begun is None or self._uploads is None:
            return
        drafts = self._begun.files(self.pane.conversation.id)
        with QSignalBlocker(self.strip.smaller_box):
            self.strip.smaller_box.setChecked(any(draft.smaller for draft in drafts))
        for draft in drafts:
            source = draft.source or (draft.copy.path if draft.copy is not None else "")
            file = Chosen(Path(source), draft.name, FileRow(draft.name), is_smaller=draft.smaller)
            self._show(file)
            self._prepare(file, self._bring_back(file, draft))

    def on_closed(self) -> None:
        """What was chosen stays for the next time."""
        if self._timer.isActive():
            self._keep_choice()

    def parts(self, messages: Sequence[Message]) -> Mapping[MessageId, Part]:
        """How far the files are that are on their way."""
        waiting = [message.id for message in messages if message.state is DeliveryState.QUEUED]
        if self._uploads is None or not waiting:
            return {}
        return {
            message_id: UploadPart(
                size=leaving.attachment.size or 0,
                done=leaving.done,
                failed_before=bool(leaving.attachment.error),
                cancel=partial(self._cancel, message_id),
            )
            for message_id, leaving in self._uploads.leaving(waiting).items()
        }

    def is_ready(self) -> bool:
        """Not before all files are copied, nor with one that cannot be sent."""
        if any(file.error is not None for file in self._files):
            self.pane.composer.error_box.show_text(
                self.tr("Take out the files that cannot be sent, then send the rest.")
            )
            return False
        self._send_then = any(file.kept is None for file in self._files)
        return not self._send_then

    def take(self, text: str) -> bool:
        """Send the files, and the text as what is said of them."""
        files = [file.kept for file in self._files if file.kept is not None]
        if self._uploads is None or not files:
            return False
        asked = self.pane.extensions if text else ()  # who answers, answers with words
        hooks = [hook for one in asked if (hook := one.also()) is not None]

        def also(message: Message) -> None:
            for hook in hooks:
                hook(message)

        self._uploads.send(self.pane.conversation.id, files, text, also)
        self._timer.stop()
        for file in self._files:
            self.strip.take_out(file.row)
        self._files.clear()
        self._refresh_choice()
        self.pane.model.flush()
        self.pane.view.follow_end()
        return True

    # what is dropped or pasted

    def wants(self, data: QMimeData) -> bool:
        """Files; a picture where there is no text with it."""
        if not self.pane.composer.attach_button.isEnabled():
            return False
        return bool(_local_files(data)) or (data.hasImage() and not data.text().strip())

    def take_data(self, data: QMimeData) -> None:
        """Put it into the strip."""
        if paths := _local_files(data):
            self.add(paths)
        elif isinstance(image := data.imageData(), QImage) and not image.isNull():
            self._add_picture(image)

    def add(self, paths: Iterable[Path]) -> None:
        """Put files into the strip."""
        for path in paths:
            self._add(path, path.name)
        self._keep_choice()
        self.pane.composer.editor.setFocus()

    def _cancel(self, message_id: MessageId) -> None:
        """Do not send a file after all, from its bubble."""
        if self._uploads is None:
            return
        try:
            self._uploads.cancel(message_id)
        except KnownError as error:
            self.pane.error_box.show_error(error)

    def _choose(self) -> None:
        dialog = QFileDialog(self.pane, self.tr("Send files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.add(Path(name) for name in names))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _add_picture(self, image: QImage) -> None:
        run(
            self,
            asyncio.to_thread(encode_png, image),
            on_done=lambda data: self._add(data, self.tr("Picture") + ".png"),
            on_error=self.pane.composer.error_box.show_error,
            must_end=True,
        )

    def _add(self, source: Path | bytes, name: str) -> None:
        if len(self._files) >= _MOST_FILES:
            self.pane.composer.error_box.show_text(self.tr("These are too many files at once. Send the others later."))
            return
        file = Chosen(source, name, FileRow(name))
        self._show(file)
        self._prepare(file, self._keep(file))

    def _show(self, file: Chosen) -> None:
        file.row.remove_requested.connect(lambda: self._remove(file))
        self._files.append(file)
        self.strip.add(file.row)

    def _keep_choice(self) -> None:
        """Write down which files are chosen; what was pasted is there once there is a copy of it."""
        self._timer.stop()
        if self._begun is None:
            return
        drafts = [file.as_draft() for file in self._files]
        try:
            self._begun.set_files(
                self.pane.conversation.id, [one for one in drafts if one.source or one.copy is not None]
            )
        except KnownError as error:
            self.pane.composer.error_box.show_error(error)

    def _remove(self, file: Chosen) -> None:
        self._forget(file)
        self._files.remove(file)
        self._keep_choice()
        self.strip.take_out(file.row)
        self._refresh_choice()
        self.pane.composer.error_box.clear()
        if not self._files:
            self.pane.composer.editor.setFocus()

    def _forget(self, file: Chosen) -> None:
        """Its copy goes, or is not made to the end."""
        if file.task is not None and not file.task.done():
            file.task.cancel()
        if file.kept is not None and self._uploads is not None:
            self._uploads.drop(file.kept)
        file.kept = file.error = None

    # making ready

    def _prepare(self, file: Chosen, making: Coroutine[Any, Any, FileToSend]) -> None:
        file.row.show_words(self.tr("Preparing…"))
        file.task = run(
            self,
            making,
            on_done=lambda kept: self._on_kept(file, kept),
            on_error=lambda error: self._on_error(file, error),
            must_end=True,
        )

    async def _keep(self, file: Chosen) -> FileToSend:
        """Look at a file and copy it, smaller where that was chosen. Raises KnownError."""
        uploads, source, name = self._uploads, file.source, file.name
        if uploads is None:
            raise KnownError(ErrorKind.UNAVAILABLE)
        file.is_smaller = False
        try:
            look = await asyncio.to_thread(look_at, source, name)
            file.look = look
            if self.strip.smaller_box.isChecked() and look.is_large:
                smaller = await asyncio.to_thread(make_smaller, source)
                if smaller is not None and len(smaller) < look.size:
                    source, name, file.is_smaller = smaller, smaller_name(name), True
                    look = replace(await asyncio.to_thread(look_at, smaller, name), still=False)
        except OSError as error:
            raise KnownError(ErrorKind.NOT_FOUND, str(error), subject=name) from error
        kept = await uploads.keep(source, name, look.media_type)
        return replace(kept, width=look.width, height=look.height, thumbnail=look.thumbnail)

    async def _bring_back(self, file: Chosen, draft: DraftFile) -> FileToSend:
        """Our copy of what was chosen before; without it, that is copied again. Raises KnownError."""
        copy = draft.copy
        if copy is None or not await asyncio.to_thread(is_file, Path(copy.path), copy.size):
            return await self._keep(file)
        path, source = Path(copy.path), Path(draft.source) if draft.source else None
        try:
            file.look = await asyncio.to_thread(look_again, source, path, draft.name)
        except OSError as error:
            raise KnownError(ErrorKind.NOT_FOUND, str(error), subject=draft.name) from error
        return _as_kept(copy)

    def _on_kept(self, file: Chosen, kept: FileToSend) -> None:
        if file not in self._files:
            if self._uploads is not None:
                self._uploads.drop(kept)
            return
        file.kept = kept
        self._timer.start()
        file.row.show_name(kept.name)
        file.row.show_picture(None if file.look is None else file.look.preview)
        self._check_size(file)
        self._refresh_choice()
        self._go_on()

    def _on_error(self, file: Chosen, error: KnownError) -> None:
        file.error = error
        self._send_then = False
        file.row.show_words(_error_words(error), is_error=True)

    def _check_size(self, file: Chosen) -> None:
        """Say so before anything is sent where the provider does not take that much."""
        if file.kept is None or self._uploads is None:
            return
        limit = self._uploads.limit(self.pane.conversation.account_id)
        words = size_words(file.kept.size)
        if limit.size is not None and file.kept.size > limit.size:
            file.error = KnownError(ErrorKind.TOO_LARGE)
            most = size_words(limit.size)
            told = self.tr("{size}: too large, your provider takes at most {most}")
            file.row.show_words(told.replace("{size}", words).replace("{most}", most), is_error=True)
            return
        file.error = None
        if file.kept.width is not None and file.kept.height is not None:
            words = f"{words} · {file.kept.width} × {file.kept.height}"
        file.row.show_words(words)

    def _go_on(self) -> None:
        """All are ready, and Enter was pressed before."""
        if self._send_then and all(file.kept is not None or file.error is not None for file in self._files):
            self._send_then = False
            self.pane.composer.send()

    def _on_smaller(self) -> None:
        """Make the large pictures anew, as it was chosen."""
        for file in self._files:
            if file.look is not None and file.look.is_large:
                self._forget(file)
                self._prepare(file, self._keep(file))
        self._keep_choice()

    # what the provider takes

    def _on_support(self, event: ServerSupportLearnt) -> None:
        if event.account_id == self.pane.conversation.account_id:
            self._refresh_button()
            for file in self._files:
                self._check_size(file)

    def _refresh_button(self) -> None:
        if self._uploads is None:
            return
        limit = self._uploads.limit(self.pane.conversation.account_id)
        button = self.pane.composer.attach_button
        button.setEnabled(not limit.known or limit.offered)
        words = self.tr("Attach")
        if limit.known and not limit.offered:
            words = self.tr("Your provider does not take files")
        elif limit.size is not None:
            words = self.tr("Attach files of at most {size}").replace("{size}", size_words(limit.size))
        button.setToolTip(words)

    def _refresh_choice(self) -> None:
        self.strip.show_choice(any(file.look is not None and file.look.is_large for file in self._files))


def _as_kept(copy: FileCopy) -> FileToSend:
    name = Path(copy.path).name
    return FileToSend(copy.path, name, copy.media_type, copy.size, copy.sha256, copy.width, copy.height, copy.thumbnail)


def _error_words(error: KnownError) -> str:
    return {
        ErrorKind.IS_FOLDER: QCoreApplication.translate("SendingFiles", "This is a folder: send the files in it"),
        ErrorKind.NOT_FOUND: QCoreApplication.translate("SendingFiles", "This is not there any more, or is not a file"),
        ErrorKind.NOT_ALLOWED: QCoreApplication.translate("SendingFiles", "This cannot be read: you may not open it"),
        ErrorKind.NOT_ACCEPTABLE: QCoreApplication.translate(
            "SendingFiles", "This picture is damaged, so where it was taken cannot be removed from it"
        ),
        ErrorKind.DISK_FULL: QCoreApplication.translate("SendingFiles", "The disk is full or cannot be written to"),
    }.get(error.kind, QCoreApplication.translate("SendingFiles", "This cannot be sent"))


def _local_files(data: QMimeData) -> list[Path]:
    """The files that a file manager gives, or none where there is other text with them: that is meant then."""
    urls = data.urls()
    if not urls or not all(url.isLocalFile() for url in urls):
        return []
    paths = [Path(url.toLocalFile()) for url in urls]
    if data.hasFormat("text/plain"):
        named = {str(path) for path in paths} | {url.toString() for url in urls}
        named |= {url.toString(QUrl.ComponentFormattingOption.FullyEncoded) for url in urls}
        if any(line.strip() and line.strip() not in named for line in data.text().splitlines()):
            return []
    return paths
