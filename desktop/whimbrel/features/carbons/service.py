"""Message carbons (XEP-0280): what one's other devices send and receive comes here too."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace

from whimbrel.core.feature import Feature
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.features.carbons import wire
from whimbrel.model.envelope import Envelope, Source
from whimbrel.model.stream import Support

_TYPES = frozenset({"chat", "normal", "headline"})


class Carbons(Feature):
    """Asks for copies before presence is sent, so that none is missed; unwraps those of our own account."""

    name = "carbons"

    def stages(self) -> Sequence[Stage]:
        """One stage, before anything else looks at a message."""
        return (Unwrap(),)

    def prelude(self, support: Support) -> Sequence[ET.Element]:
        """Asks for copies, where there are any."""
        return (wire.build_enable(),) if wire.NAMESPACE in support.server | support.account else ()


class Unwrap(Stage):
    """Takes a copy for the message that it is, where our own account made it; drops every other (section 11).

    Other resources of ours, rooms and strangers can send the same XML: only the bare address of our account, or no
    address at all, is the account itself. What it says must involve us.
    """

    name = "unwrap"
    before = frozenset({"identify"})

    def process(self, delivery: Delivery) -> Verdict:
        """Put the copied message into the copy's place."""
        envelope = delivery.envelope
        if envelope.source is not Source.LIVE or not wire.is_carbon(envelope.element):
            return Verdict.CONTINUE
        if not _is_from_account(envelope):
            delivery.reason = "a copy that our account did not make"
            return Verdict.DROP
        try:
            carbon = wire.parse_carbon(envelope.element)
        except wire.UnsoundCarbonError as error:
            delivery.reason = str(error)
            return Verdict.DROP
        ours = carbon.sender if carbon.sent else carbon.recipient
        if ours.bare != envelope.own_jid.bare:
            delivery.reason = "a copy of a message that is not ours"
            return Verdict.DROP
        type_ = carbon.message.get("type", "normal")
        delivery.envelope = replace(
            envelope,
            sender=carbon.sender,
            recipient=carbon.recipient,
            type=type_ if type_ in _TYPES else "normal",
            wire_id=carbon.message.get("id", ""),
            element=carbon.message,
            source=Source.CARBON,
        )
        return Verdict.CONTINUE


def _is_from_account(envelope: Envelope) -> bool:
    """Whether our own account sent it: from its bare address, or without one (RFC 6120 section 8.1.2.1)."""
    sender_fits = envelope.sender is None or envelope.sender == envelope.own_jid.bare
    return sender_fits and envelope.type not in ("groupchat", "error")
