"""Which messages answer which. What a reply names is looked up when it is read: it may come later, or never."""

from __future__ import annotations

from collections.abc import Collection

from whimbrel.model.conversation import ConversationId
from whimbrel.model.message import MessageId
from whimbrel.model.reply import NewReply, Quote
from whimbrel.storage.columns import to_jid
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore

_NAMED = "reference.kind IN ('origin', 'wire')"
"""The ids by which the other party of a conversation names messages (XEP-0461 section 4.1)."""

_ANSWERED = (
    "SELECT original.id FROM (SELECT reference.message_id AS id FROM reference"
    f" WHERE reference.account_id = message.account_id AND value = answers AND {_NAMED}"
    " ORDER BY reference.message_id DESC LIMIT 200) AS named"  # whoever gives all messages one id costs no time
    " CROSS JOIN message AS original ON original.id = named.id"
    " WHERE original.conversation_id = message.conversation_id AND original.id <> message.id ORDER BY author <> ''"
    " AND substr(original.sender || '/', 1, length(author) + 1) = author || '/' DESC, original.id DESC LIMIT 1"
)


class ReplyStore:
    """The table ``reply``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._messages = MessageStore(database)

    def add(self, reply: NewReply) -> None:
        """Note what a message answers."""
        self._database.execute(
            "INSERT OR REPLACE INTO reply (message_id, answers, author, quoted) VALUES (?, ?, ?, ?)",
            (reply.message_id, reply.answers, str(reply.author or ""), reply.quoted),
        )

    def find_reply(self, message_id: MessageId) -> NewReply | None:
        """What a message answers; None where it is no reply."""
        row = self._database.row(
            "SELECT message_id, answers, author, quoted FROM reply WHERE message_id = ?", (message_id,)
        )
        if row is None:
            return None
        return NewReply(MessageId(row[0]), row[1], to_jid(row[2]) if row[2] else None, row[3])

    def list_quotes(self, message_ids: Collection[MessageId]) -> dict[MessageId, Quote]:
        """What those of these messages that are replies answer.

        An id counts within the conversation only. Of several messages that bear it, the one by the author who is told
        is meant, else the last.
        """
        found: dict[MessageId, tuple[MessageId | None, str]] = {}
        for message_id, quoted, original in self._database.rows_among(
            f"SELECT reply.message_id, quoted, ({_ANSWERED}) FROM reply"
            " JOIN message ON message.id = reply.message_id WHERE reply.message_id IN ({ids})",
            message_ids,
        ):
            found[MessageId(message_id)] = (None if original is None else MessageId(original), quoted)
        return {
            message_id: Quote(None if original is None else self._messages.find_message(original), quoted)
            for message_id, (original, quoted) in found.items()
        }

    def list_answering(self, message_id: MessageId) -> frozenset[MessageId]:
        """The replies to a message, in its conversation."""
        rows = self._database.rows(
            "SELECT reply.message_id FROM message AS original"
            f" CROSS JOIN reference ON reference.message_id = original.id AND {_NAMED}"
            " CROSS JOIN reply ON answers = value CROSS JOIN message ON message.id = reply.message_id"
            " AND message.conversation_id = original.conversation_id"
            " WHERE original.id = ?",
            (message_id,),
        )
        return frozenset(MessageId(row[0]) for row in rows)

    def list_naming(self, conversation_id: ConversationId, values: Collection[str]) -> frozenset[MessageId]:
        """The replies of a conversation that name one of these ids as what they answer."""
        wanted = [value for value in values if value]
        if not wanted:
            return frozenset()
        rows = self._database.rows(
            "SELECT message_id FROM reply CROSS JOIN message ON message.id = message_id"  # by the id, not by the page
            f" WHERE answers IN ({', '.join('?' * len(wanted))}) AND conversation_id = ?",
            (*wanted, conversation_id),
        )
        return frozenset(MessageId(row[0]) for row in rows)
