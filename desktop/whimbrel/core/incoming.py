"""Receiving: disk, then screen, then acknowledgement."""

from __future__ import annotations

import logging
import xml.etree.ElementTree as ET

from whimbrel.core.bus import Bus
from whimbrel.core.outbox import Outbox
from whimbrel.core.pipeline import Delivery, Pipeline, Reply, Verdict
from whimbrel.core.stream import Stream
from whimbrel.model.account import AccountId
from whimbrel.model.envelope import Envelope
from whimbrel.model.errors import KnownError
from whimbrel.model.events import StorageFailed
from whimbrel.model.outbox import OutboxKind
from whimbrel.storage.database import Database

_log = logging.getLogger(__name__)


class Incoming:
    """Takes each envelope through the pipeline in a transaction of its own."""

    def __init__(self, bus: Bus, database: Database, pipeline: Pipeline, outbox: Outbox) -> None:
        self._bus = bus
        self._database = database
        self._pipeline = pipeline
        self._outbox = outbox

    def receive(self, envelope: Envelope, stream: Stream) -> None:
        """Store a message, then tell of it, then answer it.

        Raises:
            KnownError: DISK_FULL and the like: it is not on disk, and must not be acknowledged.
        """
        delivery = Delivery(envelope)
        try:
            with self._database.transaction():
                verdict = self._pipeline.run(delivery)
        except KnownError as error:
            self._bus.publish(StorageFailed(error))
            raise
        if verdict is Verdict.DROP:
            _log.debug("message from %s dropped: %s", envelope.sender, delivery.reason)
        for event in delivery.events:
            self._bus.publish(event)
        for reply in delivery.replies:
            self._answer(envelope.account_id, reply, stream)
        if verdict is Verdict.CONSUMED:
            self._outbox.kick(envelope.account_id)  # a message that came back may be due again

    def _answer(self, account_id: AccountId, reply: Reply, stream: Stream) -> None:
        try:
            stream.send_extension(reply.to, reply.type, reply.wire_id, reply.extensions)
        except KnownError:
            wrapper = ET.Element("extensions")
            wrapper.extend(reply.extensions)
            payload = {"to": str(reply.to), "type": reply.type, "xml": ET.tostring(wrapper, encoding="unicode")}
            self._outbox.enqueue(account_id, OutboxKind.RECEIPT, reply.wire_id, reply.to, payload)
