"""What was read on another device is read here: for the stages of the receive pipeline."""

from __future__ import annotations

from whimbrel.core.pipeline import Delivery
from whimbrel.model.events import ConversationChanged
from whimbrel.model.message import Message
from whimbrel.storage.conversations import ConversationStore


def read_up_to(delivery: Delivery, conversations: ConversationStore, message: Message) -> bool:
    """Move the read position, in the delivery's transaction; its events tell of it. Never goes back.

    Returns:
        Whether it moved.
    """
    delivery.standing.write()
    if conversations.move_read_position(message.conversation_id, message) is None:
        return False
    changed = conversations.find_conversation(message.conversation_id)
    if changed is not None:
        delivery.standing.note(changed)
        if delivery.conversation is not None and delivery.conversation.id == changed.id:
            delivery.conversation = changed
        delivery.events.append(ConversationChanged(changed))
    return True
