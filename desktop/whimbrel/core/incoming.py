"""Receiving: disk, then screen, then acknowledgement."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from whimbrel.core.actions import stanza_payload
from whimbrel.core.bus import Bus
from whimbrel.core.outbox import Outbox
from whimbrel.core.pipeline import Delivery, Pipeline, Reply, Stage, Verdict
from whimbrel.core.stages import find_stamp
from whimbrel.core.standing import Standing
from whimbrel.core.stream import Stream
from whimbrel.core.unread import Unread
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import ConversationId
from whimbrel.model.envelope import Envelope
from whimbrel.model.errors import KnownError
from whimbrel.model.events import (
    ConversationChanged,
    ConversationRead,
    Event,
    MessageAdded,
    MessageChanged,
    StorageFailed,
)
from whimbrel.model.message import Message, MessageId
from whimbrel.model.outbox import OutboxKind
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.deferred import DeferredId, DeferredStore
from whimbrel.storage.waiting import WaitingStore

_log = logging.getLogger(__name__)

_PORTION_SECONDS = 0.008  # of what was kept: with its last message, and what else is due, a turn stays below 16 ms


class Incoming:
    """Takes envelopes through the pipeline; those that come together are written in one transaction.

    One at which a stage of ours fails takes no other with it: it is kept as it came, since it is acknowledged, and
    tried again on the next start.
    """

    def __init__(
        self,
        bus: Bus,
        database: Database,
        deferred: DeferredStore,
        outbox: Outbox,
        conversations: ConversationStore,
        unread: Unread,
        waiting: WaitingStore,
    ) -> None:
        self._bus = bus
        self._database = database
        self._deferred = deferred
        self._outbox = outbox
        self._conversations = conversations
        self._unread = unread
        self._waiting = waiting
        self._pipeline = Pipeline(())

    def set_stages(self, stages: Iterable[Stage]) -> None:
        """Give the stages, once, before anything comes in: features bring theirs after this was made."""
        self._pipeline = Pipeline(stages)

    def receive(self, envelopes: Sequence[Envelope], stream: Stream, also: Callable[[], None]) -> None:
        """Store messages, then tell of them, then answer them. ``also`` writes in the same transaction.

        Raises:
            KnownError: DISK_FULL and the like: none of them is on disk, and none must be acknowledged.
        """
        counted = stream.next_sequence is not None

        def finish(deliveries: Sequence[Delivery]) -> None:
            sequence = stream.next_sequence
            for delivery in deliveries:
                for reply in delivery.replies:
                    self._keep(delivery.envelope.account_id, reply, sequence)
                    sequence = None if sequence is None else (sequence + 1) % 2**32
            also()

        concluded = self._take_in(envelopes, finish)
        for delivery, _ in concluded:
            for reply in delivery.replies if counted else ():
                self._answer(delivery.envelope.account_id, reply, stream)
        self._conclude(concluded)

    def receive_page(self, envelopes: Sequence[Envelope], also: Callable[[], None]) -> dict[ConversationId, int]:
        """Store a page of an archive in one transaction with what ``also`` writes (its cursor); then tell of it.

        Returns:
            How many unread messages it brought, by conversation.

        Raises:
            KnownError: DISK_FULL and the like: nothing is on disk.
        """

        def finish(deliveries: Sequence[Delivery]) -> None:
            for delivery in deliveries:
                for reply in delivery.replies:
                    self._keep(delivery.envelope.account_id, reply)
            also()

        concluded = self._take_in(envelopes, finish)
        self._conclude(concluded)
        news = Counter(d.conversation.id for d, _ in concluded if d.conversation is not None and d.unread)
        last = {d.conversation.id: d.conversation for d, _ in concluded if d.conversation is not None}
        return {key: min(count, last[key].unread) for key, count in news.items() if last[key].unread}

    async def retry_deferred(self, account_id: AccountId) -> None:
        """The program has started: take in what a fault kept out before. What still fails stays for the next start.

        Each in a transaction of its own, and in portions: others have their turn between them.
        """
        try:
            kept = self._deferred.list_deferred(account_id)
        except KnownError as error:
            self._bus.publish(StorageFailed(error))
            return
        began = time.perf_counter()
        for deferred_id in kept:
            if not self._retry(account_id, deferred_id):
                return
            if time.perf_counter() - began >= _PORTION_SECONDS:
                await asyncio.sleep(0)
                began = time.perf_counter()

    def _retry(self, account_id: AccountId, deferred_id: DeferredId) -> bool:
        """Take in one message that was kept. Returns whether there is room on the disk for more."""
        try:
            if (envelope := self._deferred.find_envelope(deferred_id)) is None:
                return True
            with self._database.transaction():
                taken = self._run([envelope])
                for delivery, _ in taken:
                    for reply in delivery.replies:
                        self._keep(account_id, reply)
                self._deferred.remove(deferred_id)
        except KnownError as error:
            self._bus.publish(StorageFailed(error))
            return False
        except Exception:  # noqa: BLE001 - it stays, and was told when it came: it shall not be shown at each start
            _log.warning("a message that was kept can still not be taken in", exc_info=True)
            return True
        self._conclude(taken)
        return True

    async def conclude_waiting(self, account_id: AccountId, before: datetime) -> None:
        """What has waited since before a moment will not get its message: what can be a message of its own is one now.

        Each in a transaction of its own, and in portions, as above.
        """
        try:
            for waiting_id in self._waiting.list_older(account_id, before):
                with self._database.transaction():
                    envelope = self._waiting.find_envelope(waiting_id)
                    taken = [] if envelope is None else self._run([envelope], overdue=True)
                    if any(verdict is not Verdict.WAIT for _, verdict in taken[:1]):
                        self._waiting.remove(waiting_id)
                self._conclude(taken)
                await asyncio.sleep(0)
        except KnownError as error:
            self._bus.publish(StorageFailed(error))

    def _take_in(
        self, envelopes: Sequence[Envelope], finish: Callable[[Sequence[Delivery]], None]
    ) -> list[tuple[Delivery, Verdict]]:
        """Run the stages over all in one transaction; where one has a fault, over each in a part of its own.

        ``finish`` writes what else belongs into the transaction.
        """
        try:
            try:
                with self._database.transaction():
                    taken = self._run(envelopes)
                    finish([delivery for delivery, _ in taken])
                    return taken
            except KnownError:
                raise
            except Exception:  # noqa: BLE001 - it comes again below, and is told there
                with self._database.transaction():
                    alone = [one for envelope in envelopes for one in self._take_in_alone(envelope)]
                    finish([delivery for delivery, _ in alone])
                    return alone
        except KnownError as error:
            self._bus.publish(StorageFailed(error))
            raise

    def _take_in_alone(self, envelope: Envelope) -> list[tuple[Delivery, Verdict]]:
        """Run the stages; nothing where one has a fault: then the message is kept as it came."""
        try:
            with self._database.transaction():
                return self._run([envelope])
        except KnownError:
            raise
        except Exception as error:  # noqa: BLE001 - loud through on_fault, and what it was about is kept
            self._deferred.add_envelope(_with_stamp(envelope))
            self._bus.on_fault(error)
            return []

    def _run(self, envelopes: Sequence[Envelope], *, overdue: bool = False) -> list[tuple[Delivery, Verdict]]:
        """Run the stages over envelopes, and over what waited for them, in the caller's transaction."""
        standing = Standing(self._conversations)
        deliveries = [Delivery(envelope, standing, overdue=overdue) for envelope in envelopes]
        taken = [(delivery, self._run_one(delivery)) for delivery in deliveries]
        newest = taken
        while newest := self._take_up(newest, standing):
            taken += newest
        standing.write()
        events = [event for delivery, _ in taken for event in delivery.events if isinstance(event, ConversationRead)]
        for event in {event.conversation.id: event for event in events}.values():
            self._unread.note_read(event.conversation, event.message)
        return taken

    def _take_up(self, taken: Sequence[tuple[Delivery, Verdict]], standing: Standing) -> list[tuple[Delivery, Verdict]]:
        """What had waited for what was taken in just now: messages, and what counts without being one (a correction).

        What still waits goes on doing so.
        """
        ids: dict[AccountId, set[str]] = {}
        for delivery, verdict in taken:
            if delivery.message is not None or verdict is Verdict.CONSUMED:
                values = {reference.value for reference in delivery.references}
                ids.setdefault(delivery.envelope.account_id, set()).update(values)
        waiting = [Delivery(one, standing) for key, values in ids.items() for one in self._waiting.take(key, values)]
        return [(delivery, self._run_one(delivery)) for delivery in waiting]

    def _run_one(self, delivery: Delivery) -> Verdict:
        """Run the stages; what waits is kept at once, since what it waits for may come with it."""
        verdict = self._pipeline.run(delivery)
        if verdict is Verdict.WAIT and not delivery.overdue:  # else it is kept already
            self._waiting.add(_with_stamp(delivery.envelope), delivery.waits_for)
        return verdict

    def _conclude(self, concluded: Sequence[tuple[Delivery, Verdict]]) -> None:
        """After the commit: tell; and send what waits, since a message that came back may be due again."""
        events = [event for delivery, _ in concluded for event in delivery.events]
        for event in _as_they_are(_without_superseded(events)):
            self._bus.publish(event)
        for delivery, verdict in concluded:
            if verdict is Verdict.DROP:
                _log.debug("message from %s dropped: %s", delivery.envelope.sender, delivery.reason)
        due = [d.envelope.account_id for d, verdict in concluded if verdict is Verdict.CONSUMED or _queues(d)]
        for account_id in dict.fromkeys(due):
            self._outbox.kick(account_id)

    def _answer(self, account_id: AccountId, reply: Reply, stream: Stream) -> None:
        """Send a reply that is in the outbox as in flight already; one that cannot leave waits there."""
        try:
            stream.send_extension(reply.to, reply.type, reply.wire_id, reply.extensions)
        except KnownError as error:
            _log.debug("the reply to %s waits: %s", reply.to, error)
            self._outbox.take_back(account_id, OutboxKind.RECEIPT, reply.wire_id)

    def _keep(self, account_id: AccountId, reply: Reply, sequence: int | None = None) -> None:
        """Put a reply into the outbox; in flight where ``sequence`` tells as which stanza. Raises KnownError."""
        payload = stanza_payload(reply.to, reply.type, reply.extensions)
        self._outbox.enqueue(account_id, OutboxKind.RECEIPT, reply.wire_id, reply.to, payload, sequence)


