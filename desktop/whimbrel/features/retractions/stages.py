"""Retractions that come in, and messages that the person has deleted here."""

from __future__ import annotations

from whimbrel.core.listing import Listing
from whimbrel.core.outbox import Outbox
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.subjects import Subjects
from whimbrel.features.retractions import wire
from whimbrel.features.retractions.erasing import Erasing
from whimbrel.model.events import MessageChanged, MessagesAnnotated
from whimbrel.model.message import ReferenceKind
from whimbrel.model.outbox import OutboxKind
from whimbrel.storage.versions import DeletedStore

_OURS = (ReferenceKind.ORIGIN, ReferenceKind.WIRE)


class TakeRetraction(Stage):
    """A retraction counts from who wrote the message, in its conversation (section 5); else it is ignored.

    What stands beside it for other programs is never shown. One that comes before its message waits.
    """

    name = "retractions"
    after = frozenset({"dedupe"})
    before = frozenset({"store"})

    def __init__(self, subjects: Subjects, erasing: Erasing, listing: Listing, outbox: Outbox) -> None:
        self._subjects = subjects
        self._erasing = erasing
        self._listing = listing
        self._outbox = outbox

    def process(self, delivery: Delivery) -> Verdict:
        """Take the message back."""
        envelope = delivery.envelope
        target = wire.parse_retract(envelope.element)
        if target is None or envelope.type == "error":
            return Verdict.CONTINUE
        subject = self._subjects.find_own(delivery, target) if target else None
        if subject is not None and subject.message is None:  # whatever of others bears that id: short ones do
            delivery.waits_for = target
            return Verdict.WAIT
        if subject is None or subject.message is None:
            delivery.reason = "a retraction of what is not theirs"
            return Verdict.DROP
        if delivery.outgoing:  # the server has it
            for reference in delivery.references:
                if reference.kind in _OURS:
                    self._outbox.cancel(envelope.account_id, OutboxKind.RETRACTION, reference.value)
        if subject.message.retracted:
            delivery.reason = "a retraction that is known"
            return Verdict.DROP
        changed = self._erasing.erase(subject.message)
        annotated = MessagesAnnotated(changed.conversation_id, frozenset({changed.id}))
        delivery.events += [MessageChanged(changed), annotated]
        self._listing.follow_in(delivery, changed)
        return Verdict.CONSUMED


class DropDeleted(Stage):
    """What the person deleted on this device does not come back from the archive."""

    name = "deleted"
    after = frozenset({"dedupe"})
    before = frozenset({"store"})

    def __init__(self, deletions: DeletedStore) -> None:
        self._deletions = deletions
        self._is_empty: bool | None = None  # as long as nothing was deleted, nothing is looked up

    def note_deletion(self) -> None:
        """Something was deleted."""
        self._is_empty = False

    def process(self, delivery: Delivery) -> Verdict:
        """Drop it."""
        if self._is_empty is None:
            self._is_empty = self._deletions.is_empty()
        if self._is_empty or delivery.conversation is None:
            return Verdict.CONTINUE
        proving = [
            reference
            for reference in delivery.references
            if delivery.outgoing or reference.kind is not ReferenceKind.WIRE  # others may use one twice
        ]
        if not self._deletions.has_any(delivery.conversation.id, proving):
            return Verdict.CONTINUE
        delivery.reason = "deleted on this device"
        return Verdict.DROP
