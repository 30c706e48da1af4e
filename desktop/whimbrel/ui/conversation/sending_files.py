"""Sending files: by button, by drag and drop, by pasting; a strip shows what will go."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from whimbrel.core.offers.uploads import FileToSend, Uploads
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ServerSupportLearnt
from whimbrel.model.message import DeliveryState
from whimbrel.ui.conversation.attachment_strip import AttachmentStrip, FileRow, size_words
from whimbrel.ui.conversation.chosen_file import Look, encode_png, look_at, make_smaller, smaller_name
from whimbrel.ui.conversation.drop_area import DropArea
from whimbrel.ui.conversation.extension import Extension
from whimbrel.ui.conversation.upload_part import UploadPart
from whimbrel.ui.run import run

if TYPE_CHECKING:
    from whimbrel.model.message import Message, MessageId
    from whimbrel.ui.conversation.pane import ConversationPane
    from whimbrel.ui.conversation.parts import Part

_MOST_FILES = 50


@dataclass(eq=False, slots=True)
class Chosen:
    """A file in the strip. ``task`` runs until it is ``kept`` or has an ``error``."""

    source: Path | bytes
    name: str
    row: FileRow
    look: Look | None = None
    kept: FileToSend | None = None
    error: KnownError | None = None
    task: asyncio.Task[FileToSend] | None = field(default=None, repr=False)


class SendingFiles(Extension):
    """The button *Attach*, the strip, and what is dropped and pasted."""

    def __init__(self, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._files: list[Chosen] = []
        self._send_then = False  # Enter was pressed before all were ready
        self.strip = AttachmentStrip()
        try:
            self._uploads: Uploads | None = pane.services.offer(Uploads)
        except LookupError:
            self._uploads = None
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
        )

    def _add(self, source: Path | bytes, name: str) -> None:
        if len(self._files) >= _MOST_FILES:
            self.pane.composer.error_box.show_text(self.tr("These are too many files at once. Send the others later."))
            return
        file = Chosen(source, name, FileRow(name))
        file.row.remove_requested.connect(lambda: self._remove(file))
        self._files.append(file)
        self.strip.add(file.row)
        self._prepare(file)

    def _remove(self, file: Chosen) -> None:
        self._forget(file)
        self._files.remove(file)
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

    def _prepare(self, file: Chosen) -> None:
        file.row.show_words(self.tr("Preparing…"))
        file.task = run(
            self,
            self._keep(file),
            on_done=lambda kept: self._on_kept(file, kept),
            on_error=lambda error: self._on_error(file, error),
        )

    async def _keep(self, file: Chosen) -> FileToSend:
        """Look at a file and copy it, smaller where that was chosen. Raises KnownError."""
        uploads, source, name = self._uploads, file.source, file.name
        if uploads is None:
            raise KnownError(ErrorKind.UNAVAILABLE)
        try:
            look = await asyncio.to_thread(look_at, source, name)
            file.look = look
            if self.strip.smaller_box.isChecked() and look.is_large:
                smaller = await asyncio.to_thread(make_smaller, source)
                if smaller is not None and len(smaller) < look.size:
                    source, name = smaller, smaller_name(name)
                    look = replace(await asyncio.to_thread(look_at, smaller, name), still=False)
        except OSError as error:
            raise KnownError(ErrorKind.NOT_FOUND, str(error), subject=name) from error
        kept = await uploads.keep(source, name, look.media_type)
        return replace(kept, width=look.width, height=look.height, thumbnail=look.thumbnail)

    def _on_kept(self, file: Chosen, kept: FileToSend) -> None:
        if file not in self._files:
            if self._uploads is not None:
                self._uploads.drop(kept)
            return
        file.kept = kept
        file.row.show_name(kept.name)
        file.row.show_picture(None if file.look is None else file.look.preview)
        self._check_size(file)
        self._refresh_choice()
        self._go_on()

    def _on_error(self, file: Chosen, error: KnownError) -> None:
        file.error = error
        self._send_then = False
        file.row.show_words(self._words(error), is_error=True)

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
                self._prepare(file)

    def _words(self, error: KnownError) -> str:
        return {
            ErrorKind.NOT_FOUND: self.tr("This is not there any more, or is not a file"),
            ErrorKind.NOT_ALLOWED: self.tr("This cannot be read: you may not open it"),
            ErrorKind.NOT_ACCEPTABLE: self.tr(
                "This picture is damaged, so where it was taken cannot be removed from it"
            ),
            ErrorKind.DISK_FULL: self.tr("The disk is full or cannot be written to"),
        }.get(error.kind, self.tr("This cannot be sent"))

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
