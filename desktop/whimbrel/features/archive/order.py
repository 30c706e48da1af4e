"""The archive's order is the screen's: what came live and stands elsewhere is moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from whimbrel.core.bus import Bus
from whimbrel.core.outbox import preview
from whimbrel.model.events import ConversationChanged, MessageChanged
from whimbrel.model.message import Direction, Message, MessageId
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.messages import MessageStore


class Order:
    """Moves messages within their conversations.

    What comes live stands in the order of its arrival, which is not the archive's where a clock is wrong, where servers
    tell when something was said in whole seconds, or where something live overtakes what they had kept.
    """

    def __init__(self, bus: Bus, messages: MessageStore, conversations: ConversationStore) -> None:
        self._bus = bus
        self._messages = messages
        self._conversations = conversations

    def move(self, times: Mapping[MessageId, datetime]) -> list[Message]:
        """Within a transaction: give messages other times. Returns them as they are now."""
        moved = [self._messages.set_time(message_id, time) for message_id, time in times.items()]
        for conversation_id in {message.conversation_id for message in moved}:
            for last in self._messages.list_latest(conversation_id, 1):
                outgoing = last.direction is Direction.OUT
                self._conversations.set_last_message(conversation_id, last.time, preview(last.body), outgoing)
        return moved

    def tell(self, moved: list[Message]) -> None:
        """After the commit."""
        for message in moved:
            self._bus.publish(MessageChanged(message))
        for conversation_id in {message.conversation_id for message in moved}:
            if (conversation := self._conversations.find_conversation(conversation_id)) is not None:
                self._bus.publish(ConversationChanged(conversation))
