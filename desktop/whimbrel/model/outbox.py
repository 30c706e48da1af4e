"""Actions of the person that wait for their account's stream."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import NewType, TypeAlias

from whimbrel.model.account import AccountId
from whimbrel.model.message import MessageId

OutboxId = NewType("OutboxId", int)

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"


class OutboxKind(enum.Enum):
    """What is to be done."""

    MESSAGE = "message"
    RECEIPT = "receipt"
    MARKER = "marker"  # displayed, told to a contact (XEP-0333)
    READ_STATE = "read-state"  # displayed, told to our other devices (XEP-0490)
    ROSTER_SET = "roster-set"
    ROSTER_REMOVE = "roster-remove"
    SUBSCRIPTION = "subscription"
    BLOCK = "block"
    CORRECTION = "correction"  # another text for a message
    RETRACTION = "retraction"  # a message is taken back
    REACTION = "reaction"  # emoji on a message
    UPLOAD = "upload"  # a file, before the message that tells of it
    AVATAR = "avatar"  # our picture
    NICKNAME = "nickname"  # how we call ourselves
    PROFILE = "profile"  # what else others see of the person: the vCard

    @property
    def is_said(self) -> bool:
        """Whether it is said to an address; the rest is asked of the server about it."""
        return self in _SAID


_SAID = frozenset(
    {
        OutboxKind.MESSAGE,
        OutboxKind.RECEIPT,
        OutboxKind.MARKER,
        OutboxKind.CORRECTION,
        OutboxKind.RETRACTION,
        OutboxKind.REACTION,
    }
)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One action. There is at most one of an account with the same ``kind`` and ``key``."""

    id: OutboxId
    account_id: AccountId
    kind: OutboxKind
    key: str  # idempotency: doing it twice with one key is doing it once
    lane: str  # order is kept within a lane: the bare address that it concerns
    payload: dict[str, JSON]
    message_id: MessageId | None
    in_flight: bool  # handed to the stream, not confirmed
    created: datetime  # aware, UTC
    unconfirmed: bool = False  # was in flight when its session ended: the server may have it
    sequence: int | None = None  # of one in flight: the number of its stanza in the session (XEP-0198)
