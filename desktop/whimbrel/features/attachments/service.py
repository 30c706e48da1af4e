"""Files that messages tell of (XEP-0447, XEP-0385, XEP-0066): theirs become rows, ours are told of."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from whimbrel.core.feature import Feature
from whimbrel.core.offers.shared_files import FilesOfConversation
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.features.attachments import wire
from whimbrel.features.attachments.thumbnails import Named, ThumbnailFetcher
from whimbrel.model.attachment import Attachment, NewAttachment
from whimbrel.model.envelope import Source
from whimbrel.model.message import Direction
from whimbrel.storage.attachments import AttachmentStore

if TYPE_CHECKING:
    from whimbrel.core.bus import Bus
    from whimbrel.core.stream import Stream
    from whimbrel.core.tasks import Tasks
    from whimbrel.model.account import AccountId
    from whimbrel.model.conversation import ConversationId
    from whimbrel.model.envelope import OutgoingMessage
    from whimbrel.model.jid import JID
    from whimbrel.storage.database import Database


class Attachments(Feature):
    """Reads and writes what messages tell of files.

    Args:
        may_ask: whether an address may be asked for thumbnails: of a contact who sees us and is not blocked.
    """

    name = "attachments"
    namespaces = (wire.SHARING, wire.METADATA, wire.OOB, wire.THUMBNAIL)

    def __init__(self, bus: Bus, tasks: Tasks, database: Database, may_ask: Callable[[AccountId, JID], bool]) -> None:
        self._store = AttachmentStore(database)
        self._thumbnails = ThumbnailFetcher(bus, tasks, self._store, may_ask)
        self._stages: tuple[Stage, ...] = (FindWords(), KeepFiles(self._store, self._thumbnails))

    def stages(self) -> Sequence[Stage]:
        """One stage before it is asked whether a message says anything, one after it is stored."""
        return self._stages

    def offers(self) -> Mapping[type[object], object]:
        """FilesOfConversation."""
        return {FilesOfConversation: self}

    def on_online(self, account_id: AccountId, stream: Stream, *, resumed: bool) -> None:
        """Thumbnails can be asked for."""
        self._thumbnails.streams.note(account_id, stream)

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

    def __init__(self, store: AttachmentStore, thumbnails: ThumbnailFetcher) -> None:
        self._store = store
        self._thumbnails = thumbnails

    def process(self, delivery: Delivery) -> Verdict:
        """Write their rows."""
        message = delivery.message
        if message is None:
            return Verdict.CONTINUE
        files = wire.parse_files(delivery.envelope.element, message.body)
        if files and message.body == files[0].url:
            delivery.shown = files[0].name
        named: list[Named] = []
        sender = delivery.envelope.sender
        is_live = delivery.envelope.source is Source.LIVE and message.direction is Direction.IN
        for position, file in enumerate(files):
            attachment = self._store.add(
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
            if is_live and sender is not None and file.thumbnail_cid:
                named.append(Named(attachment.id, sender, file.thumbnail_cid))
        if named:
            self._thumbnails.note(message, named)
        return Verdict.CONTINUE
