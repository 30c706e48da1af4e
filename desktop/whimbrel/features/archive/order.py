"""The archive's order is the screen's: what stands elsewhere is moved."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from whimbrel.core.bus import Bus
from whimbrel.core.outbox import preview
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import ConversationId
from whimbrel.model.events import ConversationChanged, MessageChanged
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.model.message import Direction, Message, MessageId
from whimbrel.storage.archive import ArchiveStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.messages import MessageStore

_NEXT = timedelta(microseconds=1)
_AT_A_TIME = 50


@dataclass(frozen=True, slots=True)
class Part:
    """Messages of one conversation that a page brought.

    Args:
        ids: the archive's, oldest first.
        beyond: those of them that are newer than an older range,
        floor: and this is where it ends.
        ceiling: what stands from here on comes after them.
        newest: what was stored later than this message, and is not of this sweep, comes after them too.
    """

    account_id: AccountId
    archive: JID
    conversation_id: ConversationId
    ids: Sequence[str]
    beyond: frozenset[str]
    floor: datetime
    ceiling: datetime
    newest: MessageId


class Order:
    """Moves messages within their conversations, only ever to a later time, and as little as can be.

    Times alone do not tell the archive's order: clocks are wrong, servers cut stamps to whole seconds, and what comes
    live may overtake what a server had kept.
    """

    def __init__(
        self, bus: Bus, archives: ArchiveStore, messages: MessageStore, conversations: ConversationStore
    ) -> None:
        self._bus = bus
        self._archives = archives
        self._messages = messages
        self._conversations = conversations

    def straighten(self, part: Part, later: Iterable[str]) -> list[Message]:
        """Within a transaction: put a part of a conversation into its order, and between what is before and after it.

        Args:
            later: ids of what follows, which is in order already.

        Returns:
            What was moved, as it is now.
        """
        ids = [id_ for id_ in part.ids if self._archives.find_known(part.account_id, part.archive, id_) is not None]
        if not ids:
            return []
        moved: list[Message] = []
        seen: set[MessageId] = set()
        top = self._archives.find_last_before(part.conversation_id, part.archive, part.ceiling, part.newest, set(ids))
        for number, id_ in enumerate(itertools.chain(ids, later)):
            known = self._archives.find_known(part.account_id, part.archive, id_)
            if known is None:
                continue
            message_id, time = known
            seen.add(message_id)
            if id_ in part.beyond and (top is None or top < part.floor):
                top = part.floor
            if top is None or time > top:
                top = time
                if number >= len(ids):
                    return moved  # there is room: all that follows stands right
            else:
                top += _NEXT
                moved.append(self._messages.set_time(message_id, top))
        return moved if top is None else moved + self._push(part, top, seen)

    def newest_id(self) -> MessageId:
        """The message that was stored last."""
        return self._messages.newest_id()

    def find_conversation(self, account_id: AccountId, peer: str) -> ConversationId | None:
        """The conversation with an address as it stands in a message; None where there is none, or it is none."""
        try:
            return self._conversations.find_id(account_id, JID.parse(peer).bare)
        except InvalidJID:
            return None

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

    def _push(self, part: Part, top: datetime, seen: set[MessageId]) -> list[Message]:
        """What stood after all of it stays after it, in its order."""
        moved: list[Message] = []
        while page := self._messages.list_since(part.conversation_id, part.ceiling, _AT_A_TIME, without=seen):
            for message in page:
                if message.time > top:
                    return moved
                seen.add(message.id)
                top += _NEXT
                moved.append(self._messages.set_time(message.id, top))
        return moved
