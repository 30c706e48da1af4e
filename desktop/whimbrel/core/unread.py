"""What has not been read yet."""

from __future__ import annotations

from whimbrel.core.bus import Bus
from whimbrel.model.conversation import ConversationId
from whimbrel.model.events import ConversationChanged, ConversationRead
from whimbrel.model.message import Message
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.messages import MessageStore


class Unread:
    """Counts unread messages; a conversation that is being looked at has none."""

    def __init__(self, bus: Bus, conversations: ConversationStore, messages: MessageStore) -> None:
        self._bus = bus
        self._conversations = conversations
        self._messages = messages
        self._viewed: set[ConversationId] = set()

    def total(self) -> int:
        """Over all conversations."""
        return sum(conversation.unread for conversation in self._conversations.list_conversations())

    def mark_read(self, conversation_id: ConversationId) -> None:
        """Everything in a conversation was seen. Raises KnownError DISK_FULL."""
        conversation = self._conversations.find_conversation(conversation_id)
        if conversation is None or not conversation.unread:
            return
        self._conversations.set_unread(conversation_id, 0)
        changed = self._conversations.find_conversation(conversation_id)
        if changed is not None:
            self._bus.publish(ConversationChanged(changed))
            if (message := self.read_position(conversation_id)) is not None:
                self._bus.publish(ConversationRead(changed, message))

    def read_position(self, conversation_id: ConversationId) -> Message | None:
        """The last incoming message that was read."""
        return self._messages.find_last_incoming(conversation_id, *self._conversations.read_position(conversation_id))

    def set_viewed(self, conversation_id: ConversationId, viewed: bool) -> None:
        """Whether a conversation is being looked at (open, at its end, window active): then nothing counts."""
        if not viewed:
            self._viewed.discard(conversation_id)
            return
        self._viewed.add(conversation_id)
        self.mark_read(conversation_id)

    def is_viewed(self, conversation_id: ConversationId) -> bool:
        """Whether a conversation is being looked at now."""
        return conversation_id in self._viewed
