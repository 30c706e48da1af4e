"""Thumbnails that a message only names (XEP-0264 with XEP-0231): asked of the contact's program that sent it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whimbrel.core.online import OnlineStreams
from whimbrel.features.attachments import wire
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import AttachmentChanged, MessageAdded, MessagesAnnotated, StorageFailed

if TYPE_CHECKING:
    from whimbrel.core.bus import Bus
    from whimbrel.core.tasks import Tasks
    from whimbrel.model.account import AccountId
    from whimbrel.model.attachment import AttachmentId
    from whimbrel.model.jid import JID
    from whimbrel.model.message import Message, MessageId
    from whimbrel.storage.attachments import AttachmentStore

_MOST_WAITING = 30  # pictures that are named and not asked for yet, or not answered


@dataclass(frozen=True, slots=True)
class Named:
    """A thumbnail by its name. ``sender`` with the resource: that program has it."""

    attachment_id: AttachmentId
    sender: JID
    cid: str


class ThumbnailFetcher:
    """Asks once, when the message is stored and its sender may be asked; whoever does not answer is not asked again.

    Args:
        may_ask: whether an address may be asked: of a contact who sees us and is not blocked.
    """

    def __init__(
        self, bus: Bus, tasks: Tasks, store: AttachmentStore, may_ask: Callable[[AccountId, JID], bool]
    ) -> None:
        self._bus = bus
        self._tasks = tasks
        self._store = store
        self._may_ask = may_ask
        self.streams = OnlineStreams()
        self._named: dict[MessageId, Sequence[Named]] = {}
        self._asking = 0
        bus.subscribe(MessageAdded, self._on_message_added)

    def note(self, message: Message, named: Sequence[Named]) -> None:
        """A message names thumbnails; it is not committed yet."""
        while len(self._named) >= _MOST_WAITING:  # of what was not kept after all
            self._named.pop(next(iter(self._named)))
        self._named[message.id] = named

    def _on_message_added(self, event: MessageAdded) -> None:
        message = event.message
        for named in self._named.pop(message.id, ()):
            if self._asking < _MOST_WAITING and self._may_ask(message.account_id, named.sender.bare):
                self._asking += 1
                self._tasks.start(self._ask(message, named), name=f"thumbnail {named.attachment_id}")

    async def _ask(self, message: Message, named: Named) -> None:
        try:
            stream = self.streams.get(message.account_id)
            answer = await stream.request("get", named.sender, wire.build_bits_request(named.cid))
            picture = wire.parse_bits(answer, named.cid)
            if picture and self._store.find_attachment(named.attachment_id) is not None:
                self._bus.publish(AttachmentChanged(self._store.set_thumbnail(named.attachment_id, picture)))
                self._bus.publish(MessagesAnnotated(message.conversation_id, frozenset({message.id})))
        except KnownError as error:  # there is none: the picture itself may come
            if error.kind is ErrorKind.DISK_FULL:
                self._bus.publish(StorageFailed(error))
        finally:
            self._asking -= 1
