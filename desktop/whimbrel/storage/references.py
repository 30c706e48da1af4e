"""The ids by which others speak of messages: one table for all kinds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import ConversationId
from whimbrel.model.message import MessageId, Reference, ReferenceKind
from whimbrel.storage.columns import to_jid
from whimbrel.storage.database import Database


@dataclass(frozen=True, slots=True)
class Bearer:
    """A message of a conversation, and an id that it bears."""

    reference: Reference
    message_id: MessageId
    conversation_id: ConversationId


class ReferenceStore:
    """The table ``reference``. Its methods raise KnownError as :meth:`Database.transaction` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, account_id: AccountId, message_id: MessageId, references: Sequence[Reference], rank: int | None = None
    ) -> None:
        """Note ids of a message; those that are noted already stay. An empty one is none.

        Args:
            rank: the place in the archive, where one of the ids is the archive's.
        """
        rows = [
            (
                account_id,
                reference.kind.value,
                str(reference.scope),
                reference.value,
                message_id,
                rank if reference.kind is ReferenceKind.STANZA else None,
            )
            for reference in references
            if reference.value
        ]
        if rows:
            self._database.execute(
                "INSERT OR IGNORE INTO reference (account_id, kind, scope, value, message_id, rank)"
                f" VALUES {', '.join(['(?, ?, ?, ?, ?, ?)'] * len(rows))}",
                [column for row in rows for column in row],
            )

    def find_bearers(
        self, account_id: AccountId, kinds: Collection[ReferenceKind], values: Collection[str]
    ) -> list[Bearer]:
        """Which messages bear ids of these kinds, whoever gave them."""
        rows = self._database.rows(
            "SELECT kind, scope, value, message_id, conversation_id FROM reference JOIN message"
            f" ON message.id = message_id WHERE reference.account_id = ? AND value IN ({', '.join('?' * len(values))})"
            f" AND kind IN ({', '.join('?' * len(kinds))})",
            (account_id, *values, *(kind.value for kind in kinds)),
        )
        return [
            Bearer(
                Reference(ReferenceKind(kind), to_jid(scope), value), MessageId(message), ConversationId(conversation)
            )
            for kind, scope, value, message, conversation in rows
        ]

    def is_known(self, account_id: AccountId, value: str) -> bool:
        """Whether any message bears an id that its sender gave it."""
        row = self._database.row(
            "SELECT 1 FROM reference WHERE account_id = ? AND value = ? AND kind IN ('origin', 'wire') LIMIT 1",
            (account_id, value),
        )
        return row is not None

    def find_public_id(self, message_id: MessageId) -> str:
        """The id by which both sides of a conversation know a message: its origin-id, else its stanza's; "" for none.

        XEP-0461 section 4.1, XEP-0444 section 4.2.
        """
        row = self._database.row(
            "SELECT value FROM reference WHERE message_id = ? AND kind IN ('origin', 'wire') ORDER BY kind LIMIT 1",
            (message_id,),
        )
        return row[0] if row else ""
