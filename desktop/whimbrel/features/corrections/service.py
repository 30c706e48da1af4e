"""Corrections (XEP-0308): another text for a message that was sent, the last one or any other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from whimbrel.core.action import Action, Outcome
from whimbrel.core.actions import SendStanza, stanza_payload
from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.listing import Listing
from whimbrel.core.offers.corrections import Corrector
from whimbrel.core.outbox import Outbox
from whimbrel.core.pipeline import Stage
from whimbrel.core.stream import Stream
from whimbrel.core.subjects import Subjects
from whimbrel.core.wording import Wording
from whimbrel.features.corrections import wire
from whimbrel.features.corrections.stage import TakeCorrection
from whimbrel.features.corrections.texts import Texts
from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.errors import KnownError
from whimbrel.model.events import ConversationChanged, MessageChanged, MessagesAnnotated
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Direction, Message, MessageId
from whimbrel.model.outbox import OutboxKind, OutboxRow
from whimbrel.model.version import Version
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.outbox import OutboxStore
from whimbrel.storage.references import ReferenceStore
from whimbrel.storage.refusals import RefusalStore
from whimbrel.storage.versions import VersionStore

_NOT_LEFT = (DeliveryState.QUEUED, DeliveryState.FAILED)


class Corrections(Feature):
    """Sends corrections of the person's messages, and takes those of others. Offers :class:`Corrector`."""

    name = "corrections"
    namespaces = (wire.NAMESPACE,)

    def __init__(
        self,
        bus: Bus,
        database: Database,
        messages: MessageStore,
        conversations: ConversationStore,
        outbox: Outbox,
        rows: OutboxStore,
        wording: Wording,
    ) -> None:
        self._bus = bus
        self._database = database
        self._messages = messages
        self._conversations = conversations
        self._outbox = outbox
        self._attachments = AttachmentStore(database)
        self._versions = VersionStore(database)
        self._listing = Listing(messages, conversations)
        self._texts = Texts(messages, self._versions)
        self._refusals = RefusalStore(database)
        self._send = SendCorrection(bus, database, rows, messages, self._texts, wording)
        subjects = Subjects(messages, ReferenceStore(database))
        self._stages: tuple[Stage, ...] = (TakeCorrection(subjects, self._texts, self._listing, outbox),)

    def stages(self) -> Sequence[Stage]:
        """One, before a message is stored."""
        return self._stages

    def offers(self) -> Mapping[type[object], object]:
        """:class:`Corrector`."""
        return {Corrector: self}

    def actions(self) -> Mapping[OutboxKind, Action]:
        """CORRECTION."""
        return {OutboxKind.CORRECTION: self._send}

    def can_correct(self, message: Message) -> bool:
        """Whether a message is the person's own, with a text and no files (section 4)."""
        return (
            message.direction is Direction.OUT
            and not message.retracted
            and bool(message.body)
            and not self._attachments.list_of_message(message.id)
        )

    def correct(self, message_id: MessageId, body: str) -> bool:
        """Give a message another text: see :class:`Corrector`."""
        message = self._messages.find_message(message_id)
        conversation = None if message is None else self._conversations.find_conversation(message.conversation_id)
        if message is None or conversation is None or not body.strip() or not self.can_correct(message):
            return False
        with self._database.transaction():
            if message.state in _NOT_LEFT:
                changed = self._messages.set_written(message.id, body)
            else:
                changed = self._write(message, conversation, body)
            listed = self._listing.follow(conversation.id)
        self._tell(changed, listed)
        if message.state is DeliveryState.FAILED:
            self._outbox.retry(message.id)
        self._outbox.kick(message.account_id)
        return True

    def retry(self, message_id: MessageId) -> None:
        """Send a refused correction again: see :class:`Corrector`."""
        message = self._messages.find_message(message_id)
        conversation = None if message is None else self._conversations.find_conversation(message.conversation_id)
        wire_id = self._refusals.find_wire_id(message_id, OutboxKind.CORRECTION)
        if message is None or conversation is None or not wire_id or not self.can_correct(message):
            return
        with self._database.transaction():
            before = self._texts.remove(message, wire_id)
            changed = self._write(before, conversation, message.body)
            listed = self._listing.follow(conversation.id)
        self._tell(changed, listed)
        self._outbox.kick(message.account_id)

    def undo(self, message_id: MessageId) -> None:
        """Leave a message as they have it: see :class:`Corrector`."""
        message = self._messages.find_message(message_id)
        wire_id = self._refusals.find_wire_id(message_id, OutboxKind.CORRECTION)
        if message is None or not wire_id:
            return
        with self._database.transaction():
            self._refusals.remove(message_id, OutboxKind.CORRECTION)
            changed = self._texts.remove(message, wire_id)
            listed = self._listing.follow(message.conversation_id)
        self._tell(changed, listed)

    def _tell(self, changed: Message, listed: Conversation | None) -> None:
        self._bus.publish(MessageChanged(changed))
        self._bus.publish(MessagesAnnotated(changed.conversation_id, frozenset({changed.id})))
        if listed is not None:
            self._bus.publish(ConversationChanged(listed))

    def versions(self, message_id: MessageId) -> list[Version]:
        """All texts that a message had, the first one first."""
        return self._versions.list_versions(message_id)

    def _write(self, message: Message, conversation: Conversation, body: str) -> Message:
        """Keep and queue a correction; one that has not left yet is replaced by it."""
        for version in self._versions.list_versions(message.id):
            row = self._outbox.find(message.account_id, OutboxKind.CORRECTION, version.correction_id)
            if row is not None and not row.in_flight and not row.unconfirmed:
                self._outbox.cancel(message.account_id, OutboxKind.CORRECTION, version.correction_id)
                self._versions.remove_version(message.id, version.correction_id)
        key, now = str(uuid.uuid4()), self._texts.after_all(message, datetime.now(UTC))
        changed = self._texts.add(message, key, body, now) or message
        self._refusals.add(message.id, OutboxKind.CORRECTION, key)
        payload = stanza_payload(conversation.jid, "chat", (wire.build_replace(message.wire_id),), body)
        payload["message"] = message.id
        self._outbox.enqueue(message.account_id, OutboxKind.CORRECTION, key, conversation.jid, payload)
        return changed


