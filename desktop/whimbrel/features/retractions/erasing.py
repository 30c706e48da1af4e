"""What goes with a message that is taken back."""

from __future__ import annotations

from whimbrel.model.message import Message
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.versions import VersionStore


class Erasing:
    """Removes, in the caller's transaction, all that a message said. Raises KnownError as the stores do."""

    def __init__(self, messages: MessageStore, versions: VersionStore, attachments: AttachmentStore) -> None:
        self._messages = messages
        self._versions = versions
        self._attachments = attachments

    def erase(self, message: Message) -> Message:
        """Text, earlier texts and files go; that there was a message stays."""
        self._versions.remove_all(message.id)
        self._attachments.remove_of_message(message.id)
        return self._messages.set_retracted(message.id)
