"""A message stanza on its way from the socket to the disk."""

from __future__ import annotations

import enum
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import datetime

from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID
from whimbrel.model.message import MessageId


class Source(enum.Enum):
    """How a stanza reached us."""

    LIVE = "live"
    CARBON = "carbon"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message stanza, as it came. ``element`` is the ``<message/>`` and is never changed.

    ``sender`` is None where the stanza carried no ``from`` (then it is our own server's).
    """

    account_id: AccountId
    own_jid: JID  # full
    sender: JID | None
    recipient: JID | None
    type: str  # chat, normal, headline, groupchat, error
    wire_id: str
    element: ET.Element
    received: datetime  # aware, UTC: when we read it
    source: Source = Source.LIVE
    archive_ids: bool = False  # whether our account says that it gives the ids that bear its name (XEP-0359 section 5)
    archive_id: str = ""  # of an ARCHIVE one: its id in our archive
    stamp: datetime | None = None  # of an ARCHIVE one: its place in the archive, as a time that no neighbour has
    news: bool = True  # of an ARCHIVE one: it came in while we were away; False: it is history to the person


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message stanza to be sent. ``wire_id`` doubles as its origin-id (XEP-0359) where there is no other."""

    to: JID
    body: str
    wire_id: str
    type: str = "chat"
    extensions: tuple[ET.Element, ...] = ()
    origin_id: str = ""  # of one that is sent again under another stanza id
    message_id: MessageId | None = None  # the row of what the person wrote; None for what speaks about another message
