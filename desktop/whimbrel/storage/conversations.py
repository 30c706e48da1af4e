"""The conversations: what the list of chats shows, and what was read of each."""

from __future__ import annotations

from datetime import datetime

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import Message, MessageId
from whimbrel.storage.columns import from_time, to_jid, to_time
from whimbrel.storage.database import Database, Row

_COLUMNS = (
    "id, account_id, jid, unread, last_time,"
    # what says nothing but a file's address is shown by the file's name
    " coalesce((SELECT nullif(name, '') FROM attachment JOIN message ON message.id = message_id"
    " WHERE preview LIKE 'http%' AND substr(url, 1, 200) = preview AND conversation_id = conversation.id LIMIT 1),"
    " preview), preview_outgoing, pinned,"
    " (SELECT count(*) FROM message WHERE conversation_id = conversation.id AND state = 'failed'),"
    " coalesce((SELECT substr(body, 1, 400) FROM draft WHERE conversation_id = conversation.id),"
    " (SELECT substr(body, 1, 400) FROM draft_message WHERE conversation_id = conversation.id AND purpose = 'edit'),"
    " (SELECT name FROM draft_file WHERE conversation_id = conversation.id ORDER BY position LIMIT 1)),"
    " muted_until, archived,"
    " marked_unread"
)
_LONGEST_DRAFT = 200  # characters that the list knows


