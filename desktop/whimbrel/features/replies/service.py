"""Replies (XEP-0461): what a message answers, known from here and from there, with a quotation for older programs."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.offers import replies as ports
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.stages import find_body
from whimbrel.features.replies import wire
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.events import MessageChanged, MessageRemoved, MessagesAnnotated
from whimbrel.model.message import Message, MessageId
from whimbrel.model.reply import NewReply, Quote
from whimbrel.storage.database import Database
from whimbrel.storage.references import ReferenceStore
from whimbrel.storage.replies import ReplyStore

_MOST_LINES = 4
_MOST_CHARACTERS = 300


class Replies(Feature):
    """Keeps what messages answer; tells it of ours."""

    name = "replies"
    namespaces = (wire.NAMESPACE, wire.FALLBACK)

    def __init__(self, bus: Bus, database: Database) -> None:
        self._bus = bus
        self._store = ReplyStore(database)
        self._references = ReferenceStore(database)
        self._stages: tuple[Stage, ...] = (TakeWords(), KeepReply(self._store))
        bus.subscribe(MessageChanged, self._on_changed)
        bus.subscribe(MessageRemoved, self._on_removed)

    def stages(self) -> Sequence[Stage]:
        """One stage that takes the quotation out of what is said, one after the message is stored."""
        return self._stages

    def offers(self) -> Mapping[type[object], object]:
        """Itself, to the interface."""
        return {ports.Replies: self}

    def reword(self, message: OutgoingMessage) -> OutgoingMessage:
        """Quotes what is answered before the words, and says which of them are the quotation (section 3.1)."""
        reply = self._store.find_reply(message.message_id) if message.message_id is not None else None
        if reply is None:
            return message
        added: list[ET.Element] = [wire.build_reply(reply.answers, reply.author)]
        quoted = wire.quote(reply.quoted)
        if quoted:
            added.append(wire.build_fallback(len(quoted)))
        return replace(message, body=quoted + message.body, extensions=(*message.extensions, *added))

    def can_answer(self, message: Message) -> bool:
        """Whether a message has an id that its conversation's other side knows."""
        return not message.retracted and bool(self._references.find_public_id(message.id))

    def answer(self, original: Message) -> Callable[[Message], None]:
        """The hook for ``Outbox.submit``."""

        def note(message: Message) -> None:
            answers = self._references.find_public_id(original.id)
            if answers:
                self._store.add(NewReply(message.id, answers, original.sender.bare, _excerpt(original.body)))

        return note

    def quotes(self, messages: Sequence[Message]) -> Mapping[MessageId, Quote]:
        """What those of these messages that are replies answer."""
        return self._store.list_quotes([message.id for message in messages])

    def _on_changed(self, event: MessageChanged) -> None:
        if event.message.edited or event.message.retracted:
            self._tell(event.message)

    def _on_removed(self, event: MessageRemoved) -> None:
        """What answers it has nothing to show any more."""
        gone = event.message
        self._publish(gone, self._store.list_naming(gone.conversation_id, {gone.wire_id}))

    def _tell(self, original: Message) -> None:
        self._publish(original, self._store.list_answering(original.id))

    def _publish(self, original: Message, answers: frozenset[MessageId]) -> None:
        if answers:
            self._bus.publish(MessagesAnnotated(original.conversation_id, answers))


class TakeWords(Stage):
    """A reply says what is left without the quotation for programs that know no replies."""

    name = "replies-words"
    after = frozenset({"identify"})
    before = frozenset({"recall"})

    def process(self, delivery: Delivery) -> Verdict:
        """Change the body."""
        element = delivery.envelope.element
        if delivery.body is not None and wire.parse_reply(element) is not None:
            delivery.body, _ = wire.split_body(element, delivery.body)
        return Verdict.CONTINUE


class KeepReply(Stage):
    """Keeps what a stored message answers; tells of the replies to it that were here before it."""

    name = "replies"
    after = frozenset({"store"})

    def __init__(self, store: ReplyStore) -> None:
        self._store = store

    def process(self, delivery: Delivery) -> Verdict:
        """Write its row."""
        message, element = delivery.message, delivery.envelope.element
        if message is None:
            return Verdict.CONTINUE
        told = wire.parse_reply(element)
        if told is not None:
            _, quoted = wire.split_body(element, find_body(element) or "")
            self._store.add(NewReply(message.id, told.answers, told.author, quoted))
        named = {reference.value for reference in delivery.references}
        if answers := self._store.list_naming(message.conversation_id, named):
            delivery.events.append(MessagesAnnotated(message.conversation_id, answers))
        return Verdict.CONTINUE


def _excerpt(body: str) -> str:
    """So much of a message as is quoted for programs that know no replies."""
    lines = body[:_MOST_CHARACTERS].strip().splitlines()[:_MOST_LINES]
    excerpt = "\n".join(lines)
    return excerpt if excerpt == body.strip() else f"{excerpt}…"
