"""How each kind of outbox row is carried out."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace

from whimbrel.core.action import Outcome
from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.stream import Stream
from whimbrel.model.account import ConnectionState
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed, MessageChanged
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, MessageId
from whimbrel.model.outbox import OutboxRow
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.outbox import OutboxStore

_NO_ANSWER_YET = (ErrorKind.NOT_CONNECTED, ErrorKind.CONNECTION_LOST, ErrorKind.NO_ANSWER)


class SendMessage:
    """MESSAGE: marked in flight and committed, then handed to the stream."""

    def __init__(
        self,
        bus: Bus,
        database: Database,
        rows: OutboxStore,
        messages: MessageStore,
        features: Sequence[Feature],
    ) -> None:
        self._bus = bus
        self._database = database
        self._rows = rows
        self._messages = messages
        self._features = features

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        message = self._messages.find_message(row.message_id) if row.message_id is not None else None
        if message is None:
            return Outcome.DONE
        if stream.status.state is not ConnectionState.ONLINE:
            raise KnownError(ErrorKind.NOT_CONNECTED)
        outgoing = OutgoingMessage(to=JID.parse(row.lane), body=message.body, wire_id=message.wire_id)
        extensions = tuple(element for feature in self._features for element in feature.extend(outgoing))
        self._mark(row, message.id, DeliveryState.IN_FLIGHT)
        try:
            stream.send_message(replace(outgoing, extensions=extensions))
        except KnownError:
            self._mark(row, message.id, DeliveryState.QUEUED)
            raise
        return Outcome.HANDED_OVER

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        if row.message_id is not None:
            changed = self._messages.set_state(row.message_id, DeliveryState.FAILED, str(error))
            self._bus.publish(MessageChanged(changed))

    def _mark(self, row: OutboxRow, message_id: MessageId, state: DeliveryState) -> None:
        with self._database.transaction():
            self._rows.set_in_flight(row.id, state is DeliveryState.IN_FLIGHT)
            changed = self._messages.set_state(message_id, state)
        self._bus.publish(MessageChanged(changed))


class Reporting:
    """The base of actions that have nothing to put right: the person is told."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        self._bus.publish(ActionFailed(row.account_id, row.kind.value, row.lane, error))


class SendSubscription(Reporting):
    """SUBSCRIPTION: payload ``kind`` and ``message``. Confirmed by the answer to a ping behind it."""

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        stream.send_subscription(JID.parse(row.lane), str(row.payload["kind"]), str(row.payload["message"]))
        await confirm(stream)
        return Outcome.DONE


class SendReply:
    """RECEIPT: a stanza without a body that could not leave when its message arrived."""

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        extensions = tuple(ET.fromstring(str(row.payload["xml"])))
        stream.send_extension(JID.parse(str(row.payload["to"])), str(row.payload["type"]), row.key, extensions)
        await confirm(stream)
        return Outcome.DONE

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """Nobody waits for it."""


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
