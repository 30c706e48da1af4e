"""Migrations are only ever added: fresh equals migrated, old files open, newer ones are refused."""

import shutil
from pathlib import Path

import pytest

from tests.golden.make import JULIET, RANGE, ROMEO, SESSION, SETTINGS, TIME
from whimbrel.model.account import Account, AccountId
from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.message import DeliveryState, Reference, ReferenceKind
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.archive import ArchiveStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.drafts import DraftStore
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.outbox import OutboxStore
from whimbrel.storage.references import Bearer, ReferenceStore
from whimbrel.storage.requests import RequestStore
from whimbrel.storage.roster import RosterStore
from whimbrel.storage.schema import list_migrations
from whimbrel.storage.sessions import SessionStore

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("schema-*.db"))


def schema_of(database: Database) -> list[tuple[object, ...]]:
    return database.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name")


@pytest.fixture(params=GOLDEN, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the history that a released version wrote."""
    return Path(shutil.copy(request.param, tmp_path / "history.db"))


def test_every_released_schema_has_its_file() -> None:
    assert [path.stem for path in GOLDEN] == [f"schema-{number}" for number in range(1, len(list_migrations()) + 1)]


def test_migrated_equals_fresh(old: Path, tmp_path: Path) -> None:
    migrated, fresh = Database.open(old, None), Database.open(tmp_path / "fresh" / "history.db", None)
    assert schema_of(migrated) == schema_of(fresh)
    assert migrated.row("PRAGMA user_version") == fresh.row("PRAGMA user_version") == (len(list_migrations()),)
    assert migrated.rows("PRAGMA foreign_key_check") == []
    migrated.close()
    fresh.close()


def test_what_a_released_version_wrote_is_read(old: Path) -> None:
    database = Database.open(old, None)
    account = Account(AccountId(1), ROMEO, SETTINGS, remember_password=False)
    assert AccountStore(database).list_accounts() == [account]
    assert RosterStore(database).version(account.id) == "ver7"
    assert RosterStore(database).list_contacts(account.id) == [
        Contact(account.id, JULIET, "Juliet", frozenset({"Friends", "美"}), Subscription.BOTH)
    ]
    assert [(request.nick, request.received) for request in RequestStore(database).list_requests()] == [("Paris", TIME)]
    (conversation,) = ConversationStore(database).list_conversations()
    assert (conversation.jid, conversation.unread, conversation.pinned) == (JULIET, 1, True)
    messages = MessageStore(database).list_latest(conversation.id, 10)
    assert [(message.body, message.time) for message in messages] == [
        ("Wherefore?", TIME),
        ("I take thee\nat thy word", TIME),
    ]
    assert ConversationStore(database).first_unread(conversation.id) == messages[0].id
    assert messages[1].state is DeliveryState.QUEUED
    references = ReferenceStore(database)
    for reference in (Reference(ReferenceKind.ORIGIN, JULIET, "o1"), Reference(ReferenceKind.STANZA, ROMEO, "s1")):
        (bearer,) = references.find_bearers(account.id, {reference.kind}, {reference.value})
        assert bearer == Bearer(reference, messages[0].id, conversation.id)
    assert [row.message_id for row in OutboxStore(database).list_pending(account.id)] == [messages[1].id]
    assert DraftStore(database).find_draft(conversation.id) == "Call me but"
    database.close()


def test_what_is_needed_to_go_on_is_read(tmp_path: Path) -> None:
    database = Database.open(Path(shutil.copy(GOLDEN[1], tmp_path / "history.db")), None)
    assert SessionStore(database).find_session(AccountId(1)) == SESSION
    assert ArchiveStore(database).list_ranges(AccountId(1), ROMEO) == [RANGE]
    database.close()


def test_a_newer_schema_is_refused_and_left_alone(old: Path) -> None:
    database = Database.open(old, None)
    database.execute("PRAGMA user_version = 9999")
    database.close()
    before = old.read_bytes()
    with pytest.raises(KnownError) as caught:
        Database.open(old, None)
    assert caught.value.kind is ErrorKind.DATABASE_NEWER
    assert old.read_bytes() == before


def test_a_migration_that_fails_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "history.db"
    Database.open(path, None).close()
    broken = (*list_migrations(), "CREATE TABLE half (id INTEGER); SELECT nonsense FROM nowhere;")
    monkeypatch.setattr("whimbrel.storage.schema.list_migrations", lambda: broken)
    with pytest.raises(Exception, match="nowhere"):
        Database.open(path, None)
    monkeypatch.undo()
    database = Database.open(path, None)
    assert database.row("SELECT 1 FROM sqlite_schema WHERE name = 'half'") is None
    database.close()
