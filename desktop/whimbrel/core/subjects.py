"""Messages that speak of others (corrections, retractions): which one is meant, and who may."""

from __future__ import annotations

from dataclasses import dataclass

from whimbrel.core.pipeline import Delivery
from whimbrel.model.message import Direction, Message, ReferenceKind
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.references import ReferenceStore

_BY_SENDER = (ReferenceKind.ORIGIN, ReferenceKind.WIRE)
MAX_ID = 1024


@dataclass(frozen=True, slots=True)
class Subject:
    """What an id names. ``message`` is None where it names nothing that the sender may change."""

    is_known: bool
    message: Message | None = None


class Subjects:
    """Finds the sender's own messages by the ids that the sender gave them."""

    def __init__(self, messages: MessageStore, conversations: ConversationStore, references: ReferenceStore) -> None:
        self._messages = messages
        self._conversations = conversations
        self._references = references

    def find_own(self, delivery: Delivery, id_: str) -> Subject:
        """The message that the sender of this one may change: the same bare address's, in the same conversation.

        Of several with one id, the last.
        """
        bearers = self._references.find_bearers(delivery.envelope.account_id, _BY_SENDER, [id_])
        found = [self._messages.find_message(message_id) for message_id in {one.message_id for one in bearers}]
        own = [message for message in found if message is not None and self._is_own(delivery, message)]
        return Subject(bool(bearers), max(own, key=lambda message: message.id, default=None))

    def _is_own(self, delivery: Delivery, message: Message) -> bool:
        sender = delivery.envelope.sender
        if sender is None or message.sender.bare != sender.bare:
            return False
        if (message.direction is Direction.OUT) is not delivery.outgoing:
            return False
        conversation = self._conversations.find_conversation(message.conversation_id)
        return conversation is not None and conversation.jid == delivery.peer
