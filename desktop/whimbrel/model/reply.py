"""What a message answers."""

from __future__ import annotations

from dataclasses import dataclass

from whimbrel.model.jid import JID
from whimbrel.model.message import Message, MessageId


@dataclass(frozen=True, slots=True)
class NewReply:
    """That a message answers another, as it is told (XEP-0461)."""

    message_id: MessageId
    answers: str  # the other's id, as its sender gave it
    author: JID | None = None  # who is said to have written that
    quoted: str = ""  # what it is said to have said


@dataclass(frozen=True, slots=True)
class Quote:
    """What is shown of the message that another answers."""

    original: Message | None  # None: it is not here
    quoted: str = ""  # what the answer says that it said; "" where it does not
