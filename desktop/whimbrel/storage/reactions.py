"""What was said of messages with emoji: one set each of who said it, the newest."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import MessageId
from whimbrel.model.reaction import ReactionSet
from whimbrel.storage.columns import from_time, to_jid
from whimbrel.storage.database import Database


class ReactionStore:
    """The table ``reaction``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_target(self, account_id: AccountId, peer: JID, value: str) -> tuple[MessageId, ConversationId] | None:
        """The message of the conversation with an address that bears an id, or a correction of which does.

        Of several, the last.
        """
        for named, condition in (
            ("reference", "reference.account_id = ?1 AND value = ?2 AND kind IN ('origin', 'wire')"),
            ("version", "correction_id <> '' AND correction_id = ?2"),
        ):
            row = self._database.row(  # by the id first: of all messages of the account it would be slow
                f"SELECT message.id, conversation_id FROM {named} CROSS JOIN message ON message.id = message_id"
                f" CROSS JOIN conversation ON conversation.id = conversation_id WHERE {condition}"
                " AND message.account_id = ?1 AND conversation.jid = ?3 ORDER BY message.id DESC LIMIT 1",
                (account_id, value, str(peer.bare)),
            )
            if row is not None:
                return MessageId(row[0]), ConversationId(row[1])
        return None

    def put(
        self, message_id: MessageId, said: ReactionSet, time: datetime, wire_id: str, *, ours: bool = False
    ) -> bool:
        """Note a set, unless a newer one of the same sender is here. Returns whether what counts is another now.

        One that is here already takes the time that is told now: an archive knows it better than our clock.

        Args:
            ours: it is said here and now, and the newest whatever clocks say.
        """
        sender = str(said.sender.bare)
        if wire_id and self._database.rows(
            "UPDATE reaction SET time = ? WHERE message_id = ? AND sender = ? AND wire_id = ? RETURNING 1",
            (from_time(time), message_id, sender, wire_id),
        ):
            return False
        emoji = json.dumps(said.emoji, ensure_ascii=False)
        changed = self._database.rows(
            "INSERT INTO reaction (message_id, sender, emoji, time, wire_id, former) VALUES (?, ?, ?, ?, ?, '[]')"
            " ON CONFLICT (message_id, sender) DO UPDATE SET former = emoji, emoji = excluded.emoji,"
            " time = max(excluded.time, time), wire_id = excluded.wire_id WHERE ? OR excluded.time >= time"
            " RETURNING emoji <> former",
            (message_id, sender, emoji, from_time(time), wire_id, ours),
        )
        return bool(changed and changed[0][0])

    def take_back(
        self, account_id: AccountId, own: JID, peer: JID, wire_id: str
    ) -> tuple[MessageId, ConversationId] | None:
        """A set of ours was refused: what was before counts again. Returns of which message."""
        row = self._database.row(  # they change places, so that it can be said again
            "UPDATE reaction SET emoji = former, former = emoji, wire_id = ''"
            " WHERE wire_id = ? AND sender = ? AND message_id IN"
            " (SELECT message.id FROM message JOIN conversation ON conversation.id = conversation_id"
            " WHERE message.account_id = ? AND conversation.jid = ? AND message.id = reaction.message_id)"
            " RETURNING message_id, (SELECT conversation_id FROM message WHERE id = message_id)",
            (wire_id, str(own.bare), account_id, str(peer.bare)),
        )
        return (MessageId(row[0]), ConversationId(row[1])) if row else None

    def find_taken_back(self, message_id: MessageId, sender: JID) -> tuple[str, ...] | None:
        """The set that was refused last; None where none was, or something else was said since."""
        row = self._database.row(
            "SELECT former FROM reaction WHERE message_id = ? AND sender = ? AND wire_id = ''",
            (message_id, str(sender.bare)),
        )
        return tuple(json.loads(row[0])) if row else None

    def find_set(self, message_id: MessageId, sender: JID) -> tuple[str, ...]:
        """What somebody said of a message."""
        row = self._database.row(
            "SELECT emoji FROM reaction WHERE message_id = ? AND sender = ?", (message_id, str(sender.bare))
        )
        return tuple(json.loads(row[0])) if row else ()

    def list_sets(self, message_ids: Collection[MessageId]) -> dict[MessageId, list[ReactionSet]]:
        """What was said of messages, in the order in which it was; those of which nothing was are left out."""
        found: dict[MessageId, list[ReactionSet]] = {}
        for message_id, sender, emoji in self._database.rows_among(
            "SELECT message_id, sender, emoji FROM reaction WHERE message_id IN ({ids})"
            " AND emoji <> '[]' ORDER BY message_id, time, sender",
            message_ids,
        ):
            said = ReactionSet(to_jid(sender), tuple(json.loads(emoji)))
            found.setdefault(MessageId(message_id), []).append(said)
        return found
