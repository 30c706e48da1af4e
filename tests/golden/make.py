"""Writes ``schema-N.db`` for the present schema: run once for each released one, never over an older file.

``python -m tests.golden.make`` from the top of the tree, with ``desktop`` on PYTHONPATH.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from whimbrel.model.account import ConnectionSettings, Security
from whimbrel.model.archive import ArchiveRange, Point
from whimbrel.model.contact import Contact, ContactRequest, Subscription
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Direction, NewMessage, Reference, ReferenceKind
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.stream import ResumableSession
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.archive import ArchiveStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.drafts import DraftStore
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.outbox import OutboxStore
from whimbrel.storage.requests import RequestStore
from whimbrel.storage.roster import RosterStore
from whimbrel.storage.schema import list_migrations
from whimbrel.storage.sessions import SessionStore

TIME = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
ROMEO = JID.parse("romeo@montague.example")
JULIET = JID.parse("juliet@capulet.example")
SESSION = ResumableSession("session 7", ROMEO.with_resource("garden"), "xmpp.montague.example:5223", 42)
RANGE = ArchiveRange(Point("a1", TIME), Point("a9", TIME + timedelta(hours=1)), TIME, TIME, reaches_start=True)
SETTINGS = ConnectionSettings("xmpp.montague.example", 5223, Security.DIRECT_TLS, "garden")


def fill(database: Database) -> None:
    """A little of everything that the schema can hold."""
    account = AccountStore(database).add_account(ROMEO, SETTINGS, False)
    juliet = Contact(account.id, JULIET, "Juliet", frozenset({"Friends", "美"}), Subscription.BOTH)
    RosterStore(database).replace(account.id, [juliet], "ver7")
    paris = JID.parse("paris@verona.example")
    RequestStore(database).add_request(ContactRequest(account.id, paris, "May I?", "Paris", TIME))
    conversations = ConversationStore(database)
    conversation = conversations.get_conversation(account.id, JULIET)
    incoming = NewMessage(
        account.id,
        conversation.id,
        Direction.IN,
        JULIET,
        "Wherefore?",
        TIME,
        DeliveryState.RECEIVED,
        "w1",
        (Reference(ReferenceKind.ORIGIN, JULIET, "o1"), Reference(ReferenceKind.STANZA, ROMEO, "s1")),
    )
    outgoing = NewMessage(
        account.id, conversation.id, Direction.OUT, ROMEO, "I take thee\nat thy word", TIME, DeliveryState.QUEUED, "w2"
    )
    messages = MessageStore(database)
    messages.add_message(incoming)
    waiting = messages.add_message(outgoing)
    OutboxStore(database).add(account.id, OutboxKind.MESSAGE, "w2", str(JULIET), {"wire_id": "w2"}, waiting.id)
    conversations.set_unread(conversation.id, 1)
    conversations.set_last_message(conversation.id, TIME, "I take thee", True)
    conversations.set_pinned(conversation.id, True)
    DraftStore(database).set_draft(conversation.id, "Call me but")
    SessionStore(database).set_session(account.id, SESSION)
    ArchiveStore(database).set_ranges(account.id, ROMEO, None, [RANGE])


def main() -> None:
    """Write the file, which must not be there."""
    path = Path(__file__).with_name(f"schema-{len(list_migrations())}.db")
    if path.exists():
        raise SystemExit(f"{path.name} is there: released schemas do not change")
    database = Database.open(path, None)
    fill(database)
    database.close()
    path.with_name(path.name + ".lock").unlink()


if __name__ == "__main__":
    main()
