"""What others name is looked up by its id: no query walks through a conversation or an account's messages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from whimbrel.model.account import AccountId
from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import Direction, MessageId
from whimbrel.storage.database import Database, Row
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.reactions import ReactionStore
from whimbrel.storage.references import ReferenceStore
from whimbrel.storage.replies import ReplyStore

BOB = JID.parse("bob@example.org")
WALKS = ("message_by_account", "message_by_time", "SCAN")


def test_ids_of_others_are_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database.open(tmp_path / "history.db", None)
    plans: list[str] = []
    rows = Database.rows

    def explain(self: Database, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        plans.extend(row[3] for row in rows(self, f"EXPLAIN QUERY PLAN {sql}", parameters))
        return rows(self, sql, parameters)

    monkeypatch.setattr(Database, "rows", explain)
    monkeypatch.setattr(
        Database, "row", lambda self, sql, parameters=(): next(iter(explain(self, sql, parameters)), None)
    )
    replies, reactions = ReplyStore(database), ReactionStore(database)
    replies.list_naming(ConversationId(1), {"a", "b"})
    replies.list_answering(MessageId(1))
    replies.list_quotes([MessageId(1), MessageId(2)])
    MessageStore(database).find_said(AccountId(1), BOB, BOB, Direction.IN, "a")
    ReferenceStore(database).is_known(AccountId(1), "a")
    reactions.find_target(AccountId(1), BOB, "a")
    reactions.take_back(AccountId(1), BOB, BOB, "a")
    reactions.list_sets([MessageId(1)])
    assert len(plans) > 15
    bounded = "SCAN named"  # at most 200 of one id
    assert not [plan for plan in plans if plan != bounded and any(walk in plan for walk in WALKS)]
    database.close()
