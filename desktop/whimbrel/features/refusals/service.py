"""Corrections and retractions of ours that came back with an error (RFC 6120 section 8.3): kept with their message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.offers import refusals as ports
from whimbrel.core.outbox import Outbox
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.refusing import find_refused
from whimbrel.model.events import MessagesAnnotated
from whimbrel.model.message import Message, MessageId
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.refusal import Refusal
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.refusals import RefusalStore

_KINDS = (OutboxKind.CORRECTION, OutboxKind.RETRACTION)


class Refusals(Feature):
    """Offers :class:`core.offers.refusals.Refusals`."""

    name = "refusals"

    def __init__(self, bus: Bus, database: Database, messages: MessageStore, outbox: Outbox) -> None:
        self._bus = bus
        self._messages = messages
        self._store = RefusalStore(database)
        self._stage = TakeRefusal(self._store, outbox)

    def stages(self) -> Sequence[Stage]:
        """One, before the core looks at errors."""
        return (self._stage,)

    def offers(self) -> Mapping[type[object], object]:
        """Itself, to the interface."""
        return {ports.Refusals: self}

    def refusals(self, messages: Sequence[Message]) -> Mapping[MessageId, Sequence[Refusal]]:
        """What came back of these messages."""
        return self._store.list_refusals([message.id for message in messages])

    def dismiss(self, message_id: MessageId, kind: OutboxKind) -> None:
        """Forget it. Raises KnownError DISK_FULL."""
        self._store.remove(message_id, kind)
        if (message := self._messages.find_message(message_id)) is not None:
            self._bus.publish(MessagesAnnotated(message.conversation_id, frozenset({message_id})))


class TakeRefusal(Stage):
    """An error counts from whom it was said to, or from our own server, and for what was said last."""

    name = "refusals"
    after = frozenset({"identify"})
    before = frozenset({"errors"})

    def __init__(self, store: RefusalStore, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox

    def process(self, delivery: Delivery) -> Verdict:
        """Note why."""
        refused = find_refused(delivery, self._store, _KINDS)
        if refused is None:
            return Verdict.CONTINUE
        said, reason = refused
        self._store.set_reason(said.message_id, said.kind, reason)
        self._outbox.cancel(delivery.envelope.account_id, said.kind, delivery.envelope.wire_id)
        delivery.events.append(MessagesAnnotated(said.conversation_id, frozenset({said.message_id})))
        return Verdict.CONSUMED
