"""Retractions (XEP-0424): a message is taken back; and deleting on this device, which tells nobody."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from whimbrel.core.action import Action
from whimbrel.core.actions import SendStanza, stanza_payload
from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.listing import Listing
from whimbrel.core.offers.retractions import Eraser
from whimbrel.core.outbox import Outbox
from whimbrel.core.pipeline import Stage
from whimbrel.core.stream import Stream
from whimbrel.core.subjects import Subjects
from whimbrel.features.retractions import wire
from whimbrel.features.retractions.erasing import Erasing
from whimbrel.features.retractions.stages import DropDeleted, TakeRetraction
from whimbrel.model.conversation import Conversation
from whimbrel.model.errors import KnownError
from whimbrel.model.events import (
    ConversationChanged,
    Event,
    MessageChanged,
    MessageRemoved,
    MessagesAnnotated,
)
from whimbrel.model.message import DeliveryState, Direction, Message, MessageId
from whimbrel.model.outbox import OutboxKind, OutboxRow
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.deletion import DeletionStore
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.outbox import OutboxStore
from whimbrel.storage.references import ReferenceStore
from whimbrel.storage.refusals import RefusalStore
from whimbrel.storage.versions import DeletedStore, VersionStore

_NOT_LEFT = (DeliveryState.QUEUED, DeliveryState.FAILED)


class Retractions(Feature):
    """Takes the person's messages back, and lets others take theirs back. Offers :class:`Eraser`."""

    name = "retractions"
    namespaces = (wire.NAMESPACE,)

    def __init__(
        self,
        bus: Bus,
        database: Database,
        messages: MessageStore,
        conversations: ConversationStore,
        outbox: Outbox,
        rows: OutboxStore,
    ) -> None:
        self._bus = bus
        self._database = database
        self._messages = messages
        self._conversations = conversations
        self._outbox = outbox
        self._rows = rows
        self._versions = VersionStore(database)
        self._deleted = DeletedStore(database)
        self._deletions = DeletionStore(database)
        self._refusals = RefusalStore(database)
        self._listing = Listing(messages, conversations)
        self._erasing = Erasing(messages, self._versions, AttachmentStore(database))
        self._drop = DropDeleted(self._deleted)
        subjects = Subjects(messages, ReferenceStore(database))
        self._stages: tuple[Stage, ...] = (
            TakeRetraction(subjects, self._erasing, self._listing, outbox),
            self._drop,
        )

    def stages(self) -> Sequence[Stage]:
        """Two, before a message is stored."""
        return self._stages

    def offers(self) -> Mapping[type[object], object]:
        """:class:`Eraser`."""
        return {Eraser: self}

    def actions(self) -> Mapping[OutboxKind, Action]:
        """RETRACTION."""
        return {OutboxKind.RETRACTION: SendRetraction(self._bus, self._rows, self._refusals)}

    def can_retract(self, message: Message) -> bool:
        """Whether a message is the person's own, and not taken back yet."""
        return message.direction is Direction.OUT and not message.retracted

    def retract(self, message_id: MessageId, words: str) -> None:
        """Delete a message for everyone: see :class:`Eraser`."""
        message = self._messages.find_message(message_id)
        if message is None or not self.can_retract(message):
            return
        conversation = self._conversations.find_conversation(message.conversation_id)
        if conversation is None:
            return
        if message.state in _NOT_LEFT:
            self._outbox.discard(message_id)
            return
        with self._database.transaction():
            self._cancel(message)
            changed = self._take_back(message, conversation, words)
            listed = self._listing.follow(conversation.id)
        annotated = MessagesAnnotated(conversation.id, frozenset({message_id}))
        self._tell(listed, MessageChanged(changed), annotated)
        self._outbox.kick(message.account_id)

    def retry(self, message_id: MessageId, words: str) -> None:
        """Ask again to delete a message: see :class:`Eraser`."""
        message = self._messages.find_message(message_id)
        conversation = None if message is None else self._conversations.find_conversation(message.conversation_id)
        if message is None or conversation is None:
            return
        if not self._refusals.find_wire_id(message_id, OutboxKind.RETRACTION):
            return
        with self._database.transaction():
            self._ask(message, conversation, words)
        self._bus.publish(MessagesAnnotated(conversation.id, frozenset({message_id})))
        self._outbox.kick(message.account_id)

    def delete_here(self, message_id: MessageId) -> None:
        """Delete a message on this device only."""
        message = self._messages.find_message(message_id)
        if message is None:
            return
        with self._database.transaction():
            self._deleted.add(message)
            self._deletions.note_written([message])
            self._cancel(message)
            self._messages.remove_message(message_id)
            listed = self._listing.follow(message.conversation_id)
        self._drop.note_deletion()
        self._tell(listed, MessageRemoved(message))

    def _take_back(self, message: Message, conversation: Conversation, words: str) -> Message:
        """Erase it, and say so. What was on its way is as good as sent: whoever gets it is told to forget it."""
        if message.state.is_waiting:
            self._messages.set_state(message.id, DeliveryState.SENT)
        changed = self._erasing.erase(message)
        self._ask(message, conversation, words)
        return changed

    def _ask(self, message: Message, conversation: Conversation, words: str) -> None:
        """Ask the others to forget it, in the caller's transaction."""
        payload = stanza_payload(conversation.jid, "chat", wire.build_retract(message.wire_id), words)
        key = str(uuid.uuid4())
        self._refusals.add(message.id, OutboxKind.RETRACTION, key)
        self._outbox.enqueue(message.account_id, OutboxKind.RETRACTION, key, conversation.jid, payload)

    def _cancel(self, message: Message) -> None:
        """Nothing of it is sent any more: neither the message nor corrections of it."""
        if (row := self._rows.find_by_message(message.id)) is not None:
            self._rows.remove(row.id)
        for version in self._versions.list_versions(message.id):
            self._outbox.cancel(message.account_id, OutboxKind.CORRECTION, version.correction_id)

    def _tell(self, listed: Conversation | None, *events: Event) -> None:
        for event in events:
            self._bus.publish(event)
        if listed is not None:
            self._bus.publish(ConversationChanged(listed))


class SendRetraction(SendStanza):
    """RETRACTION: a stanza; the key is its id."""

    def __init__(self, bus: Bus, rows: OutboxStore, refusals: RefusalStore) -> None:
        super().__init__(rows)
        self._bus = bus
        self._refusals = refusals

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """They still have the message: that is shown with it."""
        said = self._refusals.find(row.account_id, row.key)
        if said is not None:
            self._refusals.set_reason(said.message_id, said.kind, str(error))
            self._bus.publish(MessagesAnnotated(said.conversation_id, frozenset({said.message_id})))
