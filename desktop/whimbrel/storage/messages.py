"""The messages. Their order in a conversation is (time, id); a page is found through the index on both."""

from __future__ import annotations

from datetime import datetime

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import (
    DeliveryState,
    Direction,
    Message,
    MessageId,
    NewMessage,
    Reference,
    ReferenceKind,
)
from whimbrel.storage.columns import from_time, to_jid, to_time
from whimbrel.storage.database import Database, Row
from whimbrel.storage.references import ReferenceStore

COLUMNS = "id, account_id, conversation_id, direction, sender, body, time, state, wire_id, error, edited, retracted"


class MessageStore:
    """The table ``message``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._references = ReferenceStore(database)

    def add_message(self, message: NewMessage) -> Message:
        """Store a message with its references; what is returned is what was stored."""
        row = self._database.row(
            "INSERT INTO message (account_id, conversation_id, direction, sender, body, time, state, wire_id, rank)"
            f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING {COLUMNS}",
            (
                message.account_id,
                message.conversation_id,
                message.direction.value,
                str(message.sender),
                message.body,
                from_time(message.time),
                message.state.value,
                message.wire_id,
                message.rank,
            ),
        )
        stored = to_message(_present(row))
        self._references.add(message.account_id, stored.id, message.references, message.rank)
        return stored

    def find_message(self, message_id: MessageId) -> Message | None:
        """One message."""
        row = self._database.row(f"SELECT {COLUMNS} FROM message WHERE id = ?", (message_id,))
        return to_message(row) if row else None

    def find_first_since(self, conversation_id: ConversationId, moment: datetime) -> Message | None:
        """The first message of a conversation at a moment or after it."""
        row = self._database.row(
            f"SELECT {COLUMNS} FROM message WHERE conversation_id = ? AND time >= ? ORDER BY time, id LIMIT 1",
            (conversation_id, from_time(moment)),
        )
        return to_message(row) if row else None

    def find_outgoing(self, account_id: AccountId, wire_id: str) -> Message | None:
        """The message that we sent with a stanza id, the last of several; else one that once bore it."""
        row = self._database.row(
            f"SELECT {COLUMNS} FROM message WHERE account_id = ? AND wire_id = ? AND direction = 'out'"
            " ORDER BY id DESC LIMIT 1",
            (account_id, wire_id),
        ) or self._database.row(
            f"SELECT {COLUMNS} FROM message WHERE direction = 'out' AND id = (SELECT max(message_id) FROM reference"
            " JOIN account ON account.id = account_id AND account.jid = scope"
            " WHERE account_id = ? AND value = ? AND kind IN ('origin', 'wire'))",
            (account_id, wire_id),
        )
        return to_message(row) if row else None

    def find_said(
        self, account_id: AccountId, peer: JID, sender: JID, direction: Direction, value: str
    ) -> Message | None:
        """The last message with an id, as its sender gave it, that a bare address said in the conversation with one."""
        columns = ", ".join(f"message.{name}" for name in COLUMNS.split(", "))
        row = self._database.row(  # by the id first: of all messages of the account it would be slow
            f"SELECT {columns} FROM reference CROSS JOIN message ON message.id = message_id"
            " CROSS JOIN conversation ON conversation.id = conversation_id"
            " WHERE reference.account_id = ?1 AND value = ?2 AND kind IN ('origin', 'wire') AND direction = ?3"
            " AND substr(sender || '/', 1, length(?4) + 1) = ?4 || '/' AND conversation.jid = ?5"
            " ORDER BY message.id DESC LIMIT 1",
            (account_id, value, direction.value, str(sender.bare), str(peer.bare)),
        )
        return to_message(row) if row else None

    def set_wire_id(self, message: Message, wire_id: str) -> None:
        """Give a message of ours another stanza id. Its origin-id stays, and it is still known by all that it had."""
        self._database.execute("UPDATE message SET wire_id = ? WHERE id = ?", (wire_id, message.id))
        known = Reference(ReferenceKind.WIRE, message.sender.bare, wire_id)
        self._references.add(message.account_id, message.id, [known])

    def find_origin_id(self, message_id: MessageId) -> str:
        """The id under which others know a message of ours for good (XEP-0359); "" for none."""
        row = self._database.row(
            "SELECT value FROM reference WHERE message_id = ? AND kind = 'origin' LIMIT 1", (message_id,)
        )
        return row[0] if row else ""

    def set_state(self, message_id: MessageId, state: DeliveryState, error: str = "") -> Message:
        """Write how far a message has come; raises LookupError where it is gone."""
        row = self._database.row(
            f"UPDATE message SET state = ?, error = ? WHERE id = ? RETURNING {COLUMNS}",
            (state.value, error, message_id),
        )
        return to_message(_present(row))

    def set_body(self, message_id: MessageId, body: str) -> Message:
        """Give a message the text of a correction; raises LookupError where it is gone."""
        row = self._database.row(
            f"UPDATE message SET body = ?, edited = 1 WHERE id = ? RETURNING {COLUMNS}", (body, message_id)
        )
        return to_message(_present(row))

    def set_unedited(self, message_id: MessageId, body: str) -> Message:
        """Give a message back its first text; raises LookupError where it is gone."""
        row = self._database.row(
            f"UPDATE message SET body = ?, edited = 0 WHERE id = ? RETURNING {COLUMNS}", (body, message_id)
        )
        return to_message(_present(row))

    def set_written(self, message_id: MessageId, body: str) -> Message:
        """Give a message its text before it is sent; that is no correction. Raises LookupError where it is gone."""
        row = self._database.row(f"UPDATE message SET body = ? WHERE id = ? RETURNING {COLUMNS}", (body, message_id))
        return to_message(_present(row))

    def set_retracted(self, message_id: MessageId) -> Message:
        """Its author took a message back: its text goes. Raises LookupError where it is gone."""
        row = self._database.row(
            f"UPDATE message SET body = '', retracted = 1 WHERE id = ? RETURNING {COLUMNS}", (message_id,)
        )
        return to_message(_present(row))

    def find_last_beyond(self, message: Message) -> Message | None:
        """The last message of a conversation, where one that is not waiting to be sent comes after ``message``."""
        row = self._database.row(
            f"SELECT {COLUMNS} FROM message WHERE conversation_id = ? AND (time, id) > (?, ?)"
            " AND state NOT IN ('queued', 'unconfirmed') ORDER BY time DESC, id DESC LIMIT 1",
            _key(message.conversation_id, message),
        )
        return to_message(row) if row else None

    def find_last_incoming(
        self, conversation_id: ConversationId, time: datetime, message_id: MessageId
    ) -> Message | None:
        """The last message of theirs at a place or before it."""
        row = self._database.row(
            f"SELECT {COLUMNS} FROM message WHERE conversation_id = ? AND direction = 'in' AND (time, id) <= (?, ?)"
            " ORDER BY time DESC, id DESC LIMIT 1",
            (conversation_id, from_time(time), message_id),
        )
        return to_message(row) if row else None

    def find_newest_time(self, conversation_id: ConversationId, before: datetime) -> datetime | None:
        """The time of the last message before one; None where there is none."""
        row = self._database.row(
            "SELECT max(time) FROM message WHERE conversation_id = ? AND time < ?",
            (conversation_id, from_time(before)),
        )
        return to_time(row[0]) if row and row[0] is not None else None

    def set_time(self, message_id: MessageId, time: datetime) -> Message:
        """Give a message another place in its conversation; raises LookupError where it is gone."""
        row = self._database.row(
            f"UPDATE message SET time = ? WHERE id = ? RETURNING {COLUMNS}", (from_time(time), message_id)
        )
        return to_message(_present(row))

    def list_unconfirmed(self, account_id: AccountId) -> list[Message]:
        """The messages of ours of which it is not known whether the server has them, ascending."""
        rows = self._database.rows(
            f"SELECT {COLUMNS} FROM message WHERE account_id = ? AND state = 'unconfirmed'", (account_id,)
        )
        return sorted((to_message(row) for row in rows), key=_order)

    def set_in_flight_unconfirmed(self, account_id: AccountId) -> list[Message]:
        """The stream is gone: whatever was in flight on it is unconfirmed. Returns those, ascending."""
        rows = self._database.rows(
            "UPDATE message SET state = 'unconfirmed' WHERE account_id = ? AND state = 'in-flight'"
            f" RETURNING {COLUMNS}",
            (account_id,),
        )
        return sorted((to_message(row) for row in rows), key=_order)

    def list_latest(self, conversation_id: ConversationId, limit: int) -> list[Message]:
        """The last messages, ascending."""
        return self._page("conversation_id = ?", (conversation_id,), "DESC", limit)

    def list_before(self, conversation_id: ConversationId, before: Message, limit: int) -> list[Message]:
        """The messages just before one, ascending."""
        return self._page("conversation_id = ? AND (time, id) < (?, ?)", _key(conversation_id, before), "DESC", limit)

    def list_after(self, conversation_id: ConversationId, after: Message, limit: int) -> list[Message]:
        """The messages just after one, ascending."""
        return self._page("conversation_id = ? AND (time, id) > (?, ?)", _key(conversation_id, after), "ASC", limit)

    def remove_message(self, message_id: MessageId) -> None:
        """Remove a message and its row in the outbox."""
        self._database.execute("DELETE FROM message WHERE id = ?", (message_id,))

    def _page(self, condition: str, parameters: tuple[object, ...], direction: str, limit: int) -> list[Message]:
        rows = self._database.rows(
            f"SELECT {COLUMNS} FROM message WHERE {condition} ORDER BY time {direction}, id {direction} LIMIT ?",
            (*parameters, limit),
        )
        messages = [to_message(row) for row in rows]
        return messages if direction == "ASC" else messages[::-1]


def _key(conversation_id: ConversationId, message: Message) -> tuple[object, ...]:
    return conversation_id, from_time(message.time), message.id


def _order(message: Message) -> tuple[object, ...]:
    return message.time, message.id


def _present(row: Row | None) -> Row:
    if row is None:
        raise LookupError("the message is gone")
    return row


def to_message(row: Row) -> Message:
    """A message from a row of ``COLUMNS``."""
    message_id, account_id, conversation_id, direction, sender, body, time, state, wire_id, error, *changed = row
    edited, retracted = changed
    return Message(
        MessageId(message_id),
        AccountId(account_id),
        ConversationId(conversation_id),
        Direction(direction),
        to_jid(sender),
        body,
        to_time(time),
        DeliveryState(state),
        wire_id,
        error,
        bool(edited),
        bool(retracted),
    )
