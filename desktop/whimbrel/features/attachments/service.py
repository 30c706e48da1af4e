"""Files that messages tell of (XEP-0447, XEP-0385, XEP-0066): theirs become rows, ours are told of."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from whimbrel.core.feature import Feature
from whimbrel.core.offers.shared_files import FilesOfConversation
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.features.attachments import wire
from whimbrel.model.attachment import Attachment, NewAttachment
from whimbrel.storage.attachments import AttachmentStore

if TYPE_CHECKING:
    from whimbrel.model.conversation import ConversationId
    from whimbrel.model.envelope import OutgoingMessage
    from whimbrel.storage.database import Database


class Attachments(Feature):
    """Reads and writes what messages tell of files."""

    name = "attachments"
    namespaces = (wire.SHARING, wire.METADATA, wire.OOB, wire.THUMBNAIL)

    def __init__(self, database: Database) -> None:
        self._store = AttachmentStore(database)
        self._stages: tuple[Stage, ...] = (FindWords(), KeepFiles(self._store))

    def stages(self) -> Sequence[Stage]:
        """One stage before it is asked whether a message says anything, one after it is stored."""
        return self._stages

    def offers(self) -> Mapping[type[object], object]:
        """FilesOfConversation."""
        return {FilesOfConversation: self}

    def list_shared(self, conversation_id: ConversationId, limit: int) -> list[Attachment]:
        """The newest pictures and files of a conversation."""
        return self._store.list_in_conversation(conversation_id, limit=limit)

    def extend(self, message: OutgoingMessage) -> Sequence[ET.Element]:
        """Tells of the files of a message of ours: to those who know nothing else, its body is their address."""
        if message.message_id is None:
            return ()
        told: list[ET.Element] = []
        for attachment in self._store.list_of_message(message.message_id):
            if attachment.url:
                told.append(wire.build_sharing(attachment))
                if message.body == attachment.url:
                    told += (wire.build_fallback(), wire.build_out_of_band(attachment.url))
        return told


class FindWords(Stage):
    """What a message with files says: their address where it says nothing, else what is not said in their place."""

    name = "attachments-words"
    after = frozenset({"identify"})
    before = frozenset({"recall"})

    def process(self, delivery: Delivery) -> Verdict:
        """Change the body."""
        element = delivery.envelope.element
        if delivery.envelope.type == "error":
            return Verdict.CONTINUE
        files = wire.parse_files(element, delivery.body)
        if files:
            words = "" if delivery.body is None else wire.parse_words(element, delivery.body)
            delivery.body = words or files[0].url
        return Verdict.CONTINUE


class KeepFiles(Stage):
    """Keeps the files of a message with it."""

    name = "attachments"
    after = frozenset({"store"})
    before = frozenset({"unread"})

    def __init__(self, store: AttachmentStore) -> None:
        self._store = store

    def process(self, delivery: Delivery) -> Verdict:
        """Write their rows."""
        message = delivery.message
        if message is None:
            return Verdict.CONTINUE
        files = wire.parse_files(delivery.envelope.element, message.body)
        if files and message.body == files[0].url:
            delivery.shown = files[0].name
        for position, file in enumerate(files):
            self._store.add(
                NewAttachment(
                    message_id=message.id,
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
        return Verdict.CONTINUE
