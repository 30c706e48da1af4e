"""Sending files (XEP-0363): kept first, uploaded by the outbox, told of once the server has them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from whimbrel.core.feature import Feature
from whimbrel.core.offers.uploads import FileToSend, Leaving, UploadLimit, Uploads
from whimbrel.features.upload.clearing import MOST_BYTES, Clearing
from whimbrel.features.upload.finding import ServiceFinder
from whimbrel.features.upload.keeping import Keeper
from whimbrel.features.upload.sending import PutFile, SendFile, Tables
from whimbrel.features.upload.transfer import put_file
from whimbrel.model.attachment import AttachmentState, NewAttachment
from whimbrel.model.events import MessageRemoved, ServerSupportLearnt
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Message, MessageId
from whimbrel.model.outbox import OutboxKind
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.storage.drafts import DraftStore

if TYPE_CHECKING:
    from whimbrel.core.action import Action
    from whimbrel.core.bus import Bus
    from whimbrel.core.outbox import Outbox
    from whimbrel.core.stream import Stream
    from whimbrel.core.tasks import Tasks
    from whimbrel.model.account import AccountId
    from whimbrel.model.conversation import ConversationId
    from whimbrel.storage.accounts import AccountStore
    from whimbrel.storage.database import Database
    from whimbrel.storage.messages import MessageStore
    from whimbrel.storage.outbox import OutboxStore

_CANCELLABLE = (DeliveryState.QUEUED, DeliveryState.FAILED)


class Upload(Feature):
    """Offers :class:`Uploads` and carries out UPLOAD rows.

    Args:
        put: puts a file into a slot.
        most_kept: bytes that the copies of sent files may take together.
    """

    name = "upload"

    def __init__(
        self,
        bus: Bus,
        tasks: Tasks,
        database: Database,
        accounts: AccountStore,
        messages: MessageStore,
        rows: OutboxStore,
        outbox: Outbox,
        put: PutFile = put_file,
        most_kept: int = MOST_BYTES,
    ) -> None:
        self._tasks = tasks
        self._accounts = accounts
        self._outbox = outbox
        self._tables = Tables(database, messages, rows, AttachmentStore(database))
        self._keeper = Keeper(database.folder / "uploads")
        self._clearing = Clearing(bus, tasks, self._tables, self._keeper, DraftStore(database).list_copies, most_kept)
        self._cleared = False
        self._finder = ServiceFinder(tasks, lambda account_id: bus.publish(ServerSupportLearnt(account_id)))
        self._action = SendFile(bus, self._tables, outbox, self._finder, put)
        for attachment in self._tables.attachments.list_on_the_way(AttachmentState.UPLOADING):  # when the program ended
            self._tables.attachments.set_state(attachment.id, AttachmentState.WAITING)
        bus.subscribe(MessageRemoved, lambda event: self._action.abort(event.message.id))

    # what the core asks for

    def offers(self) -> Mapping[type[object], object]:
        """The port."""
        return {Uploads: self}

    def actions(self) -> Mapping[OutboxKind, Action]:
        """UPLOAD."""
        return {OutboxKind.UPLOAD: self._action}

    def on_online(self, account_id: AccountId, stream: Stream, *, resumed: bool) -> None:
        """Learn who takes files, unless that is known of this session."""
        account = self._accounts.find_account(account_id)
        if account is not None and not (resumed and self._finder.limit(account_id).known):
            self._finder.look(account_id, JID("", account.jid.domain), stream)
        if not self._cleared:
            self._cleared = True
            self._clearing.clear_soon()

    def prepare(self, message: Message) -> bool:
        """A message whose file is not on the server yet: that is tried again first."""
        missing = [one for one in self._tables.attachments.list_of_message(message.id) if not one.url and one.path]
        for attachment in missing:
            self._tables.attachments.set_state(attachment.id, AttachmentState.WAITING)
        if missing:
            self._queue(message)
        return bool(missing)

    async def find_origin(self, account_id: AccountId) -> str:
        """The host from which the account's own service gives files (``secure_origin``), or ""."""
        return await self._finder.find_origin(account_id)

    # the port

    def limit(self, account_id: AccountId) -> UploadLimit:
        return self._finder.limit(account_id)

    async def keep(self, source: Path | bytes, name: str, media_type: str) -> FileToSend:
        return await asyncio.to_thread(self._keeper.keep, source, name, media_type)

    def drop(self, file: FileToSend) -> None:
        self._remove([file.path])

    def send(
        self,
        conversation_id: ConversationId,
        files: Sequence[FileToSend],
        caption: str = "",
        also: Callable[[Message], None] | None = None,
    ) -> list[Message]:
        if not files:
            raise ValueError("no file to send")
        captions = [caption] if caption.strip() else []

        def write(messages: Sequence[Message]) -> None:
            for message, file in zip(messages, files, strict=False):
                self._tables.attachments.add(_new(message, file))
            for message in messages:
                self._queue(message)
            if captions and also is not None:
                also(messages[-1])

        messages = self._outbox.hold(conversation_id, [file.name for file in files] + captions, write)
        self._keeper.settle(file.path for file in files)
        return messages

    def cancel(self, message_id: MessageId) -> None:
        message = self._tables.messages.find_message(message_id)
        if message is None or message.state not in _CANCELLABLE:
            return
        paths = [attachment.path for attachment in self._tables.attachments.list_of_message(message_id)]
        self._outbox.discard(message_id)
        self._remove(paths)

    def leaving(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, Leaving]:
        found = self._tables.attachments.list_of_messages(message_ids)
        return {
            message_id: Leaving(attachment, self._action.progress(attachment.id))
            for message_id, attachments in found.items()
            for attachment in attachments
            if attachment.state.is_leaving
        }

    def _queue(self, message: Message) -> None:
        """Behind all files of its conversation, apart from all that is said there."""
        lane = f"files of {message.conversation_id}"
        self._tables.rows.add(message.account_id, OutboxKind.UPLOAD, message.wire_id, lane, {}, message.id)

    def _remove(self, paths: Sequence[str]) -> None:
        for path in paths:
            self._tasks.start(asyncio.to_thread(self._keeper.remove, path), name="a copy")


def _new(message: Message, file: FileToSend) -> NewAttachment:
    return NewAttachment(
        message_id=message.id,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        width=file.width,
        height=file.height,
        thumbnail=file.thumbnail,
        hashes=(("sha-256", file.sha256),) if file.sha256 else (),
        state=AttachmentState.WAITING,
        path=file.path,
    )