def _with_stamp(envelope: Envelope) -> Envelope:
    """What is kept for later has its place where it came: it is not the newest when it comes again."""
    return replace(envelope, stamp=envelope.stamp or find_stamp(envelope) or envelope.received)


def _queues(delivery: Delivery) -> bool:
    """Whether a delivery may have put something into the outbox."""
    return bool(delivery.replies) or any(isinstance(event, ConversationRead) for event in delivery.events)


def _without_superseded(events: Sequence[Event]) -> list[Event]:
    """All events in order; of several that tell how a conversation is, or how far it is read, only the last."""
    last = {_key(event): event for event in events}
    return [event for event in events if last[_key(event)] is event]


def _as_they_are(events: Sequence[Event]) -> list[Event]:
    """What changed a message came with it: it is told of as it is; nobody is notified of what was taken back."""
    latest = {event.message.id: event.message for event in events if isinstance(event, MessageChanged)}
    return [_as_it_is(event, latest) if isinstance(event, MessageAdded) else event for event in events]


def _as_it_is(event: MessageAdded, latest: Mapping[MessageId, Message]) -> MessageAdded:
    message = latest.get(event.message.id, event.message)
    return MessageAdded(message, notify=event.notify and not message.retracted)


def _key(event: Event) -> tuple[type[Event], int]:
    """What a later event with the same makes unnecessary."""
    if isinstance(event, ConversationChanged | ConversationRead):
        return type(event), event.conversation.id
    return type(event), id(event)
