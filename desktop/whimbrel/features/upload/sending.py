"""UPLOAD rows: a file is put on the server; then, in one transaction, its message has its address and is queued.

A row of a batch's caption stands behind those of its files in the same lane, so that it is said after them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whimbrel.core.action import Outcome
from whimbrel.core.bus import Bus
from whimbrel.core.outbox import Outbox
from whimbrel.core.stream import Stream
from whimbrel.features.upload import wire
from whimbrel.features.upload.finding import ServiceFinder
from whimbrel.features.upload.transfer import Advance
from whimbrel.features.upload.wire import Slot
from whimbrel.model.attachment import Attachment, AttachmentId, AttachmentState
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import AttachmentChanged, MessageChanged, MessagesAnnotated, TransferAdvanced
from whimbrel.model.message import Message, MessageId
from whimbrel.model.outbox import OutboxRow
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.outbox import OutboxStore

_TELL_EVERY = 0.2  # seconds

PutFile = Callable[[Slot, Path, int, str, Advance], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Tables:
    """The stores that an upload writes to."""

    database: Database
    messages: MessageStore
    rows: OutboxStore
    attachments: AttachmentStore


class SendFile:
    """Carries out UPLOAD rows; knows how far those under way are."""

    def __init__(self, bus: Bus, tables: Tables, outbox: Outbox, finder: ServiceFinder, put: PutFile) -> None:
        self._bus = bus
        self._tables = tables
        self._outbox = outbox
        self._finder = finder
        self._put = put
        self._progress: dict[AttachmentId, int] = {}
        self._transfers: dict[MessageId, asyncio.Task[None]] = {}

    def progress(self, attachment_id: AttachmentId) -> int | None:
        """How many bytes have gone; None where it is not under way."""
        return self._progress.get(attachment_id)

    def abort(self, message_id: MessageId) -> None:
        """Its message is gone: end its upload, if it is under way."""
        if (transfer := self._transfers.get(message_id)) is not None:
            transfer.cancel()

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        message = None if row.message_id is None else self._tables.messages.find_message(row.message_id)
        if message is None:
            return Outcome.DONE
        for attachment in self._tables.attachments.list_of_message(message.id):
            if not attachment.url and not await self._upload(stream, message, attachment):
                return Outcome.DONE
        self._finish(row, message)
        return Outcome.DONE

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """Its message has failed; so has the file."""
        if row.message_id is None or (message := self._tables.messages.find_message(row.message_id)) is None:
            return
        for attachment in self._tables.attachments.list_of_message(message.id):
            if attachment.state.is_leaving:
                self._set_state(message, attachment, AttachmentState.FAILED, str(error))

    async def _upload(self, stream: Stream, message: Message, attachment: Attachment) -> bool:
        """Upload a file, in a task of its own so that it can be ended alone; False where it was. Raises KnownError."""
        self._progress[attachment.id] = 0
        self._set_state(message, attachment, AttachmentState.UPLOADING)
        transfer = asyncio.ensure_future(self._transfer(stream, message, attachment))
        self._transfers[message.id] = transfer
        try:
            await asyncio.wait([transfer])
        except asyncio.CancelledError:
            self._wait(message, attachment)
            raise
        finally:
            transfer.cancel()
            del self._transfers[message.id]
            self._progress.pop(attachment.id, None)
        if transfer.cancelled():
            return False
        if (error := transfer.exception()) is not None:
            self._wait(message, attachment, str(error))
            raise error
        return True

    def _wait(self, message: Message, attachment: Attachment, error: str = "") -> None:
        """It is tried again later, unless it is gone."""
        self._progress.pop(attachment.id, None)
        if self._tables.attachments.find_attachment(attachment.id) is not None:
            self._set_state(message, attachment, AttachmentState.WAITING, error)

    async def _transfer(self, stream: Stream, message: Message, attachment: Attachment) -> None:
        service = await self._finder.find(message.account_id)
        path = Path(attachment.path)
        try:
            size = (await asyncio.to_thread(path.stat)).st_size
        except OSError as error:
            raise KnownError(ErrorKind.FILE_GONE, str(error), subject=attachment.name) from error
        if service.largest is not None and size > service.largest:
            raise KnownError(ErrorKind.TOO_LARGE, f"{size} bytes, of at most {service.largest}")
        request = wire.build_request(attachment.name, size, attachment.media_type)
        slot = wire.parse_slot(await stream.request("get", service.jid, request))
        await self._put(slot, path, size, attachment.media_type, self._teller(message, attachment, size))
        if self._tables.attachments.find_attachment(attachment.id) is not None:
            self._tables.attachments.set_uploaded(attachment.id, slot.get)

    def _finish(self, row: OutboxRow, message: Message) -> None:
        """All files of a message are on the server (a caption has none): queue it. Raises KnownError DISK_FULL."""
        tables = self._tables
        if (now := tables.messages.find_message(message.id)) is None:
            return
        attachments = tables.attachments.list_of_message(message.id)
        with tables.database.transaction():
            if attachments:
                now = tables.messages.set_written(message.id, attachments[0].url)
            tables.rows.remove(row.id)
            self._outbox.release(now)
        for attachment in attachments:
            self._bus.publish(AttachmentChanged(attachment))
        self._bus.publish(MessageChanged(now))
        if attachments:
            self._annotate(now)
        self._outbox.kick(now.account_id)

    def _set_state(self, message: Message, attachment: Attachment, state: AttachmentState, error: str = "") -> None:
        changed = self._tables.attachments.set_state(attachment.id, state, error=error)
        self._bus.publish(AttachmentChanged(changed))
        self._annotate(message)

    def _annotate(self, message: Message) -> None:
        self._bus.publish(MessagesAnnotated(message.conversation_id, frozenset({message.id})))

    def _teller(self, message: Message, attachment: Attachment, size: int) -> Advance:
        last = 0.0

        def advance(done: int) -> None:
            nonlocal last
            self._progress[attachment.id] = done
            now = time.monotonic()
            if now - last >= _TELL_EVERY or done == size:
                last = now
                self._bus.publish(TransferAdvanced(attachment.id, message.id, done, size))
                self._annotate(message)

        return advance
