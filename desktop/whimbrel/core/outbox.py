"""The outbox: what the person did, kept on disk until the server has it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from whimbrel.core.bus import Bus
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.events import ConversationChanged, MessageAdded, MessageChanged, MessageRemoved
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Direction, Message, MessageId, NewMessage, Reference, ReferenceKind
from whimbrel.model.outbox import JSON, OutboxKind, OutboxRow
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.drafts import DraftStore
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.outbox import OutboxStore

PREVIEW_LENGTH = 200
_NEXT = timedelta(microseconds=1)
_BOUNCES = 3
"""How often a message comes back with an error of type "wait" before it counts as failed."""


class Worker(Protocol):
    """Sends an account's rows (``core/worker.py``)."""

    def kick(self) -> None:
        """Look for rows to send."""


class Outbox:
    """Takes messages and other actions; they go out by themselves. Methods that write raise KnownError DISK_FULL."""

    def __init__(
        self,
        bus: Bus,
        database: Database,
        rows: OutboxStore,
        messages: MessageStore,
        conversations: ConversationStore,
        drafts: DraftStore,
        accounts: AccountStore,
    ) -> None:
        self._bus = bus
        self._accounts = accounts
        self._database = database
        self._rows = rows
        self._messages = messages
        self._conversations = conversations
        self._drafts = drafts
        self._workers: dict[AccountId, Worker] = {}
        self._bounces: Counter[MessageId] = Counter()
        self._preparers: tuple[Callable[[Message], bool], ...] = ()

    def submit(
        self,
        conversation_id: ConversationId,
        body: str,
        also: Callable[[Message], None] | None = None,
        *,
        is_draft: bool = True,
    ) -> Message:
        """Write a message: on disk, with its outbox row and without its draft, once this returns.

        Args:
            also: writes, in the same transaction, what a feature keeps with the message (what it answers, say).
            is_draft: it was written in the composer; otherwise what is written there stays.

        Raises:
            KnownError: DISK_FULL; then nothing changed, the draft neither.
            ValueError: where the body is blank, or there is no such conversation.
        """
        if not body.strip():
            raise ValueError("an empty message")
        conversation = self._conversation(conversation_id)
        with self._database.transaction():
            message = self._write(conversation, body)
            self._queue_message(conversation, message)
            if also is not None:
                also(message)
            if is_draft:
                self._drafts.set_draft(conversation_id, "")
        self._announce(conversation, [message])
        return message

    def hold(
        self, conversation_id: ConversationId, bodies: Sequence[str], also: Callable[[Sequence[Message]], None]
    ) -> list[Message]:
        """Write messages that cannot be sent yet (files have to be uploaded first); draft and chosen files go.

        Args:
            also: writes, in the same transaction, what has to be done before; whoever does it calls :meth:`release`,
                and has ``Feature.prepare`` for those that failed.

        Raises:
            KnownError: DISK_FULL; then nothing changed.
            ValueError: where there is no such conversation.
        """
        conversation = self._conversation(conversation_id)
        with self._database.transaction():
            messages = [self._write(self._conversation(conversation_id), body) for body in bodies]
            also(messages)
            self._drafts.set_draft(conversation_id, "")
            self._drafts.set_files(conversation_id, ())
        self._announce(conversation, messages)
        return messages

    def release(self, message: Message) -> None:
        """Queue a message that was held, in the caller's transaction. Then :meth:`kick`."""
        self._queue_message(self._conversation(message.conversation_id), message)

    def set_preparers(self, preparers: Iterable[Callable[[Message], bool]]) -> None:
        """Give what features have to do before a message can be sent again (``Feature.prepare``)."""
        self._preparers = tuple(preparers)

    def retry(self, message_id: MessageId) -> None:
        """Send a failed message again: under a new id where it came back. Does nothing with one that has not failed."""
        message = self._messages.find_message(message_id)
        if message is None or message.state is not DeliveryState.FAILED or message.retracted:
            return
        with self._database.transaction():
            changed = self._messages.set_state(message_id, DeliveryState.QUEUED)
            if not any(prepare(changed) for prepare in self._preparers):
                self._queue_message(self._conversation(message.conversation_id), changed)
        self._bounces.pop(message_id, None)
        self._bus.publish(MessageChanged(changed))
        self.kick(message.account_id)

    def discard(self, message_id: MessageId) -> None:
        """Remove a message that failed or has not left yet; one that is on its way stays."""
        message = self._messages.find_message(message_id)
        if message is None or message.state not in _REMOVABLE or message.direction is not Direction.OUT:
            return
        with self._database.transaction():
            if (row := self._rows.find_by_message(message_id)) is not None:
                self._rows.remove(row.id)
            self._messages.remove_message(message_id)
            self._show_last_message(message.conversation_id)
        self._bus.publish(MessageRemoved(message))
        self._publish_conversation(message.conversation_id)

    # for the other services: rows of other kinds

    def enqueue(
        self,
        account_id: AccountId,
        kind: OutboxKind,
        key: str,
        jid: JID,
        payload: Mapping[str, JSON],
        sequence: int | None = None,
    ) -> None:
        """Add a row (in the caller's transaction, if any); the same key replaces the payload. Then :meth:`kick`.

        Args:
            sequence: it is handed to the stream right after the commit, as this stanza of the session.
        """
        self._rows.add(account_id, kind, key, str(jid.bare), payload, sequence=sequence)

    def take_back(self, account_id: AccountId, kind: OutboxKind, key: str) -> None:
        """A row that was to be handed over was not: it waits again."""
        if (row := self._rows.find_by_key(account_id, kind, key)) is not None:
            self._rows.set_waiting(row.id)

    def cancel(self, account_id: AccountId, kind: OutboxKind, key: str) -> None:
        """Remove a row, if it is there."""
        if (row := self._rows.find_by_key(account_id, kind, key)) is not None:
            self._rows.remove(row.id)

    def find(self, account_id: AccountId, kind: OutboxKind, key: str) -> OutboxRow | None:
        """An unconfirmed row."""
        return self._rows.find_by_key(account_id, kind, key)

    def pending(self, account_id: AccountId, *kinds: OutboxKind) -> list[OutboxRow]:
        """What has not been confirmed by the server, oldest first; only of these kinds, where some are given."""
        return self._rows.list_pending(account_id, kinds)

    def kick(self, account_id: AccountId) -> None:
        """Send what can be sent now; call it after commit."""
        if (worker := self._workers.get(account_id)) is not None:
            worker.kick()

    # for the session

    def attach(self, account_id: AccountId, worker: Worker | None) -> None:
        """The worker of an account; None where it ends."""
        if worker is None:
            self._workers.pop(account_id, None)
        else:
            self._workers[account_id] = worker

    # for the stages of the receive pipeline: in their transaction, events are theirs to publish

    def confirm_copy(self, message_id: MessageId, references: Iterable[Reference]) -> Message | None:
        """A copy of a message of ours came back: the server has it. Returns it where that is new.

        A copy of one that had come back with an error is of the time before: its stanza has another id.
        """
        message = self._messages.find_message(message_id)
        if message is None or not message.state.is_waiting:
            return None
        if message.wire_id not in (reference.value for reference in references if reference.kind in _OURS):
            return None
        self._remove_row_of(message)
        return self._messages.set_state(message_id, DeliveryState.SENT)

    def confirm(self, account_id: AccountId, sender: JID, wire_id: str, state: DeliveryState) -> Message | None:
        """``sender`` says that our message reached ``state`` (DELIVERED or READ).

        Returns:
            The changed message; None where the sender is not its recipient or it tells nothing new.
        """
        message = self._sent_to(account_id, sender, wire_id)
        if message is None or _PROGRESS.index(message.state) >= _PROGRESS.index(state):
            return None
        self._remove_row_of(message)
        return self._messages.set_state(message.id, state)

    def bounce(self, account_id: AccountId, sender: JID, wire_id: str, reason: str, *, wait: bool) -> Message | None:
        """An error came back for our message (RFC 6120 section 8.3); ``wait``: its type asks to try again later.

        From then on its stanza has another id when it is sent again: what tells of the old one proves nothing of that.
        The origin-id stays, so that whoever got both takes them for one.

        Returns:
            The changed message; None where the sender is not its recipient, or it was delivered or taken back already.
        """
        message = self._sent_to(account_id, sender, wire_id)
        if message is None or message.wire_id != wire_id or message.retracted:  # of the time before; or given up
            return None
        if _PROGRESS.index(message.state) >= _PROGRESS.index(DeliveryState.DELIVERED):
            return None
        self._remove_row_of(message)
        self._messages.set_wire_id(message, str(uuid.uuid4()))
        if wait and self._bounces[message.id] < _BOUNCES:
            self._bounces[message.id] += 1
            changed = self._messages.set_state(message.id, DeliveryState.QUEUED)
            self._queue_message(self._conversation(message.conversation_id), changed, self._bounces[message.id])
            return changed
        return self._messages.set_state(message.id, DeliveryState.FAILED, reason)

    def _write(self, conversation: Conversation, body: str) -> Message:
        """Write a message behind all others, in the caller's transaction."""
        wire_id, sender = str(uuid.uuid4()), self._own_jid(conversation.account_id)
        now, newest = datetime.now(UTC), conversation.last_activity
        message = self._messages.add_message(
            NewMessage(
                account_id=conversation.account_id,
                conversation_id=conversation.id,
                direction=Direction.OUT,
                sender=sender,
                body=body,
                time=now if newest is None else max(now, newest + _NEXT),
                state=DeliveryState.QUEUED,
                wire_id=wire_id,
                references=(Reference(ReferenceKind.ORIGIN, sender, wire_id),),
            )
        )
        self._conversations.set_last_message(conversation.id, message.time, preview(body), True)
        self._conversations.bring_back(conversation.id, now)
        return message

    def _announce(self, conversation: Conversation, messages: Iterable[Message]) -> None:
        for message in messages:
            self._bus.publish(MessageAdded(message, notify=False))
        self._publish_conversation(conversation.id)
        self.kick(conversation.account_id)

    def _sent_to(self, account_id: AccountId, sender: JID, wire_id: str) -> Message | None:
        message = self._messages.find_outgoing(account_id, wire_id) if wire_id else None
        if message is None or self._conversation(message.conversation_id).jid != sender.bare:
            return None
        return message

    def _remove_row_of(self, message: Message) -> None:
        if (row := self._rows.find_by_message(message.id)) is not None:
            self._rows.remove(row.id)

    def _queue_message(self, conversation: Conversation, message: Message, attempts: int = 0) -> None:
        """Add a message's row. ``attempts``: how often it came back by now."""
        self._rows.add(
            message.account_id,
            OutboxKind.MESSAGE,
            message.wire_id,
            str(conversation.jid),
            {"attempts": attempts},
            message.id,
        )

    def _show_last_message(self, conversation_id: ConversationId) -> None:
        latest = self._messages.list_latest(conversation_id, 1)
        if not latest:
            self._conversations.set_last_message(conversation_id, None, "", False)
        for last in latest:
            outgoing = last.direction is Direction.OUT
            self._conversations.set_last_message(conversation_id, last.time, preview(last.body), outgoing)

    def _own_jid(self, account_id: AccountId) -> JID:
        account = self._accounts.find_account(account_id)
        if account is None:
            raise ValueError(f"there is no account {account_id}")
        return account.jid

    def _conversation(self, conversation_id: ConversationId) -> Conversation:
        conversation = self._conversations.find_conversation(conversation_id)
        if conversation is None:
            raise ValueError(f"there is no conversation {conversation_id}")
        return conversation

    def _publish_conversation(self, conversation_id: ConversationId) -> None:
        if (conversation := self._conversations.find_conversation(conversation_id)) is not None:
            self._bus.publish(ConversationChanged(conversation))


_PROGRESS = (
    DeliveryState.RECEIVED,
    DeliveryState.QUEUED,
    DeliveryState.IN_FLIGHT,
    DeliveryState.UNCONFIRMED,
    DeliveryState.FAILED,
    DeliveryState.SENT,
    DeliveryState.DELIVERED,
    DeliveryState.READ,
)
_OURS = (ReferenceKind.ORIGIN, ReferenceKind.WIRE)
_REMOVABLE = (DeliveryState.FAILED, DeliveryState.QUEUED, DeliveryState.UNCONFIRMED)


def preview(body: str) -> str:
    """The start of a message on one line."""
    return " ".join(body[: 2 * PREVIEW_LENGTH].split())[:PREVIEW_LENGTH]
