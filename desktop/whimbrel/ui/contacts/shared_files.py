"""The pictures and files that were shared with a contact, by name, the newest first."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from whimbrel.core.offers.shared_files import FilesOfConversation
from whimbrel.core.services import Services
from whimbrel.model.attachment import Attachment
from whimbrel.model.contact import Contact
from whimbrel.model.file_name import safe_name
from whimbrel.ui.conversation.attachment_strip import size_words
from whimbrel.ui.theme.icons import icon
from whimbrel.ui.theme.theme import LARGE
from whimbrel.ui.widgets.label import ElidedLabel, Label

_MOST = 12
_ICON = 16


class SharedFiles(QWidget):
    """A title and a line a file; nothing where nothing was shared."""

    def __init__(self, services: Services, contact: Contact, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        files = _find(services, contact)
        self.setVisible(bool(files))
        if files:
            self._column.addWidget(Label(self.tr("Pictures and files"), size=LARGE, bold=True))
        for file in files:
            self._column.addLayout(self._make_line(file))

    def _make_line(self, file: Attachment) -> QHBoxLayout:
        name = safe_name(file.name, self.tr("Picture") if file.is_picture else self.tr("File"))
        size = size_words(file.size) if file.size else ""
        line = QHBoxLayout()
        line.setSpacing(8)
        sign = QLabel()
        sign.setPixmap(icon("file").pixmap(_ICON, _ICON))
        line.addWidget(sign)
        line.addWidget(ElidedLabel(" · ".join(filter(None, (f"\u2066{name}\u2069", size)))), 1)
        return line


def _find(services: Services, contact: Contact) -> list[Attachment]:
    for conversation in services.conversations.list_conversations():
        if (conversation.account_id, conversation.jid) == (contact.account_id, contact.jid):
            return services.offer(FilesOfConversation).list_shared(conversation.id, _MOST)
    return []
