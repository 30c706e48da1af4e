"""A history on disk and somebody in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from whimbrel.model.account import Account, ConnectionSettings
from whimbrel.model.conversation import Conversation
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Direction, Message, NewMessage
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = bytes(range(32))


@dataclass(frozen=True)
class History:
    """An open history with one account and one conversation."""

    database: Database
    account: Account
    conversation: Conversation

    @staticmethod
    def create(path: Path, key: bytes | None = None) -> "History":
        """A new one."""
        database = Database.open(path, key)
        account = AccountStore(database).add_account(JID.parse("romeo@montague.example"), ConnectionSettings(), True)
        juliet = JID.parse("juliet@capulet.example")
        return History(database, account, ConversationStore(database).get_conversation(account.id, juliet))

    def message(self, body: str = "hello", second: float = 0, **changes: object) -> NewMessage:
        """An incoming message, some seconds after noon."""
        values: dict[str, object] = {
            "account_id": self.account.id,
            "conversation_id": self.conversation.id,
            "direction": Direction.IN,
            "sender": JID.parse("juliet@capulet.example/balcony"),
            "body": body,
            "time": NOON + timedelta(seconds=second),
            "state": DeliveryState.RECEIVED,
        }
        return NewMessage(**{**values, **changes})  # type: ignore[arg-type]  # checked by who reads the test

    def add(self, body: str = "hello", second: float = 0, **changes: object) -> Message:
        """Store such a message."""
        return MessageStore(self.database).add_message(self.message(body, second, **changes))

    def bodies(self) -> list[str]:
        """What is in the conversation."""
        return [message.body for message in MessageStore(self.database).list_latest(self.conversation.id, 1000)]


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """An open, plain one."""
    history = History.create(tmp_path / "data" / "history.db")
    yield history
    history.database.close()
