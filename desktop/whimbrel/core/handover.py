"""Handing over: what the server has of the outbox, over sessions that end, go on, and are found again (XEP-0198)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from whimbrel.core.bus import Bus
from whimbrel.model.account import AccountId
from whimbrel.model.errors import KnownError
from whimbrel.model.events import MessageChanged
from whimbrel.model.message import DeliveryState, Message, MessageId
from whimbrel.model.outbox import OutboxKind, OutboxRow
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.outbox import OutboxStore

_ACKNOWLEDGED = (
    OutboxKind.MESSAGE,
    OutboxKind.RECEIPT,
    OutboxKind.CORRECTION,
    OutboxKind.RETRACTION,
    OutboxKind.REACTION,
)
"""What is a message stanza whose id is the row's key."""


class Handover:
    """Follows rows from the stream to the server. Its methods raise KnownError DISK_FULL.

    Args:
        kick: sends what can be sent now.
    """

    def __init__(
        self,
        bus: Bus,
        database: Database,
        rows: OutboxStore,
        messages: MessageStore,
        kick: Callable[[AccountId], None],
    ) -> None:
        self._bus = bus
        self._database = database
        self._rows = rows
        self._messages = messages
        self._kick = kick

    def recover(self, account_id: AccountId) -> None:
        """The program has started: what was in flight when it ended is unconfirmed, until the server says more."""
        for message in self._messages.set_in_flight_unconfirmed(account_id):
            self._bus.publish(MessageChanged(message))

    def recovered(self, account_id: AccountId, handled: int) -> None:
        """The server has told how many stanzas of the session before the program's start it has (XEP-0198).

        The rest of what was in flight it does not have: that is queued again.
        """
        rows = [row for row in self._rows.list_pending(account_id) if row.in_flight and row.sequence is not None]
        with self._database.transaction():
            changed = [
                self._arrive(row) if _is_handled(row.sequence, handled) else self._requeue(row)
                for row in rows
                if row.sequence is not None
            ]
        self._tell(changed)

    def forget_sequences(self, account_id: AccountId) -> None:
        """Another session begins to count: the numbers of the last one would be taken for its own."""
        self._rows.forget_sequences(account_id)

    def begin_session(self, account_id: AccountId) -> None:
        """A new session knows nothing of the last one's unacknowledged stanzas: the server may have them, or not.

        What cannot be looked for is queued again; so are messages, once :meth:`requeue` is called.
        """
        with self._database.transaction():
            changed = self._messages.set_in_flight_unconfirmed(account_id)
            self._rows.set_unconfirmed(account_id)
            for row in self._rows.list_pending(account_id):
                if row.unconfirmed and row.kind is not OutboxKind.MESSAGE:
                    self._rows.set_waiting(row.id)
        self._tell(changed)

    def unconfirmed(self, account_id: AccountId) -> list[Message]:
        """The messages of which it is not known whether the server has them, oldest first."""
        return self._messages.list_unconfirmed(account_id)

    def requeue(self, account_id: AccountId) -> None:
        """All that could be found out was: what is unconfirmed still is sent again, under its id."""
        with self._database.transaction():
            changed = [self._requeue(row) for row in self._rows.list_pending(account_id) if row.unconfirmed]
        self._tell(changed)
        self._kick(account_id)

    def give_up(self, row: OutboxRow, error: KnownError) -> None:
        """The server refused a row: it goes, and with it the hope for its message. Raises KnownError DISK_FULL."""
        with self._database.transaction():
            self._rows.remove(row.id)
            message = None if row.message_id is None else self._messages.find_message(row.message_id)
            if message is not None:
                message = self._messages.set_state(message.id, DeliveryState.FAILED, str(error))
        self._tell([message])

    def acknowledged(self, account_id: AccountId, wire_ids: Sequence[str]) -> None:
        """The server has messages of ours, and what has none to show for it (a receipt)."""
        changed: list[Message | None] = []
        with self._database.transaction():
            for wire_id in wire_ids:
                rows = (self._rows.find_by_key(account_id, kind, wire_id) for kind in _ACKNOWLEDGED)
                changed.extend([self._arrive(row) for row in rows if row is not None])
        self._tell(changed)

    def _arrive(self, row: OutboxRow) -> Message | None:
        """The server has it. Returns the message that it changed."""
        self._rows.remove(row.id)
        return None if row.message_id is None else self._sent(row.message_id)

    def _requeue(self, row: OutboxRow) -> Message | None:
        self._rows.set_waiting(row.id)
        return None if row.message_id is None else self._messages.set_state(row.message_id, DeliveryState.QUEUED)

    def _sent(self, message_id: MessageId) -> Message | None:
        message = self._messages.find_message(message_id)
        if message is None or not message.state.is_waiting:
            return None
        return self._messages.set_state(message_id, DeliveryState.SENT)

    def _tell(self, changed: Sequence[Message | None]) -> None:
        for message in changed:
            if message is not None:
                self._bus.publish(MessageChanged(message))


def _is_handled(sequence: int, handled: int) -> bool:
    """Whether a stanza's number is among the first ``handled``; numbers go modulo 2^32 (XEP-0198 section 4)."""
    return (handled - sequence) % 2**32 < 2**31
