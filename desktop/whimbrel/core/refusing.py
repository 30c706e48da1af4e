"""Errors for what was said of messages: which one is meant, and who may refuse it."""

from __future__ import annotations

from collections.abc import Collection

from whimbrel.core.pipeline import Delivery
from whimbrel.core.stages import error_reason
from whimbrel.model.envelope import Source
from whimbrel.model.jid import JID
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.refusal import Statement
from whimbrel.storage.refusals import RefusalStore


def find_refused(
    delivery: Delivery, store: RefusalStore, kinds: Collection[OutboxKind]
) -> tuple[Statement, str] | None:
    """What of these kinds came back, and why: an error's condition and text (RFC 6120 section 8.3).

    None where it is no error, or that of somebody whom nothing was said to; our own server counts too.
    """
    envelope = delivery.envelope
    if envelope.type != "error" or envelope.source is not Source.LIVE or not envelope.news or not envelope.wire_id:
        return None
    said = store.find(envelope.account_id, envelope.wire_id)
    if said is None or said.kind not in kinds or envelope.sender is None:
        return None
    if envelope.sender.bare not in (said.jid, envelope.own_jid.bare, JID("", envelope.own_jid.domain)):
        return None
    return said, error_reason(envelope.element)
