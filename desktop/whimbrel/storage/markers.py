"""Displayed markers (XEP-0333): which messages ask for one, and which one means."""

from __future__ import annotations

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import Message, MessageId
from whimbrel.storage.columns import from_time
from whimbrel.storage.database import Database

_ASKING = (
    "FROM markable JOIN message ON message.id = message_id"
    " WHERE markable.conversation_id = ? AND (time, message.id) <= (?, ?)"
)


class MarkerStore:
    """The table ``markable``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_markable(self, message: Message) -> None:
        """An unread message asks to be told of."""
        self._database.execute(
            "INSERT OR IGNORE INTO markable (message_id, conversation_id) VALUES (?, ?)",
            (message.id, message.conversation_id),
        )

    def take_markable(self, conversation_id: ConversationId, up_to: Message) -> str:
        """Forget all that ask, up to a message. Returns the stanza id of the last of them; "" where none asked."""
        place = conversation_id, from_time(up_to.time), up_to.id
        last = self._database.row(f"SELECT wire_id {_ASKING} ORDER BY time DESC, message.id DESC LIMIT 1", place)
        if last is None:
            return ""
        self._database.execute(f"DELETE FROM markable WHERE message_id IN (SELECT message_id {_ASKING})", place)
        return str(last[0])

    def find_incoming(self, account_id: AccountId, jid: JID, wire_id: str) -> MessageId | None:
        """The message from an address that bears a stanza's id, by whichever resource; of several, the last stored."""
        row = self._database.row(
            "SELECT max(message.id) FROM reference JOIN message ON message.id = message_id AND direction = 'in'"
            " JOIN conversation ON conversation.id = conversation_id AND conversation.jid = ?"
            " WHERE reference.account_id = ? AND value = ? AND kind = 'wire'",
            (str(jid), account_id, wire_id),
        )
        return MessageId(row[0]) if row and row[0] is not None else None

    def list_unread_by_them(self, up_to: Message) -> list[MessageId]:
        """Our messages before one of ours that reached their server, and are not known to be read; ascending."""
        rows = self._database.rows(
            "SELECT id FROM message WHERE conversation_id = ? AND direction = 'out' AND state IN ('sent', 'delivered')"
            " AND (time, id) < (?, ?) ORDER BY time, id",
            (up_to.conversation_id, from_time(up_to.time), up_to.id),
        )
        return [MessageId(row[0]) for row in rows]
