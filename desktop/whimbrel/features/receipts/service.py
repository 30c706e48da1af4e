"""Delivery receipts (XEP-0184): asked for with every message, given only to those who see our presence."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence

from whimbrel.core.feature import Feature
from whimbrel.core.outbox import Outbox
from whimbrel.core.pipeline import Delivery, Reply, Stage, Verdict
from whimbrel.features.receipts import wire
from whimbrel.model.account import AccountId
from whimbrel.model.envelope import OutgoingMessage, Source
from whimbrel.model.events import MessageChanged
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState

SeesUs = Callable[[AccountId, JID], bool]


class Receipts(Feature):
    """Asks, takes, answers.

    Args:
        sees_us: whether an address may see our presence.
    """

    name = "receipts"
    namespaces = (wire.NAMESPACE,)

    def __init__(self, outbox: Outbox, sees_us: SeesUs) -> None:
        self._stages: tuple[Stage, ...] = (TakeReceipt(outbox), AnswerRequest(sees_us))

    def stages(self) -> Sequence[Stage]:
        """One stage before the message is stored, one after."""
        return self._stages

    def extend(self, message: OutgoingMessage) -> Sequence[ET.Element]:
        """Asks for a receipt (section 5.1); never in a group chat (section 5.3)."""
        return (wire.build_request(),) if message.body and message.type != "groupchat" else ()


class TakeReceipt(Stage):
    """A receipt counts only from the recipient of the message that it names."""

    name = "receipts"
    after = frozenset({"dedupe"})

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def process(self, delivery: Delivery) -> Verdict:
        """Mark our message as delivered."""
        envelope = delivery.envelope
        wire_id = wire.parse_received(envelope.element)
        if wire_id is None or envelope.sender is None or envelope.type == "error":
            return Verdict.CONTINUE
        changed = self._outbox.confirm(envelope.account_id, envelope.sender, wire_id, DeliveryState.DELIVERED)
        if changed is not None:
            delivery.events.append(MessageChanged(changed))
        if delivery.body is not None:
            return Verdict.CONTINUE
        delivery.reason = "a receipt that tells nothing new"
        return Verdict.DROP if changed is None else Verdict.CONSUMED


class AnswerRequest(Stage):
    """Gives a receipt for what is stored, once, to contacts who may know that we are there.

    Not for what another device of ours was sent, and gives one for.
    """

    name = "receipts-answer"
    after = frozenset({"store"})

    def __init__(self, sees_us: SeesUs) -> None:
        self._sees_us = sees_us

    def process(self, delivery: Delivery) -> Verdict:
        """Queue the receipt."""
        envelope = delivery.envelope
        if (
            delivery.message is None
            or envelope.sender is None
            or envelope.source is Source.CARBON
            or not envelope.news
            or envelope.type not in ("chat", "normal")
            or not envelope.wire_id
            or not wire.parse_request(envelope.element)
            or wire.parse_received(envelope.element) is not None
        ):
            return Verdict.CONTINUE
        if delivery.standing.ask(self._sees_us, envelope.account_id, envelope.sender.bare):
            received = wire.build_received(envelope.wire_id)
            archived = envelope.source is Source.ARCHIVE  # its sender's device may be gone
            to = envelope.sender.bare if archived else envelope.sender
            delivery.replies.append(Reply(to, envelope.type, str(uuid.uuid4()), (received,)))
        return Verdict.CONTINUE
