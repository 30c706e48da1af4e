"""The pictures and files that were shared with a contact, the newest first: a grid of pictures, a list of files."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from whimbrel.core.offers.fetching import Files
from whimbrel.core.offers.shared_files import FilesOfConversation
from whimbrel.core.services import Services
from whimbrel.model.attachment import Attachment, AttachmentId, AttachmentState
from whimbrel.model.contact import Contact
from whimbrel.model.conversation import Conversation
from whimbrel.model.events import AttachmentChanged, MessageAdded, MessageChanged, MessageRemoved, TransferAdvanced
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.contacts.shared_items import SIDE, SharedFile, SharedPicture, read_square
from whimbrel.ui.conversation.file_actions import FileActions
from whimbrel.ui.conversation.file_facts import FileFacts
from whimbrel.ui.conversation.file_question import ask_unencrypted
from whimbrel.ui.run import run
from whimbrel.ui.theme.theme import LARGE, grown
from whimbrel.ui.widgets.label import Label

_LOOKED_AT = 100  # the newest, of which those below are shown
_MOST_PICTURES = 10
_MOST_FILES = 6
_COLUMNS = 5
_GAP = 6


class SharedFiles(QWidget):
    """Nothing where nothing was shared. A picture is shown large, a file opened; what is not here is fetched first."""

    def __init__(self, services: Services, contact: Contact, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._files = services.offer(Files)
        self._conversation = _find(services, contact)
        self._items: dict[AttachmentId, SharedPicture | SharedFile] = {}
        self._shown: list[Attachment] = []
        self._opening: AttachmentId | None = None  # to be opened once it is here
        self._trouble = Label(tone="error", wrap=True)
        self.file_actions = FileActions(self, self._complain)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(Label(self.tr("Pictures and files"), size=LARGE, bold=True))
        self._holder = QWidget()
        self._column.addWidget(self._holder)
        self._column.addWidget(self._trouble)
        self._trouble.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._refresh)
        self._refresh()

    def follow(self, bridge: Bridge) -> None:
        """Keep up with what comes, goes and is fetched."""
        bridge.message_added.connect(self._on_message)
        bridge.message_changed.connect(self._on_message)
        bridge.message_removed.connect(self._on_message)
        bridge.attachment_changed.connect(self._on_changed)
        bridge.transfer_advanced.connect(self._on_advanced)

    # what is shown

    def _refresh(self) -> None:
        found = self._find_files()
        if [one.id for one in found] == [one.id for one in self._shown]:
            for one in found:
                self._items[one.id].show_facts(self._facts(one))
        else:
            self._show(found)
        pictures = [one for one in found if one.is_picture and one not in self._shown]  # new, or with another copy
        self._shown = found
        if pictures:
            run(self, self._decode(pictures), on_error=lambda _: None)
        self.setVisible(bool(found))

    def _show(self, found: Sequence[Attachment]) -> None:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        grid = QGridLayout()
        grid.setSpacing(_GAP)
        grid.setAlignment(Qt.AlignmentFlag.AlignLeading)
        column.addLayout(grid)
        self._items.clear()
        self._shown = []
        for one in found:
            facts = self._facts(one)
            item = SharedPicture(facts) if one.is_picture else SharedFile(facts)
            item.clicked.connect(partial(self._press, one.id))
            self._items[one.id] = item
            if isinstance(item, SharedPicture):
                grid.addWidget(item, grid.count() // _COLUMNS, grid.count() % _COLUMNS)
            else:
                column.addWidget(item)
        self._column.replaceWidget(self._holder, holder)
        self._holder.deleteLater()
        self._holder = holder

    async def _decode(self, pictures: Sequence[Attachment]) -> None:
        side = round(grown(SIDE) * self.devicePixelRatioF())
        for one in pictures:
            image = await asyncio.to_thread(read_square, one, side)
            item = self._items.get(one.id)
            if image is not None and isinstance(item, SharedPicture):
                item.show_image(image)

    def _facts(self, attachment: Attachment) -> FileFacts:
        done, total = (0, None)
        if attachment.state is AttachmentState.FETCHING:
            done, total = self._files.progress(attachment.id)
        return FileFacts(attachment, done, total)

    def _find_files(self) -> list[Attachment]:
        if self._conversation is None:
            return []
        listed = self._services.offer(FilesOfConversation).list_shared(self._conversation.id, _LOOKED_AT)
        pictures = [one for one in listed if one.is_picture][:_MOST_PICTURES]
        files = [one for one in listed if not one.is_picture][:_MOST_FILES]
        return pictures + files

    # what can be done

    def _press(self, attachment_id: AttachmentId) -> None:
        self._trouble.hide()
        attachment = self._items[attachment_id].attachment
        if attachment.is_picture and self._conversation is not None:
            from whimbrel.ui.viewer.opening import open_viewer  # not before the first one is looked at

            open_viewer(self._services, self._conversation.id, attachment, self.window())
        elif attachment.path and Path(attachment.path).is_file():
            self._files.use(attachment)
            self.file_actions.open(attachment)
        elif attachment.state is AttachmentState.FETCHING:
            self._files.cancel(attachment_id)
        elif attachment.url.lower().startswith("http:"):
            ask_unencrypted(FileFacts(attachment).name, self, lambda: self._fetch(attachment_id, unencrypted=True))
        elif attachment.url:
            self._fetch(attachment_id)
        else:
            self._complain(self.tr("This file is not there any more."))

    def _fetch(self, attachment_id: AttachmentId, *, unencrypted: bool = False) -> None:
        self._opening = attachment_id
        self._files.fetch(attachment_id, unencrypted=unencrypted)

    def _complain(self, words: str) -> None:
        self._trouble.setText(words)
        self._trouble.show()

    # what happens meanwhile

    def _on_message(self, event: MessageAdded | MessageChanged | MessageRemoved) -> None:
        if self._conversation is not None and event.message.conversation_id == self._conversation.id:
            self._soon.start(0)

    def _on_changed(self, event: AttachmentChanged) -> None:
        if event.attachment.id not in self._items:
            return
        self._soon.start(0)
        if event.attachment.id == self._opening and event.attachment.state is AttachmentState.HERE:
            self._opening = None
            self.file_actions.open(event.attachment)

    def _on_advanced(self, event: TransferAdvanced) -> None:
        if (item := self._items.get(event.attachment_id)) is not None:
            item.show_facts(self._facts(item.attachment))


def _find(services: Services, contact: Contact) -> Conversation | None:
    for conversation in services.conversations.list_conversations():
        if (conversation.account_id, conversation.jid) == (contact.account_id, contact.jid):
            return conversation
    return None
