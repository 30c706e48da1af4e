"""Removes what was said, in portions: whatever belongs to a message goes with it.

What stays is up to when a person deleted what was said with an address, so that no archive brings it back; and, since
clocks differ, the ids of what was said in the last day before that. And that the person wrote to it, where that was so:
in the same table, as an id that no message has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import Direction, Message, Reference, ReferenceKind
from whimbrel.storage.columns import from_time, to_time
from whimbrel.storage.database import Database
from whimbrel.storage.drafts import DraftStore
from whimbrel.storage.messages import COLUMNS, to_message
from whimbrel.storage.reader import Errand

_END = 2**62  # after all that is said
_SENT = "(direction = 'in' OR state IN ('sent', 'delivered', 'read'))"
_DAY = 86_400_000_000  # microseconds: by so much clocks may differ
_WRITTEN = ("", "written", "")  # value, kind and scope of what tells that the person wrote to an address
_SAME = {ReferenceKind.STANZA: (ReferenceKind.STANZA, ReferenceKind.CLAIMED)}


@dataclass(frozen=True, slots=True)
class Removed:
    """What a portion removed: messages, and the paths of local copies of their files."""

    messages: tuple[Message, ...]
    paths: tuple[str, ...]


class DeletionStore:
    """Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(
        self, conversation_id: ConversationId | None, before: datetime | None, errand: Errand, *, unsent: bool = True
    ) -> int:
        """How many messages would go; counted beside the connection that writes, since that may take long.

        Raises Interrupted where the errand was given up.
        """
        reader = self._database.reader
        with reader.use(errand):
            rows = reader.rows(  # by conversation: so it is counted in the index alone, where all go
                "SELECT count(*) FROM conversation CROSS JOIN message ON conversation_id = conversation.id"
                f" WHERE (?1 IS NULL OR conversation.id = ?1) AND time < ?2{'' if unsent else f' AND {_SENT}'}",
                (conversation_id, _END if before is None else from_time(before)),
            )
        return int(rows[0][0])

    def list_older(self, before: datetime, errand: Errand) -> list[ConversationId]:
        """The conversations in which something was said before a moment; read as :meth:`count` does."""
        reader = self._database.reader
        with reader.use(errand):
            rows = reader.rows(
                "SELECT id FROM conversation"
                " WHERE EXISTS (SELECT 1 FROM message WHERE conversation_id = conversation.id AND time < ?)",
                (from_time(before),),
            )
        return [ConversationId(row[0]) for row in rows]

    def last_id(self) -> int:
        """The id of the message that was stored last."""
        row = self._database.row("SELECT coalesce(max(id), 0) FROM message")
        return row[0] if row else 0

    def remove(
        self, conversation_id: ConversationId, before: datetime | None, up_to: int, most: int, *, unsent: bool = True
    ) -> Removed:
        """Remove the oldest messages of a conversation, at most so many, none that was stored after ``up_to``.

        ``unsent``: also those that wait to be sent, or failed.
        """
        concerned = (conversation_id, _END if before is None else from_time(before), up_to)
        which = "" if unsent else f" AND {_SENT}"
        chosen = f"FROM message WHERE conversation_id = ? AND time < ? AND id <= ?{which} ORDER BY time"
        with self._database.transaction():
            last = self._database.row(f"SELECT time {chosen} DESC, id DESC LIMIT 1", concerned)
            if last is None:
                return Removed((), ())
            rows = self._database.rows(f"SELECT {COLUMNS} {chosen}, id LIMIT ?", (*concerned, most))
            messages = tuple(to_message(row) for row in rows)
            self._note(conversation_id, messages, min(last[0], from_time(datetime.now(UTC))) - _DAY)
            self.note_written(messages)
            ids = [message.id for message in messages]
            marks = ", ".join("?" * len(ids))
            paths = self._database.rows(
                f"SELECT path FROM attachment WHERE message_id IN ({marks}) AND path <> ''", ids
            )
            self._database.execute(f"DELETE FROM message WHERE id IN ({marks})", ids)
        return Removed(messages, tuple(path for (path,) in paths))

    def _note(self, conversation_id: ConversationId, messages: Sequence[Message], until: int) -> None:
        """What goes now does not come back: by its time, and what is newer than ``until`` by its ids."""
        self._note_until(conversation_id, min(until, from_time(messages[-1].time)))
        late = [message.id for message in messages if from_time(message.time) >= until]
        self._database.execute(
            "INSERT OR IGNORE INTO deleted_late (account_id, jid, value, kind, scope)"
            " SELECT conversation.account_id, jid, value, kind, scope FROM reference, conversation"
            f" WHERE message_id IN ({', '.join('?' * len(late))}) AND conversation.id = ?",
            (*late, conversation_id),
        )

    def note_written(self, messages: Sequence[Message]) -> None:
        """Of messages that go: whom the person wrote to is no stranger from then on either."""
        for conversation_id in {one.conversation_id for one in messages if one.direction is Direction.OUT}:
            self._database.execute(
                "INSERT OR IGNORE INTO deleted_late (account_id, jid, value, kind, scope)"
                " SELECT account_id, jid, ?, ?, ? FROM conversation WHERE id = ?",
                (*_WRITTEN, conversation_id),
            )

    def was_written_to(self, account_id: AccountId, jid: JID) -> bool:
        """Whether something that the person wrote to an address was deleted."""
        row = self._database.row(
            "SELECT 1 FROM deleted_late WHERE account_id = ? AND jid = ? AND value = ? AND kind = ? AND scope = ?",
            (account_id, str(jid.bare), *_WRITTEN),
        )
        return row is not None

    def _note_until(self, conversation_id: ConversationId, until: int) -> None:
        self._database.execute(
            "INSERT INTO deleted_until (account_id, jid, until) SELECT account_id, jid, ? FROM conversation"
            " WHERE id = ? ON CONFLICT DO UPDATE SET until = max(until, excluded.until)",
            (until, conversation_id),
        )

    def is_used(self, path: str) -> bool:
        """Whether a local copy belongs to another message too."""
        return self._database.row("SELECT 1 FROM attachment WHERE path = ? AND path <> '' LIMIT 1", (path,)) is not None

    def remove_conversation(self, conversation_id: ConversationId) -> bool:
        """Remove a conversation in which nothing is left, with its draft; returns whether that was so.

        Where a message came meanwhile, the draft goes all the same.
        """
        with self._database.transaction():
            DraftStore(self._database).remove_all(conversation_id)
            self._database.execute(
                "DELETE FROM waiting WHERE id IN (SELECT waiting.id FROM waiting JOIN conversation"
                " ON conversation.account_id = waiting.account_id AND conversation.id = ?"
                " WHERE jid IN (sender, recipient) OR substr(sender, 1, length(jid) + 1) = jid || '/'"
                " OR substr(recipient, 1, length(jid) + 1) = jid || '/')",
                (conversation_id,),
            )
            if self._database.row("SELECT 1 FROM message WHERE conversation_id = ? LIMIT 1", (conversation_id,)):
                return False
            self._keep_deleted(conversation_id)
            removed = self._database.rows("DELETE FROM conversation WHERE id = ? RETURNING id", (conversation_id,))
        return bool(removed)

    def _keep_deleted(self, conversation_id: ConversationId) -> None:
        """What was deleted by itself stays deleted without its conversation."""
        if self._database.row("SELECT 1 FROM deleted WHERE conversation_id = ? LIMIT 1", (conversation_id,)) is None:
            return
        self._note_until(conversation_id, 0)
        self._database.execute(
            "INSERT OR IGNORE INTO deleted_late (account_id, jid, value, kind, scope)"
            " SELECT account_id, jid, value, kind, scope FROM deleted JOIN conversation ON conversation.id = ?1"
            " WHERE conversation_id = ?1",
            (conversation_id,),
        )

    def find_until(self, account_id: AccountId, jid: JID) -> datetime | None:
        """Up to when all that was said with a bare address was deleted; None where nothing was."""
        row = self._database.row(
            "SELECT until FROM deleted_until WHERE account_id = ? AND jid = ?", (account_id, str(jid))
        )
        return to_time(row[0]) if row else None

    def was_deleted(self, account_id: AccountId, jid: JID, references: Sequence[Reference]) -> bool:
        """Whether something that bore one of these ids was deleted shortly before that moment, or by itself."""
        return any(
            self._database.row(
                "SELECT 1 FROM deleted_late WHERE account_id = ? AND jid = ? AND value = ? AND kind = ? AND scope = ?",
                (account_id, str(jid), one.value, kind.value, str(one.scope)),
            )
            is not None
            for one in references
            for kind in _SAME.get(one.kind, (one.kind,))
        )