class SendCorrection(SendStanza):
    """CORRECTION: a stanza, with ``message``: the row of what it corrects. The key is the correction's id."""

    def __init__(
        self, bus: Bus, database: Database, rows: OutboxStore, messages: MessageStore, texts: Texts, wording: Wording
    ) -> None:
        super().__init__(rows)
        self._bus = bus
        self._database = database
        self._messages = messages
        self._texts = texts
        self._refusals = RefusalStore(database)
        self._wording = wording

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        """Send it, with all that the message itself had (what it answers: section 4)."""
        message = self._messages.find_message(MessageId(int(str(row.payload["message"]))))
        if message is None or message.retracted:
            return Outcome.DONE
        with self._database.transaction():
            changed = self._texts.leave(message, row.key, datetime.now(UTC))
        if changed != message:
            self._bus.publish(MessageChanged(changed))
        to, body = JID.parse(str(row.payload["to"])), str(row.payload["body"])
        replacing = (wire.build_replace(message.wire_id),)
        said = self._wording.reword(OutgoingMessage(to, body, row.key, "chat", replacing, message_id=message.id))
        return await super().perform(
            stream, replace(row, payload=stanza_payload(said.to, said.type, said.extensions, said.body))
        )

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """They do not have it: that is shown with the message."""
        said = self._refusals.find(row.account_id, row.key)
        if said is not None:
            self._refusals.set_reason(said.message_id, said.kind, str(error))
            self._bus.publish(MessagesAnnotated(said.conversation_id, frozenset({said.message_id})))
