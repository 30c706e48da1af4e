"""Corrections that come in."""

from __future__ import annotations

from whimbrel.core.listing import Listing
from whimbrel.core.outbox import Outbox
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.stages import find_stamp
from whimbrel.core.subjects import Subjects
from whimbrel.features.corrections import wire
from whimbrel.features.corrections.texts import Texts
from whimbrel.model.events import MessageChanged
from whimbrel.model.message import Message, Reference, ReferenceKind
from whimbrel.model.outbox import OutboxKind


class TakeCorrection(Stage):
    """A correction counts from who wrote the message, in its conversation (section 4); else it is a message of its own.

    One that comes before its message waits. Where that never comes it is a message of its own, and known by the id of
    both: further corrections change it, and its message does not stand beside it should it come after all. Of several
    the one that was sent last counts, however they come; nothing
    is unread by it.
    """

    name = "corrections"
    after = frozenset({"dedupe"})
    before = frozenset({"store"})

    def __init__(self, subjects: Subjects, texts: Texts, listing: Listing, outbox: Outbox) -> None:
        self._subjects = subjects
        self._texts = texts
        self._listing = listing
        self._outbox = outbox

    def process(self, delivery: Delivery) -> Verdict:
        """Change the message."""
        target = wire.parse_replace(delivery.envelope.element)
        if target is None or delivery.body is None or delivery.envelope.type == "error":
            return Verdict.CONTINUE
        subject = self._subjects.find_own(delivery, target)
        if not subject.is_known and delivery.overdue and delivery.envelope.sender is not None:
            delivery.references.append(Reference(ReferenceKind.ORIGIN, delivery.envelope.sender.bare, target))
            return Verdict.CONTINUE
        if not subject.is_known:
            delivery.waits_for = target
            return Verdict.WAIT
        if subject.message is None:
            return Verdict.CONTINUE
        if subject.message.retracted:
            delivery.reason = "a correction of what was taken back"
            return Verdict.DROP
        return self._correct(delivery, subject.message, delivery.body)

    def _correct(self, delivery: Delivery, message: Message, body: str) -> Verdict:
        envelope = delivery.envelope
        time = envelope.stamp or find_stamp(envelope) or self._texts.after_all(message, envelope.received)
        correction_id = _find_id(delivery) or time.isoformat()
        if delivery.outgoing:  # the server has it
            self._outbox.cancel(envelope.account_id, OutboxKind.CORRECTION, correction_id)
        changed = self._texts.add(message, correction_id, body, time)
        if changed is None:
            delivery.reason = "a correction that is known"
            return Verdict.DROP
        delivery.events.append(MessageChanged(changed))
        self._listing.follow_in(delivery, changed)
        return Verdict.CONSUMED


def _find_id(delivery: Delivery) -> str:
    """The id that the sender gave a correction; "" for none."""
    given = {reference.kind: reference.value for reference in delivery.references}
    return given.get(ReferenceKind.ORIGIN) or given.get(ReferenceKind.WIRE, "")
