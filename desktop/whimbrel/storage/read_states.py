"""What was read on which device (XEP-0490): what one's own was, and what the others' was that is not here yet."""

from __future__ import annotations

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import MessageId
from whimbrel.storage.columns import to_jid
from whimbrel.storage.database import Database

_LOOKED_AT = 100
"""How many of the last messages that were read are looked at for one with an id of our archive."""


class ReadStateStore:
    """The table ``read_elsewhere``, and positions as ids of our archive.

    Its methods raise KnownError as :meth:`Database.transaction` does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def set_awaited(self, account_id: AccountId, jid: JID, stanza_id: str) -> None:
        """A conversation was read elsewhere up to a message that is not here yet; replaces what was awaited before."""
        self._database.execute(
            "INSERT INTO read_elsewhere (account_id, jid, stanza_id) VALUES (?, ?, ?)"
            " ON CONFLICT (account_id, jid) DO UPDATE SET stanza_id = excluded.stanza_id",
            (account_id, str(jid), stanza_id),
        )

    def take_awaited(self, account_id: AccountId, jid: JID, stanza_id: str) -> bool:
        """A message came that may have been awaited: then it is no more. Returns whether it was."""
        taken = self._database.rows(
            "DELETE FROM read_elsewhere WHERE account_id = ? AND jid = ? AND stanza_id = ? RETURNING 1",
            (account_id, str(jid), stanza_id),
        )
        return bool(taken)

    def list_awaited(self) -> list[tuple[AccountId, JID, str]]:
        """All that is awaited: account, address of the conversation, the message's id in our archive."""
        rows = self._database.rows("SELECT account_id, jid, stanza_id FROM read_elsewhere ORDER BY account_id, jid")
        return [(AccountId(account_id), to_jid(jid), stanza_id) for account_id, jid, stanza_id in rows]

    def find_message(self, account_id: AccountId, jid: JID, stanza_id: str) -> MessageId | None:
        """The message of a conversation that bears an id of our own archive."""
        row = self._database.row(
            "SELECT message.id FROM reference JOIN account ON account.id = reference.account_id"
            " AND account.jid = reference.scope JOIN message ON message.id = message_id"
            " JOIN conversation ON conversation.id = conversation_id"
            " WHERE reference.account_id = ? AND value = ? AND kind = 'stanza' AND conversation.jid = ? LIMIT 1",
            (account_id, stanza_id, str(jid)),
        )
        return MessageId(row[0]) if row else None

    def find_position(self, conversation_id: ConversationId) -> str:
        """The archive's id of the last message of theirs that was read and has one; "" where none has."""
        row = self._database.row(
            "SELECT value FROM (SELECT message.id, time, message.account_id FROM conversation JOIN message"
            " ON conversation_id = conversation.id AND direction = 'in' AND (time, message.id) <= (read_time, read_id)"
            " WHERE conversation.id = ? ORDER BY time DESC, message.id DESC LIMIT ?) AS was_read"
            " JOIN account ON account.id = was_read.account_id JOIN reference ON reference.message_id = was_read.id"
            " AND kind = 'stanza' AND scope = account.jid ORDER BY time DESC, was_read.id DESC LIMIT 1",
            (conversation_id, _LOOKED_AT),
        )
        return str(row[0]) if row else ""
