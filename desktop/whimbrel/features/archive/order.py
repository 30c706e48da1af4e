"""The archive's order is the screen's: what stands elsewhere is moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from whimbrel.core.bus import Bus
from whimbrel.core.outbox import preview
from whimbrel.model.conversation import ConversationId
from whimbrel.model.events import ConversationChanged, MessageChanged
from whimbrel.model.message import Direction, Message, MessageId
from whimbrel.storage.archive import ArchiveStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.messages import MessageStore

_NEXT = timedelta(microseconds=1)
_AT_A_TIME = 50


class Order:
    """Moves messages within their conversations, only ever to a later time, and as little as can be.

    Times alone do not tell the archive's order: clocks are wrong, servers cut stamps to whole seconds, and what comes
    live may overtake what a server had kept. Ranks do.
    """

    def __init__(
        self, bus: Bus, archives: ArchiveStore, messages: MessageStore, conversations: ConversationStore
    ) -> None:
        self._bus = bus
        self._archives = archives
        self._messages = messages
        self._conversations = conversations

    def straighten(self, conversation_id: ConversationId, first: int, last: int) -> list[Message]:
        """Within a transaction: let times grow as ranks do, from one rank to another and on as far as is needed.

        Returns:
            What was moved, as it is now.
        """
        moved: list[Message] = []
        stood: list[tuple[datetime, datetime]] = []  # when each of them stood, and stands
        top: datetime | None = self._archives.find_time_below(conversation_id, first)
        rank, message_id = first - 1, MessageId(2**62)
        while page := self._archives.list_ranked(conversation_id, rank, message_id, _AT_A_TIME):
            for message_id, rank, time in page:
                if top is None or time > top:
                    top = time
                    if rank > last:
                        return moved + self._follow(conversation_id, stood)
                else:
                    top += _NEXT
                    stood.append((time, top))
                    moved.append(self._messages.set_time(message_id, top))
        return moved + self._follow(conversation_id, stood)

    def _follow(self, conversation_id: ConversationId, stood: Sequence[tuple[datetime, datetime]]) -> list[Message]:
        """What the archive has not told of yet (it was sent just now, say) stays after what it stood after."""
        if not stood:
            return []
        before = sorted(stood)
        least, number = before[0][0], 0
        until = max(stands for _, stands in stood)  # and what it was moved over
        times: dict[MessageId, datetime] = {}
        for message_id, time in self._list_unranked(conversation_id, before[0][0]):
            if time > max(until, least):
                break
            while number < len(before) and before[number][0] <= time:
                least, number = max(least, before[number][1]), number + 1
            if time <= least:
                least += _NEXT
                times[message_id] = least
        return [self._messages.set_time(message_id, time) for message_id, time in times.items()]

    def _list_unranked(self, conversation_id: ConversationId, since: datetime) -> Iterator[tuple[MessageId, datetime]]:
        """As they stand: nothing is to be moved meanwhile."""
        place = since, MessageId(0)
        while page := self._archives.list_unranked(conversation_id, *place, _AT_A_TIME):
            yield from page
            place = page[-1][1], page[-1][0]

    def show(self, moved: Iterable[Message]) -> None:
        """Within the transaction: the list of chats shows what is last now."""
        for conversation_id in {message.conversation_id for message in moved}:
            for last in self._messages.list_latest(conversation_id, 1):
                outgoing = last.direction is Direction.OUT
                self._conversations.set_last_message(conversation_id, last.time, preview(last.body), outgoing)

    def tell(self, moved: Sequence[Message]) -> None:
        """After the commit."""
        for message in moved:
            self._bus.publish(MessageChanged(message))
        for conversation_id in {message.conversation_id for message in moved}:
            if (conversation := self._conversations.find_conversation(conversation_id)) is not None:
                self._bus.publish(ConversationChanged(conversation))
