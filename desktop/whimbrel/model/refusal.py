"""What was said of a message and came back."""

from __future__ import annotations

from dataclasses import dataclass

from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import MessageId
from whimbrel.model.outbox import OutboxKind


@dataclass(frozen=True, slots=True)
class Statement:
    """A correction, retraction or reaction of ours that was sent."""

    message_id: MessageId  # of which it was said
    conversation_id: ConversationId
    jid: JID  # to whom
    kind: OutboxKind


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one came back: an error's condition and text, or what else was in the way."""

    kind: OutboxKind
    reason: str
