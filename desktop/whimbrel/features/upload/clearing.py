"""Copies of sent files that are not needed any more: those of messages that are gone, and the oldest beyond a size.

A copy that the server does not have yet is never removed while its message is here. One that it has can be fetched from
there again, as those of others are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from whimbrel.model.attachment import Attachment, AttachmentState
from whimbrel.model.errors import KnownError
from whimbrel.model.events import AttachmentChanged, MessageChanged, MessageRemoved, MessagesAnnotated, StorageFailed

if TYPE_CHECKING:
    from whimbrel.core.bus import Bus
    from whimbrel.core.tasks import Tasks
    from whimbrel.features.upload.keeping import Keeper
    from whimbrel.features.upload.sending import Tables

MOST_BYTES = 512 * 1024**2
"""What the copies of files that were sent may take together; beyond it the oldest go."""


class Clearing:
    """Clears up after a message went, after each file that was sent, and once after the program's start.

    Args:
        chosen: paths of copies that are to be sent, but belong to no message yet.
    """

    def __init__(
        self,
        bus: Bus,
        tasks: Tasks,
        tables: Tables,
        keeper: Keeper,
        chosen: Callable[[], Iterable[str]],
        most: int = MOST_BYTES,
    ) -> None:
        self._bus = bus
        self._tasks = tasks
        self._tables = tables
        self._keeper = keeper
        self._chosen = chosen
        self._most = most
        self._is_due = False
        bus.subscribe(MessageRemoved, lambda event: self.clear_soon())
        bus.subscribe(MessageChanged, lambda event: self.clear_soon() if event.message.retracted else None)
        bus.subscribe(AttachmentChanged, self._on_attachment)

    def clear_soon(self) -> None:
        """After all that happens in this turn."""
        if not self._is_due:
            self._is_due = True
            self._tasks.start(self._clear(), name="copies of sent files")

    def _on_attachment(self, event: AttachmentChanged) -> None:
        if event.attachment.state is AttachmentState.HERE and self._keeper.holds(event.attachment.path):
            self.clear_soon()

    async def _clear(self) -> None:
        await asyncio.sleep(0)
        self._is_due = False
        there = await asyncio.to_thread(self._keeper.list_folders)
        if not there:
            return
        try:
            self._forget_oldest()
            needed = {*self._tables.attachments.list_paths(), *self._chosen()}
        except KnownError as error:
            self._bus.publish(StorageFailed(error))
        else:
            await asyncio.to_thread(self._keeper.remove_folders, self._keeper.find_unneeded(there, needed))

    def _forget_oldest(self) -> None:
        """Beyond the size, the oldest files that were sent are where others' are that nobody has fetched."""
        attachments = self._tables.attachments
        taken = 0
        for attachment_id, size in attachments.list_sent_copies(str(self._keeper.folder)):
            taken += size
            if taken > self._most:
                self._tell(attachments.set_state(attachment_id, AttachmentState.REMOTE, path=""))

    def _tell(self, attachment: Attachment) -> None:
        self._bus.publish(AttachmentChanged(attachment))
        message = self._tables.messages.find_message(attachment.message_id)
        if message is not None:
            self._bus.publish(MessagesAnnotated(message.conversation_id, frozenset({message.id})))
