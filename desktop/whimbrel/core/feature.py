"""What a capability may offer the core. One room each in ``features/``; the list FEATURES is in ``composition.py``."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

from whimbrel.core.action import Action
from whimbrel.core.pipeline import Stage
from whimbrel.core.stream import Stream
from whimbrel.model.account import AccountId
from whimbrel.model.contact import OwnPresence
from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.message import Message
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.stream import PresenceStanza, Support


class Feature:
    """The base of every feature: override what the feature offers."""

    name: str = ""
    """Its stem in every layer."""

    namespaces: tuple[str, ...] = ()
    """What it adds to our service discovery (XEP-0030)."""

    def advertised(self) -> Sequence[str]:
        """What of it service discovery tells now: less where the person has switched it off."""
        return self.namespaces

    def stages(self) -> Sequence[Stage]:
        """Its stages of the receive pipeline."""
        return ()

    def offers(self) -> Mapping[type[object], object]:
        """What it offers to the interface, by port (``core/offers``): see ``Services.offer``."""
        return {}

    def reword(self, message: OutgoingMessage) -> OutgoingMessage:
        """A message that is about to be sent, in words for programs that do not know the feature."""
        return message

    def extend(self, message: OutgoingMessage) -> Sequence[ET.Element]:
        """What it adds to a message that is about to be sent, as reworded."""
        return ()

    def prepare(self, message: Message) -> bool:
        """A message that failed is to be sent again: queue what has to be done before (a file's upload), if anything.

        In the transaction that does it. Returns whether something was queued: then the message is not, yet.
        """
        return False

    def actions(self) -> Mapping[OutboxKind, Action]:
        """The kinds of outbox row that it carries out."""
        return {}

    def note_sent(self, message: Message) -> None:
        """A message of ours is about to leave: in the transaction that writes it. Raises KnownError DISK_FULL."""

    def prelude(self, support: Support) -> Sequence[ET.Element]:
        """What our account is asked (an iq of type set each) in a new session, before presence is sent."""
        return ()

    def extend_presence(self, account_id: AccountId, presence: OwnPresence) -> Sequence[ET.Element]:
        """What it adds to our presence, which is broadcast. Must not wait."""
        return ()

    def extend_request(self, account_id: AccountId) -> Sequence[ET.Element]:
        """What it adds to a subscription request of ours, which somebody gets who may not know us. Must not wait."""
        return ()

    def answer_query(self, account_id: AccountId, payload: ET.Element) -> ET.Element | None:
        """The answer to an iq of type get of somebody who may see us; None where it is no matter of its."""
        return None

    def on_presence(self, account_id: AccountId, stanza: PresenceStanza) -> None:
        """A resource of a contact, or of ours, became available, unavailable or changed; told of after this."""

    def on_online(self, account_id: AccountId, stream: Stream, *, resumed: bool) -> None:
        """An account came online, in a new session or a resumed one."""

    def note_read(self, conversation: Conversation, message: Message) -> None:
        """The person read a conversation here, up to an incoming message; in the transaction that writes it.

        What is to be told of that is queued with it, so that neither is on disk without the other; it is sent after the
        commit. Must not wait, send or publish. Raises KnownError DISK_FULL: then nothing is read.
        """

    async def confirm_sent(self, account_id: AccountId, stream: Stream, messages: Sequence[Message]) -> None:
        """A new session: the server may have these messages of ours, or not. Take in what proves that it has.

        Whatever is not proved when this returns is sent again. Raises KnownError where it could not be found out: then
        it is asked a few times more before they are sent again all the same.
        """
