"""A message of a conversation, as stored and shown."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID

MessageId = NewType("MessageId", int)


class Direction(enum.Enum):
    """Who wrote it."""

    IN = "in"
    OUT = "out"


class DeliveryState(enum.Enum):
    """How far an outgoing message has come. Incoming ones are RECEIVED."""

    RECEIVED = "received"
    QUEUED = "queued"  # on disk, waits for a connection
    IN_FLIGHT = "in-flight"  # handed to the stream, not acknowledged
    UNCONFIRMED = "unconfirmed"  # was in flight when its stream ended
    SENT = "sent"  # acknowledged by the server (XEP-0198)
    DELIVERED = "delivered"  # receipt (XEP-0184)
    READ = "read"
    FAILED = "failed"

    @property
    def is_waiting(self) -> bool:
        """Whether the server has not confirmed it yet."""
        return self in (DeliveryState.QUEUED, DeliveryState.IN_FLIGHT, DeliveryState.UNCONFIRMED)


class ReferenceKind(enum.Enum):
    """Who gave a message an id."""

    STANZA = "stanza"  # an archive (XEP-0359); scope: the archive's address
    CLAIMED = "claimed"  # one of several in the archive's name, of which at most one is true; scope as above
    ORIGIN = "origin"  # the sender, for good (XEP-0359); scope: the sender's bare address
    WIRE = "wire"  # the sender, as the stanza's id, which may come again; scope: the sender's full address


@dataclass(frozen=True, slots=True)
class Reference:
    """An id by which others speak of a message; it means something within ``scope`` only."""

    kind: ReferenceKind
    scope: JID
    value: str


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message before it has a row. ``time`` is aware, UTC."""

    account_id: AccountId
    conversation_id: ConversationId
    direction: Direction
    sender: JID
    body: str
    time: datetime
    state: DeliveryState
    wire_id: str = ""  # the stanza's id attribute
    references: tuple[Reference, ...] = ()
    rank: int | None = None  # its place in our archive, where that is known


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message. Order in a conversation is (``time``, ``id``)."""

    id: MessageId
    account_id: AccountId
    conversation_id: ConversationId
    direction: Direction
    sender: JID
    body: str
    time: datetime
    state: DeliveryState
    wire_id: str = ""
    error: str = ""  # technical text of a FAILED one
    edited: bool = False  # ``body`` is that of a correction
    retracted: bool = False  # its author took it back: ``body`` is empty
