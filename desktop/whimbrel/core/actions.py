"""How each kind of outbox row is carried out."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from whimbrel.core.action import Outcome
from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.outbox import preview
from whimbrel.core.stream import Stream
from whimbrel.core.wording import Wording
from whimbrel.model.account import ConnectionState
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed, ConversationChanged, MessageChanged
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Message
from whimbrel.model.outbox import JSON, OutboxRow
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.outbox import OutboxStore

_SOON = timedelta(seconds=10)  # what leaves within it was not waiting: it bears the time at which it was written
_NEXT = timedelta(microseconds=1)
_NO_ANSWER_YET = (ErrorKind.NOT_CONNECTED, ErrorKind.CONNECTION_LOST, ErrorKind.NO_ANSWER)


class SendMessage:
    """MESSAGE: marked in flight and committed, then handed to the stream."""

    def __init__(
        self,
        bus: Bus,
        database: Database,
        rows: OutboxStore,
        messages: MessageStore,
        conversations: ConversationStore,
        features: Sequence[Feature],
        wording: Wording,
    ) -> None:
        self._bus = bus
        self._database = database
        self._rows = rows
        self._messages = messages
        self._conversations = conversations
        self._features = features
        self._wording = wording

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        message = self._messages.find_message(row.message_id) if row.message_id is not None else None
        if message is None or message.retracted:  # from another device of ours: nothing is left to be said
            return Outcome.DONE
        if stream.status.state is not ConnectionState.ONLINE:
            raise KnownError(ErrorKind.NOT_CONNECTED)
        outgoing = self._wording.reword(
            OutgoingMessage(
                to=JID.parse(row.lane),
                body=message.body,
                wire_id=message.wire_id,
                origin_id=self._messages.find_origin_id(message.id),
                message_id=message.id,
            )
        )
        extensions = tuple(element for feature in self._features for element in feature.extend(outgoing))
        self._mark(row, message, DeliveryState.IN_FLIGHT, stream.next_sequence)
        try:
            stream.send_message(replace(outgoing, extensions=outgoing.extensions + extensions))
        except KnownError:
            self._mark(row, message, DeliveryState.QUEUED)
            raise
        return Outcome.HANDED_OVER

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """That the message has failed is what is shown."""

    def _mark(self, row: OutboxRow, message: Message, state: DeliveryState, sequence: int | None = None) -> None:
        """Write how far it is. One that had to wait takes its place in the conversation when it leaves."""
        with self._database.transaction():
            self._rows.set_in_flight(row.id, state is DeliveryState.IN_FLIGHT, sequence)
            last, now = self._messages.find_last_beyond(message), datetime.now(UTC)
            moves = last is not None or (sequence is not None and now - message.time > _SOON)
            if moves:
                time = now if last is None else max(now, last.time + _NEXT)
                self._messages.set_time(message.id, time)
                self._conversations.set_last_message(message.conversation_id, time, preview(message.body), True)
            changed = self._messages.set_state(message.id, state)
            for feature in self._features if state is DeliveryState.IN_FLIGHT else ():
                feature.note_sent(changed)
        self._bus.publish(MessageChanged(changed))
        moved = self._conversations.find_conversation(message.conversation_id) if moves else None
        if moved is not None:
            self._bus.publish(ConversationChanged(moved))


class Reporting:
    """The base of actions that have nothing to put right: the person is told."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        self._bus.publish(ActionFailed(row.account_id, row.kind.value, row.lane, error))


class SendSubscription(Reporting):
    """SUBSCRIPTION: payload ``kind`` and ``message``. Confirmed by the answer to a ping behind it."""

    def __init__(self, bus: Bus, features: Sequence[Feature]) -> None:
        super().__init__(bus)
        self._features = features

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        kind, asking = str(row.payload["kind"]), row.payload["kind"] == "subscribe"
        features = self._features if asking else ()
        extensions = tuple(element for one in features for element in one.extend_request(row.account_id))
        stream.send_subscription(JID.parse(row.lane), kind, str(row.payload["message"]), extensions)
        await confirm(stream)
        return Outcome.DONE


class SendStanza:
    """What is said to an address besides messages: a receipt, a reaction, a correction (see :func:`stanza_payload`)."""

    def __init__(self, rows: OutboxStore) -> None:
        self._rows = rows

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        to, type_, body = (str(row.payload.get(key, "")) for key in ("to", "type", "body"))
        extensions = tuple(ET.fromstring(str(row.payload["xml"])))
        sequence = stream.next_sequence
        if sequence is not None:
            self._rows.set_in_flight(row.id, True, sequence)
        try:
            if body:
                stream.send_message(OutgoingMessage(JID.parse(to), body, row.key, type_, extensions))
            else:
                stream.send_extension(JID.parse(to), type_, row.key, extensions)
        except KnownError:
            self._rows.set_waiting(row.id)
            raise
        if sequence is not None:
            return Outcome.HANDED_OVER
        await confirm(stream)
        return Outcome.DONE

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """Nobody waits for it."""


def stanza_payload(to: JID, type_: str, extensions: Iterable[ET.Element], body: str = "") -> dict[str, JSON]:
    """The payload of a row that :class:`SendStanza` carries out; the row's key is the stanza's id."""
    wrapper = ET.Element("extensions")
    wrapper.extend(extensions)
    payload: dict[str, JSON] = {"to": str(to), "type": type_, "xml": ET.tostring(wrapper, encoding="unicode")}
    return {**payload, "body": body} if body else payload


async def confirm(stream: Stream) -> None:
    """Wait until the server has read everything that was sent before, since it works in order (RFC 6120 section 10.1).

    Raises:
        KnownError: NOT_CONNECTED, CONNECTION_LOST or NO_ANSWER.
    """
    try:
        await stream.request("get", None, ET.Element("{urn:xmpp:ping}ping"))
    except KnownError as error:
        if error.kind in _NO_ANSWER_YET:
            raise
