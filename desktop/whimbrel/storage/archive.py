"""What is here of archives (XEP-0313), as ranges without a hole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from whimbrel.model.account import AccountId
from whimbrel.model.archive import ArchiveRange, Point
from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import MessageId
from whimbrel.storage.columns import from_time, to_time
from whimbrel.storage.database import Database, Row

_COLUMNS = "first_id, first_time, first_rank, last_id, last_time, last_rank, last_stamp, first_stamp, reaches_start"
_OF = "account_id = ? AND archive = ? AND peer = ?"
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # what came live says nothing of the archive's clock
_SAID_WITH = "conversation_id = (SELECT id FROM conversation WHERE account_id = ? AND jid = ?)"


class ArchiveStore:
    """The table ``archive_range``. Its methods raise KnownError as :meth:`Database.transaction` does.

    ``peer`` None: ranges of the whole archive; else of what was said with that bare address.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_ranges(self, account_id: AccountId, archive: JID, peer: JID | None = None) -> list[ArchiveRange]:
        """The ranges, oldest first."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM archive_range WHERE {_OF} ORDER BY first_time", _key(account_id, archive, peer)
        )
        return [_range(row) for row in rows]

    def set_ranges(self, account_id: AccountId, archive: JID, peer: JID | None, ranges: Sequence[ArchiveRange]) -> None:
        """Put ranges in the place of those that are known."""
        key = _key(account_id, archive, peer)
        with self._database.transaction():
            self._database.execute(f"DELETE FROM archive_range WHERE {_OF}", key)
            for one in ranges:
                self._database.execute(
                    f"INSERT INTO archive_range (account_id, archive, peer, {_COLUMNS})"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (*key, *_values(one)),
                )

    def extend(self, account_id: AccountId, archive: JID, last: Point) -> None:
        """The newest range of the whole archive reaches to ``last`` now. Its time never goes back.

        Where there is none the archive was empty: one begins.
        """
        cursor = self._database.execute(
            "UPDATE archive_range SET last_id = ?, last_time = max(?, last_time + 1), last_rank = ? WHERE id ="
            f" (SELECT id FROM archive_range WHERE {_OF} ORDER BY first_time DESC LIMIT 1)",
            (last.id, from_time(last.time), last.rank, *_key(account_id, archive, None)),
        )
        if not cursor.rowcount:
            begun = ArchiveRange(last, last, _ANY_TIME, last.time, reaches_start=True)
            self.set_ranges(account_id, archive, None, [begun])

    def find_oldest(self, account_id: AccountId, archive: JID, part: ConversationId, since: datetime) -> Point | None:
        """The oldest message of a conversation, not before ``since``, that the archive gave an id."""
        row = self._database.row(
            "SELECT value, time FROM message JOIN reference ON message_id = message.id WHERE conversation_id = ?"
            " AND time >= ? AND reference.account_id = ? AND kind = 'stanza' AND scope = ?"
            " ORDER BY time, message.id LIMIT 1",
            (part, from_time(since), account_id, str(archive)),
        )
        return Point(row[0], to_time(row[1])) if row else None

    def has_message_with(self, account_id: AccountId, peer: JID) -> bool:
        """Whether something is here that was said with a bare address."""
        return (
            self._database.row(
                "SELECT 1 FROM conversation WHERE account_id = ? AND jid = ? AND last_time IS NOT NULL",
                (account_id, str(peer)),
            )
            is not None
        )

    def find_first_since(self, account_id: AccountId, peer: str, since: datetime) -> datetime | None:
        """The time of the first message that was said with a bare address, not before ``since``."""
        row = self._database.row(
            f"SELECT min(time) FROM message WHERE {_SAID_WITH} AND time >= ?", (account_id, peer, from_time(since))
        )
        return to_time(row[0]) if row and row[0] is not None else None

    def find_last_until(self, account_id: AccountId, peer: str, until: datetime) -> datetime | None:
        """The time of the last message that was said with a bare address, not after ``until``."""
        row = self._database.row(
            f"SELECT max(time) FROM message WHERE {_SAID_WITH} AND time <= ?", (account_id, peer, from_time(until))
        )
        return to_time(row[0]) if row and row[0] is not None else None

    def set_rank(self, account_id: AccountId, archive: JID, id_: str, rank: int) -> list[ConversationId]:
        """Note the place of a message in the archive; returns its conversation, none where it is not here.

        What the archive has under several ids, having been sent again after a cut, is where it has it first. An id
        that it gave to two messages belongs to both.
        """
        rows = self._database.rows(
            "UPDATE reference SET rank = ? WHERE account_id = ? AND value = ? AND kind = 'stanza' AND scope = ?"
            " RETURNING message_id",
            (rank, account_id, id_, str(archive)),
        )
        return [
            ConversationId(found[0])
            for (message_id,) in rows
            for found in self._database.rows(
                "UPDATE message SET rank = (SELECT min(rank) FROM reference WHERE message_id = message.id)"
                " WHERE id = ? RETURNING conversation_id",
                (message_id,),
            )
        ]

    def find_highest_rank(self, account_id: AccountId) -> int:
        """The highest rank of what is here of an account's archive; 0 where nothing is."""
        row = self._database.row(
            "SELECT max(coalesce((SELECT max(last_rank) FROM archive_range WHERE account_id = ?1), 0),"
            " coalesce((SELECT max((SELECT max(rank) FROM message WHERE conversation_id = conversation.id"
            " AND rank IS NOT NULL)) FROM conversation WHERE account_id = ?1), 0))",
            (account_id,),
        )
        return 0 if row is None else int(row[0])

    def set_message_rank(self, message_id: MessageId, rank: int) -> None:
        """Note the place that a message of ours will have, as far as can be told when it leaves."""
        self._database.execute("UPDATE message SET rank = ? WHERE id = ?", (rank, message_id))

    def find_time_below(self, conversation_id: ConversationId, rank: int) -> datetime | None:
        """The time of the message that the archive has before a rank."""
        row = self._database.row(
            "SELECT time FROM message WHERE conversation_id = ? AND rank < ? ORDER BY rank DESC, id DESC LIMIT 1",
            (conversation_id, rank),
        )
        return to_time(row[0]) if row else None

    def list_ranked(
        self, conversation_id: ConversationId, rank: int, message_id: MessageId, limit: int
    ) -> list[tuple[MessageId, int, datetime]]:
        """Messages in the archive's order, with ranks and times, after a place: a rank and, within it, a message."""
        rows = self._database.rows(
            "SELECT id, rank, time FROM message WHERE conversation_id = ? AND (rank, id) > (?, ?)"
            " ORDER BY rank, id LIMIT ?",
            (conversation_id, rank, message_id, limit),
        )
        return [(MessageId(row[0]), row[1], to_time(row[2])) for row in rows]

    def list_unranked(
        self, conversation_id: ConversationId, time: datetime, message_id: MessageId, limit: int
    ) -> list[tuple[MessageId, datetime]]:
        """Messages without a rank and their times, as they stand, after a place: a time and, at it, a message."""
        rows = self._database.rows(
            "SELECT id, time FROM message WHERE conversation_id = ? AND (time, id) > (?, ?) AND rank IS NULL"
            " ORDER BY time, id LIMIT ?",
            (conversation_id, from_time(time), message_id, limit),
        )
        return [(MessageId(row[0]), to_time(row[1])) for row in rows]

    def find_known(self, account_id: AccountId, archive: JID, id_: str) -> tuple[MessageId, datetime] | None:
        """The message of an archive's id, and the time under which it stands here."""
        row = self._database.row(
            "SELECT message.id, time FROM reference JOIN message ON message.id = message_id"
            " WHERE reference.account_id = ? AND value = ? AND kind = 'stanza' AND scope = ? LIMIT 1",
            (account_id, id_, str(archive)),
        )
        return (MessageId(row[0]), to_time(row[1])) if row else None

    def remove_covered(self, account_id: AccountId, archive: JID) -> None:
        """Forget the ranges of single peers that lie within one of the whole archive."""
        self._database.execute(
            "DELETE FROM archive_range AS part WHERE account_id = ? AND archive = ? AND peer <> '' AND EXISTS"
            " (SELECT 1 FROM archive_range AS whole WHERE whole.account_id = part.account_id"
            " AND whole.archive = part.archive AND whole.peer = ''"
            " AND whole.first_time <= part.first_time AND whole.last_time >= part.last_time)",
            (account_id, str(archive)),
        )


def _key(account_id: AccountId, archive: JID, peer: JID | None) -> tuple[object, ...]:
    return account_id, str(archive), "" if peer is None else str(peer)


def _values(one: ArchiveRange) -> tuple[object, ...]:
    return (
        one.first.id,
        from_time(one.first.time),
        one.first.rank,
        one.last.id,
        from_time(one.last.time),
        one.last.rank,
        from_time(one.stamp),
        from_time(one.first_stamp),
        one.reaches_start,
    )


def _range(row: Row) -> ArchiveRange:
    first_id, first_time, first_rank, last_id, last_time, last_rank, last_stamp, first_stamp, reaches_start = row
    first, last = Point(first_id, to_time(first_time), first_rank), Point(last_id, to_time(last_time), last_rank)
    return ArchiveRange(first, last, to_time(last_stamp), to_time(first_stamp), bool(reaches_start))
