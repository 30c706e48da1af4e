"""Displayed markers (XEP-0333): asked for with every message; given only to contacts, and only if the person allows."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence

from whimbrel.core.action import Action, Outcome
from whimbrel.core.actions import confirm
from whimbrel.core.feature import Feature
from whimbrel.core.outbox import Outbox
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.read_elsewhere import read_up_to
from whimbrel.core.stream import Stream
from whimbrel.features.markers import wire
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import OutgoingMessage, Source
from whimbrel.model.errors import KnownError
from whimbrel.model.events import MessageChanged
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Message
from whimbrel.model.outbox import OutboxKind, OutboxRow
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.markers import MarkerStore
from whimbrel.storage.messages import MessageStore

SeesUs = Callable[[AccountId, JID], bool]

_ASKING_TYPES = ("chat", "normal")


class Markers(Feature):
    """Asks, takes, answers.

    Args:
        sees_us: whether an address may see our presence.
        allowed: whether the person lets contacts know what was read; asked each time.
    """

    name = "markers"
    namespaces = (wire.NAMESPACE,)

    def __init__(
        self,
        database: Database,
        messages: MessageStore,
        conversations: ConversationStore,
        outbox: Outbox,
        sees_us: SeesUs,
        allowed: Callable[[], bool],
    ) -> None:
        self._outbox = outbox
        self._markers = MarkerStore(database)
        self._may_know = _Discretion(sees_us, allowed)
        self._stages: tuple[Stage, ...] = (
            TakeMarker(outbox, messages, conversations, self._markers),
            NoteMarkable(self._markers),
        )

    def stages(self) -> Sequence[Stage]:
        """One stage before the message is stored, one after."""
        return self._stages

    def extend(self, message: OutgoingMessage) -> Sequence[ET.Element]:
        """Asks for a marker (section 4.1)."""
        return (wire.build_markable(),) if message.body and message.type != "groupchat" else ()

    def actions(self) -> Mapping[OutboxKind, Action]:
        """MARKER."""
        return {OutboxKind.MARKER: SendMarker(self._may_know)}

    def note_read(self, conversation: Conversation, message: Message) -> None:
        """Tells who asked. What is read untold is never told later."""
        account_id, jid = conversation.account_id, conversation.jid
        wire_id = self._markers.take_markable(conversation.id, message)
        if wire_id and self._may_know(account_id, jid):
            payload = {"displayed": wire_id, "wire_id": str(uuid.uuid4())}
            self._outbox.enqueue(account_id, OutboxKind.MARKER, str(jid), jid, payload)


class _Discretion:
    """Who may be told what was read: contacts who see our presence (section 8), if the person allows (section 9)."""

    def __init__(self, sees_us: SeesUs, allowed: Callable[[], bool]) -> None:
        self._sees_us = sees_us
        self._allowed = allowed

    def __call__(self, account_id: AccountId, jid: JID) -> bool:
        return self._sees_us(account_id, jid) and self._allowed()


class TakeMarker(Stage):
    """A marker counts only from the recipient of the message that it names; our own, of a message to us.

    It says the same of all messages before. Nothing is ever answered to it.
    """

    name = "markers"
    after = frozenset({"dedupe"})

    def __init__(
        self, outbox: Outbox, messages: MessageStore, conversations: ConversationStore, markers: MarkerStore
    ) -> None:
        self._outbox = outbox
        self._messages = messages
        self._conversations = conversations
        self._markers = markers

    def process(self, delivery: Delivery) -> Verdict:
        """Mark our messages as read by them, or theirs as read by us."""
        wire_id = wire.parse_displayed(delivery.envelope.element)
        if wire_id is None or delivery.envelope.type == "error":
            return Verdict.CONTINUE
        told = self._take_ours(delivery, wire_id) if delivery.outgoing else self._take_theirs(delivery, wire_id)
        if delivery.body is not None:
            return Verdict.CONTINUE
        delivery.reason = "a marker that tells nothing new"
        return Verdict.CONSUMED if told else Verdict.DROP

    def _take_theirs(self, delivery: Delivery, wire_id: str) -> bool:
        envelope = delivery.envelope
        if envelope.sender is None:
            return False
        changed = self._outbox.confirm(envelope.account_id, envelope.sender, wire_id, DeliveryState.READ)
        if changed is None:
            return False
        delivery.events.append(MessageChanged(changed))
        for message_id in self._markers.list_unread_by_them(changed):
            delivery.events.append(MessageChanged(self._messages.set_state(message_id, DeliveryState.READ)))
        return True

    def _take_ours(self, delivery: Delivery, wire_id: str) -> bool:
        """Another device of ours told them that it was read there."""
        envelope, peer = delivery.envelope, delivery.peer
        if peer is None or envelope.source is Source.LIVE:
            return False
        found = self._markers.find_incoming(envelope.account_id, peer, wire_id)
        message = None if found is None else self._messages.find_message(found)
        if message is None:
            return False
        self._markers.take_markable(message.conversation_id, message)
        return read_up_to(delivery, self._conversations, message)


class NoteMarkable(Stage):
    """Keeps, until it is read, that a message asks for a marker; whoever has read it by then does not."""

    name = "markers-asked"
    after = frozenset({"store"})

    def __init__(self, markers: MarkerStore) -> None:
        self._markers = markers

    def process(self, delivery: Delivery) -> Verdict:
        """Note it."""
        envelope, message = delivery.envelope, delivery.message
        if (
            message is not None
            and not delivery.outgoing
            and envelope.news
            and envelope.type in _ASKING_TYPES
            and envelope.wire_id
            and wire.parse_markable(envelope.element)
        ):
            self._markers.add_markable(message)
        return Verdict.CONTINUE


class SendMarker:
    """MARKER: payload ``displayed`` (their message's id) and ``wire_id`` (this stanza's); the key is their address."""

    def __init__(self, may_know: Callable[[AccountId, JID], bool]) -> None:
        self._may_know = may_know

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        """Tell them, unless the person thinks otherwise by now. Twice is once: it bears the same id."""
        jid = JID.parse(row.key)
        if self._may_know(row.account_id, jid):
            extensions = wire.build_displayed(str(row.payload["displayed"]))
            stream.send_extension(jid, "chat", str(row.payload["wire_id"]), extensions)
            await confirm(stream)
        return Outcome.DONE

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """Nobody waits for it."""
