"""Forwarding: what was said to one is said to another, as words of our own; never as somebody else's (XEP-0297)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whimbrel.core.feature import Feature
from whimbrel.core.offers import forwarding as ports
from whimbrel.core.outbox import Outbox
from whimbrel.model.account import AccountId
from whimbrel.model.attachment import Attachment, NewAttachment
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database


class Forwarding(Feature):
    """Writes a new message with the text, and with the files that have an address."""

    name = "forwarding"

    def __init__(self, database: Database, conversations: ConversationStore, outbox: Outbox) -> None:
        self._conversations = conversations
        self._attachments = AttachmentStore(database)
        self._outbox = outbox

    def offers(self) -> Mapping[type[object], object]:
        """Itself, to the interface."""
        return {ports.Forwarding: self}

    def can_forward(self, message: Message) -> bool:
        """Whether a message says something, and its files can be had by others."""
        files = self._attachments.list_of_message(message.id)
        return not message.retracted and bool(message.body.strip()) and all(file.url for file in files)

    def forward(self, message: Message, account_id: AccountId, to: JID) -> None:
        """Write and queue it. Raises KnownError DISK_FULL."""
        if not self.can_forward(message):
            return
        files = self._attachments.list_of_message(message.id)
        conversation = self._conversations.get_conversation(account_id, to.bare)
        body = "\n".join([message.body, *(file.url for file in files if file.url not in message.body)])
        self._outbox.submit(conversation.id, body, lambda sent: self._copy(files, sent), is_draft=False)

    def _copy(self, files: Sequence[Attachment], sent: Message) -> None:
        """The same files, to be fetched again: the copies here go with the message that they came with."""
        for position, file in enumerate(files):
            self._attachments.add(
                NewAttachment(
                    message_id=sent.id,
                    position=position,
                    url=file.url,
                    name=file.name,
                    media_type=file.media_type,
                    size=file.size,
                    width=file.width,
                    height=file.height,
                    thumbnail=file.thumbnail,
                    description=file.description,
                    hashes=file.hashes,
                )
            )
