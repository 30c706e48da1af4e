"""Pictures and files in a conversation, as messages tell of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QImage

from whimbrel.core.offers.fetching import Files
from whimbrel.model.attachment import Attachment, AttachmentId, AttachmentState
from whimbrel.model.events import MessagesAnnotated, TransferAdvanced
from whimbrel.model.message import Direction
from whimbrel.ui.conversation.extension import Extension, MenuEntry
from whimbrel.ui.conversation.file_actions import FileActions
from whimbrel.ui.conversation.file_facts import FileFacts
from whimbrel.ui.conversation.file_question import ask_unencrypted
from whimbrel.ui.conversation.files_part import FilesPart
from whimbrel.ui.conversation.pictures import Pictures
from whimbrel.ui.run import run
from whimbrel.ui.widgets.announce import announce

if TYPE_CHECKING:
    from whimbrel.model.message import Message, MessageId
    from whimbrel.ui.conversation.pane import ConversationPane
    from whimbrel.ui.conversation.parts import Part

_MOST_IN_MENU = 8  # files: the menu is to be seen whole, and the bubble offers what it can for each of them


class Media(Extension):
    """Shows files with their messages; fetches what may be, and what the person clicks on."""

    def __init__(self, pane: ConversationPane) -> None:
        super().__init__(pane)
        self.pictures = Pictures(self)
        self.file_actions = FileActions(pane, pane.error_box.show_text)
        self._unreadable: set[AttachmentId] = set()
        self._wanted: dict[MessageId, Message] = {}
        self._want_soon = QTimer(self)
        self._want_soon.setSingleShot(True)
        self._want_soon.timeout.connect(self._want)
        self._repaint_soon = QTimer(self)
        self._repaint_soon.setSingleShot(True)
        self._repaint_soon.timeout.connect(pane.view.viewport().update)
        self._files = pane.services.find_offer(Files)
        if self._files is None:
            return
        self.pictures.changed.connect(self._repaint_soon.start)
        self.pictures.unreadable.connect(self._on_unreadable)
        pane.bridge.transfer_advanced.connect(self._on_advanced)

    # what is asked of an extension

    def parts(self, messages: Sequence[Message]) -> Mapping[MessageId, Part]:
        """Their pictures and files."""
        if self._files is None:
            return {}
        found: dict[MessageId, Part] = {}
        files = self._files.files(messages)
        for message in messages:
            if attachments := files.get(message.id):
                found[message.id] = FilesPart(
                    tuple(self._facts(one) for one in attachments), _says_no_more(message, attachments)
                )
                self._wanted[message.id] = message
        if self._wanted:
            self._want_soon.start(0)
        return found

    def menu_entries(self, message: Message) -> Sequence[MenuEntry]:
        """What can be done with its files that are here; of several, each has a menu of its own."""
        attachments = self._files.files([message]).get(message.id, ()) if self._files is not None else ()
        here = [one for one in attachments if FileFacts(one).is_here]
        if len(here) == 1:
            return self._entries(here[0])
        return [MenuEntry(FileFacts(one).name, entries=self._entries(one)) for one in here[:_MOST_IN_MENU]]

    def _entries(self, here: Attachment) -> Sequence[MenuEntry]:
        of_picture = (
            MenuEntry(self.tr("View"), partial(self.view, here)),
            MenuEntry(self.tr("Copy picture"), partial(self.copy, here)),
        )
        return (
            *(of_picture if self._facts(here).is_shown_as_picture else ()),
            MenuEntry(self.tr("Open"), partial(self.open, here)),
            MenuEntry(self.tr("Save as…"), partial(self.save_as, here)),
            MenuEntry(self.tr("Open folder"), partial(self.open_folder, here)),
        )

    # what is asked for a file

    def find_image(self, attachment: Attachment, width: int, height: int, radius: float) -> QImage | None:
        return self.pictures.find(attachment, width, height, radius)

    def view(self, attachment: Attachment) -> None:
        if self._files is None or not self._is_there(attachment):
            return
        from whimbrel.ui.viewer.opening import view_from  # not before the first one is looked at

        view_from(self.pane, attachment)

    def copy(self, attachment: Attachment) -> None:
        """Put a picture on the clipboard."""
        if not self._is_there(attachment):
            return
        from whimbrel.ui.viewer.reel import read_whole  # not before the first one is copied

        reading = asyncio.to_thread(read_whole, Path(attachment.path))
        run(self, reading, on_done=self._on_copied, on_error=self.pane.error_box.show_error)

    def open(self, attachment: Attachment) -> None:
        if self._is_there(attachment):
            self.file_actions.open(attachment)

    def save_as(self, attachment: Attachment) -> None:
        if self._is_there(attachment):
            self.file_actions.save_as(attachment)

    def open_folder(self, attachment: Attachment) -> None:
        self.file_actions.open_folder(attachment)

    def fetch(self, attachment: Attachment) -> None:
        if self._files is None:
            return
        if attachment.url.lower().startswith("http:"):
            ask_unencrypted(FileFacts(attachment).name, self.pane, partial(self._fetch_unencrypted, attachment.id))
        else:
            self._files.fetch(attachment.id)

    def cancel(self, attachment: Attachment) -> None:
        if self._files is not None:
            self._files.cancel(attachment.id)

    # inside

    def _facts(self, attachment: Attachment) -> FileFacts:
        done, total = (0, None)
        if attachment.state is AttachmentState.FETCHING and self._files is not None:
            done, total = self._files.progress(attachment.id)
        unreadable = attachment.id in self._unreadable
        return FileFacts(attachment, done, total, unreadable, handler=self)

    def _is_there(self, attachment: Attachment) -> bool:
        """Whether its copy lies where it was; one that has gone is fetched again."""
        there = Path(attachment.path).is_file()
        if there and self._files is not None:
            self._files.use(attachment)
        elif not there:
            self._show_anew(attachment.message_id)
            if attachment.url:
                self.fetch(attachment)
        return there

    def _on_copied(self, image: QImage | None) -> None:
        if image is None:
            self.pane.error_box.show_text(self.tr("This picture cannot be copied."))
        else:
            QGuiApplication.clipboard().setImage(image)
            announce(self.pane, self.tr("Copied"))

    def _want(self) -> None:
        """Fetch what is near, once nothing is being laid out."""
        wanted = list(self._wanted.values())
        self._wanted.clear()
        if self._files is not None:
            self._files.want(wanted)

    def _fetch_unencrypted(self, attachment_id: AttachmentId) -> None:
        if self._files is not None:
            self._files.fetch(attachment_id, unencrypted=True)

    def _on_unreadable(self, attachment_id: AttachmentId) -> None:
        if attachment_id not in self._unreadable:
            self._unreadable.add(attachment_id)
            for message_id, files in self._shown_files().items():
                if any(one.id == attachment_id for one in files):
                    self._show_anew(message_id)

    def _shown_files(self) -> Mapping[MessageId, Sequence[Attachment]]:
        model = self.pane.model
        messages = [model.message(row) for row in range(model.rowCount())]
        return self._files.files(messages) if self._files is not None else {}

    def _on_advanced(self, event: TransferAdvanced) -> None:
        if self.pane.model.row_of(event.message_id) >= 0:
            self._show_anew(event.message_id)

    def _show_anew(self, message_id: MessageId) -> None:
        conversation_id = self.pane.conversation.id
        self.pane.bridge.messages_annotated.emit(MessagesAnnotated(conversation_id, frozenset({message_id})))


def _says_no_more(message: Message, attachments: Sequence[Attachment]) -> bool:
    """Whether a message is only what its files are: their address, or, of ours, the name before there is one."""
    body = message.body.strip()
    if body in {attachment.url for attachment in attachments}:
        return True
    return message.direction is Direction.OUT and body in {attachment.name for attachment in attachments}
