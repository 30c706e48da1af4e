"""What is moved into the archive's order takes along what stood after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from whimbrel.core.bus import Bus
from whimbrel.features.archive.order import Order
from whimbrel.model.account import ConnectionSettings
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Direction, NewMessage, Reference, ReferenceKind
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.archive import ArchiveStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore

ME, ALICE = JID.parse("me@example.org"), JID.parse("alice@example.net")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_what_was_sent_just_now_follows_what_is_moved(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "history.db", None)
    archives, messages, conversations = ArchiveStore(database), MessageStore(database), ConversationStore(database)
    account = AccountStore(database).add_account(ME, ConnectionSettings(), True)
    conversation = conversations.get_conversation(account.id, ALICE)
    for body, seconds in (("theirs", 9), ("ours, archived", 3), ("ours, next", 5), ("ours, last", 20)):
        given = (Reference(ReferenceKind.STANZA, ME, body),)
        time = NOON + timedelta(seconds=seconds)
        new = NewMessage(account.id, conversation.id, Direction.OUT, ME, body, time, DeliveryState.SENT, body, given)
        messages.add_message(new)
    archives.set_rank(account.id, ME, "theirs", 1)
    archives.set_rank(account.id, ME, "ours, archived", 2)
    Order(Bus(lambda error: None), archives, messages, conversations).straighten(conversation.id, 1, 2)
    bodies = [message.body for message in messages.list_latest(conversation.id, 9)]
    assert bodies == ["theirs", "ours, archived", "ours, next", "ours, last"]
    database.close()


def test_what_follows_keeps_its_own_order(tmp_path: Path) -> None:
    """Also where it is moved to where others of its kind stand already."""
    database = Database.open(tmp_path / "history.db", None)
    archives, messages, conversations = ArchiveStore(database), MessageStore(database), ConversationStore(database)
    account = AccountStore(database).add_account(ME, ConnectionSettings(), True)
    conversation = conversations.get_conversation(account.id, ALICE)
    ours = [(f"ours {number:02}", 4 + number) for number in range(60)]
    for body, microseconds in (("theirs", 30), ("ours, archived", 3), *ours):
        given = (Reference(ReferenceKind.STANZA, ME, body),)
        time = NOON + timedelta(microseconds=microseconds)
        new = NewMessage(account.id, conversation.id, Direction.OUT, ME, body, time, DeliveryState.SENT, body, given)
        messages.add_message(new)
    archives.set_rank(account.id, ME, "theirs", 1)
    archives.set_rank(account.id, ME, "ours, archived", 2)
    Order(Bus(lambda error: None), archives, messages, conversations).straighten(conversation.id, 1, 2)
    bodies = [message.body for message in messages.list_latest(conversation.id, 99) if message.body != "theirs"]
    assert bodies == ["ours, archived", *(body for body, _ in ours)]
    database.close()
