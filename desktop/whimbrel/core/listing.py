"""What the list of chats shows of a conversation follows its last message."""

from __future__ import annotations

from whimbrel.core.outbox import preview
from whimbrel.core.pipeline import Delivery
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.events import ConversationChanged
from whimbrel.model.message import Direction, Message
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.messages import MessageStore

_LOOKED_AT = 20  # messages


class Listing:
    """Writes, in the caller's transaction, what the list shows. Raises KnownError as the stores do."""

    def __init__(self, messages: MessageStore, conversations: ConversationStore) -> None:
        self._messages = messages
        self._conversations = conversations

    def follow(self, conversation_id: ConversationId) -> Conversation | None:
        """Show what was said last; the conversation, to be told of after the commit.

        Where that was taken back, what was said before it stands there, at the same place in the list.
        """
        latest = self._messages.list_latest(conversation_id, _LOOKED_AT)[::-1]
        if not latest:
            self._conversations.set_last_message(conversation_id, None, "", False)
        else:
            shown = next((message for message in latest if not message.retracted), latest[0])
            outgoing = shown.direction is Direction.OUT
            self._conversations.set_last_message(conversation_id, latest[0].time, preview(shown.body), outgoing)
        return self._conversations.find_conversation(conversation_id)

    def follow_in(self, delivery: Delivery, changed: Message) -> None:
        """The same for a message that a received one changed, among others that came with it."""
        delivery.standing.write()
        conversation = self.follow(changed.conversation_id)
        if conversation is not None:
            delivery.standing.note(conversation)
            delivery.events.append(ConversationChanged(conversation))
