"""Typing (XEP-0085): told to contacts who want to know, heard from contacts, kept nowhere."""

from __future__ import annotations

import time
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence

from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.offers.typing import Typing as Port
from whimbrel.core.online import OnlineStreams
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.stream import Stream
from whimbrel.core.tasks import Tasks
from whimbrel.features.typing import wire
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Availability
from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import OutgoingMessage, Source
from whimbrel.model.errors import KnownError
from whimbrel.model.events import PresencesCleared, TypingChanged
from whimbrel.model.jid import JID
from whimbrel.model.message import Message, MessageId
from whimbrel.model.stream import PresenceStanza
from whimbrel.model.typing import ChatState

Key = tuple[AccountId, JID]
"""An account and the bare address of somebody else."""

_PATIENCE = 120.0
"""Seconds. Who writes says so once, however long it takes (section 5.4); whoever vanishes meanwhile says nothing."""


class Typing(Feature):
    """Tells and hears.

    States are told to contacts who may see that we are there, and who are known to want them: their program says so
    (XEP-0030), or they told states themselves; who answered without one is told no more (section 5.1).

    Args:
        is_contact: whether an address is a contact's that is not blocked: only those are heard.
        sees_us: whether an address may see our presence.
        resource: the full address of the best resource of somebody; None where they are offline.
        find_message: a stored message.
        allowed: whether the person lets contacts know; asked each time.
        clock: seconds that never go back.
    """

    name = "typing"
    namespaces = (wire.NAMESPACE,)
    patience = _PATIENCE

    def __init__(
        self,
        bus: Bus,
        tasks: Tasks,
        *,
        is_contact: Callable[[AccountId, JID], bool],
        sees_us: Callable[[AccountId, JID], bool],
        resource: Callable[[AccountId, JID], JID | None],
        find_message: Callable[[MessageId], Message | None],
        allowed: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bus = bus
        self._tasks = tasks
        self._is_contact = is_contact
        self._sees_us = sees_us
        self._resource = resource
        self._find_message = find_message
        self._allowed = allowed
        self._clock = clock
        self._streams = OnlineStreams()
        self._typing: dict[Key, tuple[str, float]] = {}  # the resource that writes, and since when
        self._willing: dict[Key, bool] = {}  # who wants to know, as far as is known
        self._told: dict[Key, ChatState] = {}
        bus.subscribe(PresencesCleared, self._on_presences_cleared)

    def offers(self) -> Mapping[type[object], object]:
        """Typing."""
        return {Port: self}

    def stages(self) -> Sequence[Stage]:
        """One stage, before anything is stored."""
        return (TakeState(self._is_contact, self._note),)

    def on_online(self, account_id: AccountId, stream: Stream, *, resumed: bool) -> None:
        """In a new session nobody has been told anything."""
        self._streams.note(account_id, stream)
        if not resumed:
            self._told = {key: state for key, state in self._told.items() if key[0] != account_id}
            self._willing = {key: willing for key, willing in self._willing.items() if key[0] != account_id}

    def on_presence(self, account_id: AccountId, stanza: PresenceStanza) -> None:
        """Who leaves writes no more; another program of theirs may want to know."""
        key = account_id, stanza.sender.bare
        if stanza.presence.availability is Availability.OFFLINE:
            if self._typing.get(key, ("", 0.0))[0] == stanza.sender.resource:
                self._set_typing(key, None)
        elif self._willing.get(key) is False:
            del self._willing[key]

    def extend(self, message: OutgoingMessage) -> Sequence[ET.Element]:
        """Who writes is there (section 5.1, rules 1 and 3)."""
        ours = None if message.message_id is None else self._find_message(message.message_id)
        if ours is None or not message.body or message.type != "chat":
            return ()
        key = ours.account_id, message.to.bare
        if not self._allowed() or not self._sees_us(*key) or self._willing.get(key) is False:
            return ()
        self._told[key] = ChatState.ACTIVE
        return (wire.build_state(ChatState.ACTIVE),)

    def is_typing(self, account_id: AccountId, jid: JID) -> bool:
        """Whether somebody writes to us, and said so not too long ago."""
        _, since = self._typing.get((account_id, jid.bare), ("", None))
        return since is not None and self._clock() - since < self.patience

    def tell(self, conversation: Conversation, state: ChatState) -> None:
        """Say it, now or as soon as it is known that they want to know. What cannot be said now is not said later."""
        key = conversation.account_id, conversation.jid
        if self._told.get(key, ChatState.ACTIVE) is state or not self._allowed() or not self._sees_us(*key):
            return
        willing = self._willing.get(key)
        if willing:
            self._send(key, state)
        elif willing is None and state is ChatState.COMPOSING:
            self._ask(key)

    def _send(self, key: Key, state: ChatState) -> None:
        stream = self._streams.find(key[0])
        if stream is None:
            return
        try:
            stream.send_extension(key[1], "chat", str(uuid.uuid4()), wire.build_standalone(state))
        except KnownError:  # it broke just now
            return
        self._told[key] = state

    def _ask(self, key: Key) -> None:
        """Find out, once a session and program, whether they want to know (section 4)."""
        resource, stream = self._resource(*key), self._streams.find(key[0])
        if resource is None or stream is None:
            return
        self._willing[key] = False  # until they say otherwise
        self._tasks.start(self._learn(key, resource, stream), name="who wants to know of typing")

    async def _learn(self, key: Key, resource: JID, stream: Stream) -> None:
        try:
            answer = await stream.request("get", resource, wire.build_question())
        except KnownError:
            return
        if wire.parse_answer(answer):
            self._willing[key] = True

    def _note(self, key: Key, resource: str, state: ChatState | None, *, speaks: bool) -> list[TypingChanged]:
        """Take in what somebody told, None where they said something without telling a state."""
        if state is not None:
            self._willing[key] = True
        elif speaks:
            self._willing.setdefault(key, False)
        if state is ChatState.COMPOSING and not speaks:
            return self._change(key, resource)
        if state is not None or speaks:
            writer = self._typing.get(key)
            if writer is not None and (speaks or writer[0] == resource):
                return self._change(key, None)
        return []

    def _change(self, key: Key, resource: str | None) -> list[TypingChanged]:
        """Note who writes; returns the event, where that is new."""
        before = self.is_typing(*key)
        if resource is None:
            self._typing.pop(key, None)
        else:
            self._typing[key] = resource, self._clock()
        return [TypingChanged(*key)] if before is not (resource is not None) else []

    def _set_typing(self, key: Key, resource: str | None) -> None:
        for event in self._change(key, resource):
            self._bus.publish(event)

    def _on_presences_cleared(self, event: PresencesCleared) -> None:
        for key in [key for key in self._typing if key[0] == event.account_id]:
            self._set_typing(key, None)


class TakeState(Stage):
    """A state counts from contacts alone, and only now: not from archives, and not where it was kept for us."""

    name = "typing"
    after = frozenset({"dedupe"})
    before = frozenset({"store"})

    def __init__(
        self,
        is_contact: Callable[[AccountId, JID], bool],
        note: Callable[..., list[TypingChanged]],
    ) -> None:
        self._is_contact = is_contact
        self._note = note

    def process(self, delivery: Delivery) -> Verdict:
        """Note who writes; what says nothing else ends here."""
        envelope, peer, speaks = delivery.envelope, delivery.peer, delivery.body is not None
        state = wire.parse_state(envelope.element)
        if envelope.sender is None or peer is None or envelope.type != "chat" or (state is None and not speaks):
            return Verdict.CONTINUE
        present = envelope.source is not Source.ARCHIVE and not wire.is_delayed(envelope.element)
        theirs = present and not delivery.outgoing
        heard = theirs and delivery.standing.ask(self._is_contact, envelope.account_id, peer)
        if heard:
            key = envelope.account_id, peer
            delivery.events += self._note(key, envelope.sender.resource, state, speaks=speaks)
        if speaks or _says_more(envelope.element):
            return Verdict.CONTINUE
        delivery.reason = "a chat state of ours, of a stranger, or of the past"
        return Verdict.CONSUMED if heard else Verdict.DROP


def _says_more(message: ET.Element) -> bool:
    """Whether a message without a body bears more than its state and hints: that is for other stages."""
    beside = (f"{{{wire.NAMESPACE}}}", f"{{{wire.HINTS}}}", "{urn:xmpp:sid:0}", "{jabber:client}thread")
    return any(not child.tag.startswith(beside) for child in message)
