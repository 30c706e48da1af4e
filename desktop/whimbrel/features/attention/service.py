"""Attention (XEP-0224): off until the person wants it; then from contacts only, and seldom."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping, Sequence

from whimbrel.core.feature import Feature
from whimbrel.core.offers.attention import Attention as Port
from whimbrel.core.online import OnlineStreams
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.stream import Stream
from whimbrel.features.attention import wire
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import Source
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import AttentionAsked
from whimbrel.model.jid import JID

Key = tuple[AccountId, JID]
"""An account and the bare address of somebody else."""

_REST = 60.0
"""Seconds in which one contact is heard once, and asked once."""


class Attention(Feature):
    """Asks and hears.

    Args:
        is_contact: whether an address is a contact's that is not blocked: only those are heard.
        resource: the full address of the best resource of somebody; None where they are offline.
        accepted: whether the person takes part; asked each time.
        clock: seconds that never go back.
    """

    name = "attention"
    namespaces = (wire.NAMESPACE,)

    def __init__(
        self,
        *,
        is_contact: Callable[[AccountId, JID], bool],
        resource: Callable[[AccountId, JID], JID | None],
        accepted: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._resource = resource
        self._accepted = accepted
        self._clock = clock
        self._streams = OnlineStreams()
        self._asked: dict[Key, float] = {}
        self._stage = TakeAttention(is_contact, accepted, clock)

    def advertised(self) -> Sequence[str]:
        """Nothing, as long as the person does not want it (section 6)."""
        return self.namespaces if self._accepted() else ()

    def offers(self) -> Mapping[type[object], object]:
        """Attention."""
        return {Port: self}

    def stages(self) -> Sequence[Stage]:
        """One stage, before anything is stored."""
        return (self._stage,)

    def on_online(self, account_id: AccountId, stream: Stream, *, resumed: bool) -> None:
        """Through this stream others are asked."""
        self._streams.note(account_id, stream)

    def can_ask(self, conversation: Conversation) -> bool:
        """Whether the person takes part, and the other one is there."""
        return self._accepted() and self._resource(conversation.account_id, conversation.jid) is not None

    async def ask(self, conversation: Conversation) -> None:
        """Ask their best resource, where its program wants to be asked (section 4, rule 1)."""
        key = conversation.account_id, conversation.jid
        resource, stream = self._resource(*key), self._streams.get(conversation.account_id)
        if self._clock() - self._asked.get(key, -_REST) < _REST:
            raise KnownError(ErrorKind.TRY_LATER, subject=str(conversation.jid))
        self._asked[key] = self._clock()  # at once: a second click comes while this waits
        try:
            if resource is None or not wire.parse_answer(await stream.request("get", resource, wire.build_question())):
                raise KnownError(ErrorKind.UNAVAILABLE, "it does not say that it may be asked", subject=str(resource))
            stream.send_extension(resource, "headline", str(uuid.uuid4()), (wire.build_attention(),))
        except (KnownError, asyncio.CancelledError):
            del self._asked[key]
            raise


class TakeAttention(Stage):
    """Hears contacts, now, and each once in a while. What the message says besides is a message like others."""

    name = "attention"
    after = frozenset({"dedupe"})
    before = frozenset({"store"})

    def __init__(
        self,
        is_contact: Callable[[AccountId, JID], bool],
        accepted: Callable[[], bool],
        clock: Callable[[], float],
    ) -> None:
        self._is_contact = is_contact
        self._accepted = accepted
        self._clock = clock
        self._heard: dict[Key, float] = {}

    def process(self, delivery: Delivery) -> Verdict:
        """Tell the person, where they want it."""
        envelope, peer = delivery.envelope, delivery.peer
        if peer is None or envelope.type == "error" or not wire.parse_attention(envelope.element):
            return Verdict.CONTINUE
        heard = self._is_heard(delivery, (envelope.account_id, peer))
        if heard:
            delivery.events.append(AttentionAsked(envelope.account_id, peer))
        if delivery.body is not None:
            return Verdict.CONTINUE
        delivery.reason = "a call for attention that is not wanted"
        return Verdict.CONSUMED if heard else Verdict.DROP

    def _is_heard(self, delivery: Delivery, key: Key) -> bool:
        """Whether the person wants it, from this one, now."""
        envelope, now = delivery.envelope, self._clock()
        if not self._accepted() or delivery.outgoing or envelope.source is not Source.LIVE:
            return False
        if wire.is_delayed(envelope.element) or not self._is_contact(*key):
            return False
        if now - self._heard.get(key, -_REST) < _REST:
            return False
        self._heard[key] = now
        return True
