"""Messages that speak of others (corrections, retractions): which one is meant, and who may."""

from __future__ import annotations

from dataclasses import dataclass

from whimbrel.core.pipeline import Delivery
from whimbrel.model.message import Direction, Message
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.references import ReferenceStore

MAX_ID = 1024


@dataclass(frozen=True, slots=True)
class Subject:
    """What an id names. ``message`` is None where it names nothing that the sender may change."""

    is_known: bool
    message: Message | None = None


class Subjects:
    """Finds the sender's own messages by the ids that the sender gave them."""

    def __init__(self, messages: MessageStore, references: ReferenceStore) -> None:
        self._messages = messages
        self._references = references

    def find_own(self, delivery: Delivery, id_: str) -> Subject:
        """The message that the sender of this one may change: the same bare address's, in the same conversation.

        Of several with one id, the last.
        """
        account_id, sender = delivery.envelope.account_id, delivery.envelope.sender
        if sender is None or delivery.peer is None:
            return Subject(True)
        direction = Direction.OUT if delivery.outgoing else Direction.IN
        message = self._messages.find_said(account_id, delivery.peer, sender, direction, id_)
        return Subject(message is not None or self._references.is_known(account_id, id_), message)