class ConversationStore:
    """The table ``conversation``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_conversations(self) -> list[Conversation]:
        """All of them: pinned ones first, then the latest activity; those without a message at the end, newest first.

        There is one for every address that wrote, was written to, or was opened.
        """
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM conversation ORDER BY pinned DESC, last_time DESC NULLS LAST, id DESC"
        )
        return [_conversation(row) for row in rows]

    def find_conversation(self, conversation_id: ConversationId) -> Conversation | None:
        """One conversation."""
        row = self._database.row(f"SELECT {_COLUMNS} FROM conversation WHERE id = ?", (conversation_id,))
        return _conversation(row) if row else None

    def get_conversation(self, account_id: AccountId, jid: JID) -> Conversation:
        """The conversation with an address, made where there is none."""
        key = (account_id, str(jid.bare))
        found = self._database.row(f"SELECT {_COLUMNS} FROM conversation WHERE account_id = ? AND jid = ?", key)
        if found is None:
            cursor = self._database.execute("INSERT INTO conversation (account_id, jid) VALUES (?, ?)", key)
            return Conversation(ConversationId(cursor.lastrowid), account_id, jid.bare)
        return _conversation(found)

    def was_written_to(self, account_id: AccountId, jid: JID) -> bool:
        """Whether one of the first or last messages (1,000 each) with an address is the person's own.

        Of those that are here: of others ``storage/deletion.py`` knows. The first count too: who was asked once and
        answers for years does not become a stranger by that.
        """
        which = "(SELECT id FROM conversation WHERE account_id = ?1 AND jid = ?2)"
        said = f"SELECT direction FROM message WHERE conversation_id = {which} ORDER BY time {{0}}, id {{0}} LIMIT 1000"
        parts = " UNION ALL ".join(f"SELECT * FROM ({said.format(order)})" for order in ("DESC", "ASC"))
        row = self._database.row(
            f"SELECT 1 FROM ({parts}) WHERE direction = 'out' LIMIT 1", (account_id, str(jid.bare))
        )
        return row is not None

    def set_unread(self, conversation_id: ConversationId, count: int) -> None:
        """Write the number of unread messages; with 0, everything up to the last message is read."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE conversation SET unread = ?, marked_unread = 0 WHERE id = ?", (count, conversation_id)
            )
            if count == 0:
                self._database.execute(
                    "UPDATE conversation SET (read_time, read_id) = (last.time, last.id) FROM (SELECT time, id"
                    " FROM message WHERE conversation_id = ? ORDER BY time DESC, id DESC LIMIT 1) AS last"
                    " WHERE conversation.id = ?",
                    (conversation_id, conversation_id),
                )

    def add_unread(self, conversation_id: ConversationId, message: Message) -> bool:
        """One more unread message, unless it lies before the last one that was read. Returns whether it counts."""
        changed = self._database.rows(
            "UPDATE conversation SET unread = unread + 1 WHERE id = ? AND (read_time, read_id) < (?, ?) RETURNING 1",
            (conversation_id, from_time(message.time), message.id),
        )
        return bool(changed)

    def move_read_position(self, conversation_id: ConversationId, message: Message) -> int | None:
        """All up to a message is read. Returns how many are not; None where as much was read before."""
        row = self._database.row(
            "UPDATE conversation SET read_time = ?1, read_id = ?2, marked_unread = 0,"
            " unread = CASE unread WHEN 0 THEN 0 ELSE (SELECT count(*) FROM message"
            " WHERE conversation_id = ?3 AND direction = 'in' AND (time, id) > (?1, ?2)) END"
            " WHERE id = ?3 AND (read_time, read_id) < (?1, ?2) RETURNING unread",
            (from_time(message.time), message.id, conversation_id),
        )
        return row[0] if row else None

    def read_position(self, conversation_id: ConversationId) -> tuple[datetime, MessageId]:
        """The last message that was read, as its place in the order of the conversation."""
        row = self._database.row("SELECT read_time, read_id FROM conversation WHERE id = ?", (conversation_id,))
        return (to_time(row[0]), MessageId(row[1])) if row else (to_time(0), MessageId(0))

    def set_newest(self, conversation: Conversation, read: Message | None) -> None:
        """Write what the list shows of a conversation, and how many messages are unread.

        Args:
            read: the last message, where something was read that was not before.
        """
        last = conversation.last_activity
        self._database.execute(
            "UPDATE conversation SET last_time = ?, preview = ?, preview_outgoing = ?, unread = ?,"
            " read_time = coalesce(?, read_time), read_id = coalesce(?, read_id), archived = ?, marked_unread = ?"
            " WHERE id = ?",
            (
                None if last is None else from_time(last),
                conversation.preview,
                conversation.preview_outgoing,
                conversation.unread,
                None if read is None else from_time(read.time),
                None if read is None else read.id,
                conversation.archived,
                conversation.marked_unread,
                conversation.id,
            ),
        )

    def recount_unread(self, conversation_id: ConversationId) -> None:
        """Messages went away: what is gone is not unread any more."""
        self._database.execute(
            "UPDATE conversation SET unread = min(unread, (SELECT count(*) FROM message WHERE conversation_id = ?1"
            " AND direction = 'in' AND (time, id) > (read_time, read_id))) WHERE id = ?1 AND unread > 0",
            (conversation_id,),
        )

    def first_unread(self, conversation_id: ConversationId) -> MessageId | None:
        """The first message of theirs after the last one that was read; None where all is read."""
        row = self._database.row(
            "SELECT message.id FROM conversation JOIN message ON message.conversation_id = conversation.id"
            " WHERE conversation.id = ? AND unread > 0 AND direction = 'in'"
            " AND (message.time, message.id) > (read_time, read_id) ORDER BY message.time, message.id LIMIT 1",
            (conversation_id,),
        )
        return MessageId(row[0]) if row else None

    def set_last_message(
        self, conversation_id: ConversationId, time: datetime | None, preview: str, outgoing: bool
    ) -> None:
        """Write what the list shows of the last message. ``time`` None: there is none any more."""
        self._database.execute(
            "UPDATE conversation SET last_time = ?, preview = ?, preview_outgoing = ? WHERE id = ?",
            (None if time is None else from_time(time), preview, outgoing, conversation_id),
        )

    def set_pinned(self, conversation_id: ConversationId, pinned: bool) -> None:
        """Keep a conversation at the top of the list, or no longer."""
        self._database.execute("UPDATE conversation SET pinned = ? WHERE id = ?", (pinned, conversation_id))

    def set_muted(self, conversation_id: ConversationId, until: datetime | None) -> None:
        """Keep a conversation quiet until a moment (aware); None: no longer."""
        value = None if until is None else from_time(until)
        self._database.execute("UPDATE conversation SET muted_until = ? WHERE id = ?", (value, conversation_id))

    def set_archived(self, conversation_id: ConversationId, archived: bool) -> None:
        """Put a conversation away, or bring it back."""
        self._database.execute("UPDATE conversation SET archived = ? WHERE id = ?", (archived, conversation_id))

    def bring_back(self, conversation_id: ConversationId, now: datetime) -> None:
        """Something new is in a conversation: it is not put away any more, unless it is muted at this moment."""
        self._database.execute(
            "UPDATE conversation SET archived = 0 WHERE id = ? AND archived AND coalesce(muted_until, 0) <= ?",
            (conversation_id, from_time(now)),
        )

    def mark_unread(self, conversation_id: ConversationId, marked: bool) -> None:
        """Note that the person wants to come back to a conversation, or was there."""
        self._database.execute("UPDATE conversation SET marked_unread = ? WHERE id = ?", (marked, conversation_id))


def _conversation(row: Row) -> Conversation:
    conversation_id, account_id, jid, unread, last_time, preview, outgoing, pinned, failed, draft, muted, *flags = row
    archived, marked_unread = flags
    return Conversation(
        ConversationId(conversation_id),
        AccountId(account_id),
        to_jid(jid),
        unread,
        None if last_time is None else to_time(last_time),
        preview,
        bool(outgoing),
        bool(pinned),
        failed,
        draft=" ".join(draft.split())[:_LONGEST_DRAFT] if draft else "",
        muted_until=None if muted is None else to_time(muted),
        archived=bool(archived),
        marked_unread=bool(marked_unread),
    )
