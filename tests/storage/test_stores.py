"""The smaller stores: accounts, contacts, requests, conversations, outbox, drafts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlcipher3 import dbapi2

from tests.storage.conftest import NOON, History
from whimbrel.core.standing import Standing
from whimbrel.model.account import AccountId, ConnectionSettings, Security
from whimbrel.model.contact import Contact, ContactRequest, Subscription
from whimbrel.model.jid import JID
from whimbrel.model.message import Direction, Message
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.stream import ResumableSession
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.drafts import DraftStore
from whimbrel.storage.outbox import OutboxStore
from whimbrel.storage.requests import RequestStore
from whimbrel.storage.roster import RosterStore
from whimbrel.storage.sessions import SessionStore

JULIET = JID.parse("juliet@capulet.example")
NURSE = JID.parse("nurse@capulet.example")


def test_accounts_change_and_are_one_per_address(history: History) -> None:
    store = AccountStore(history.database)
    settings = ConnectionSettings("[::1]", 5223, Security.DIRECT_TLS, "gården")
    changed = replace(history.account, settings=settings, remember_password=False, enabled=False)
    store.set_account(changed)
    assert store.list_accounts() == [changed]
    assert store.find_account(changed.id) == store.find_by_jid(changed.jid.with_resource("r")) == changed
    with pytest.raises(dbapi2.IntegrityError):
        store.add_account(changed.jid, settings, True)


def test_an_account_goes_with_all_that_is_its(history: History) -> None:
    database, account = history.database, history.account
    message = history.add()
    RosterStore(database).set_contact(Contact(account.id, JULIET))
    RequestStore(database).add_request(ContactRequest(account.id, NURSE, "", "", NOON))
    OutboxStore(database).add(account.id, OutboxKind.MESSAGE, "k", "lane", {}, message.id)
    DraftStore(database).set_draft(history.conversation.id, "draft")
    AccountStore(database).remove_account(account.id)
    tables = database.rows(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'search_index%' AND name <> 'search_state'"  # those are never empty
    )
    assert len(tables) >= 7
    assert [name for (name,) in tables if database.row(f"SELECT 1 FROM {name}")] == []
    again = AccountStore(database).add_account(account.jid, account.settings, True)
    assert again.id != account.id  # settings may still speak of the old one


def test_a_contact_comes_back_whole(history: History) -> None:
    store, account = RosterStore(history.database), history.account.id
    contact = Contact(account, JULIET, "Julie\0t", frozenset({"美", 'a "b", c', ""}), Subscription.TO, True, True, True)
    store.set_contact(replace(contact, name="before"))
    store.set_contact(contact)
    assert store.list_contacts(account) == [contact]
    assert store.find_contact(account, JULIET.with_resource("balcony")) == contact
    store.remove_contact(account, JULIET)
    assert store.find_contact(account, JULIET) is None


def test_a_roster_is_replaced_with_its_version_or_not_at_all(history: History) -> None:
    store, account = RosterStore(history.database), history.account.id
    assert store.version(account) is None
    juliet, nurse = Contact(account, JULIET), Contact(account, NURSE)
    store.replace(account, [juliet], "v1")

    nobodys = Contact(AccountId(99), NURSE)
    with pytest.raises(dbapi2.IntegrityError):
        store.replace(account, [nurse, nobodys], "v2")
    assert (store.list_contacts(account), store.version(account)) == ([juliet], "v1")
    store.replace(account, [nurse], "")
    assert (store.list_contacts(account), store.version(account)) == ([nurse], "")


def test_requests_wait_in_order_and_once_per_address(history: History) -> None:
    store, account = RequestStore(history.database), history.account.id
    later = ContactRequest(account, JULIET, "please", "Juliet", NOON + timedelta(seconds=1))
    nurse = ContactRequest(account, NURSE, "", "", NOON)
    store.add_request(replace(later, message="first try"))
    store.add_request(later)
    store.add_request(nurse)
    assert store.list_requests() == [nurse, later]
    assert store.find_request(account, JULIET) == later
    assert store.remove_request(account, JULIET)
    assert not store.remove_request(account, JULIET)


def test_chats_are_listed_by_pin_and_activity(history: History) -> None:
    store, account = ConversationStore(history.database), history.account.id
    names = ["quiet", "old", "new", "pinned"]
    quiet, old, new, pinned = (store.get_conversation(account, JID.parse(f"{name}@x.example/r")) for name in names)
    for second, conversation in enumerate((pinned, old, new)):
        store.set_last_message(conversation.id, NOON + timedelta(seconds=second), "text", second == 1)
    store.set_pinned(pinned.id, True)
    listed = store.list_conversations()
    assert [conversation.id for conversation in listed][:3] == [pinned.id, new.id, old.id]
    assert listed[2] == store.get_conversation(account, old.jid)
    assert (listed[2].preview, listed[2].preview_outgoing) == ("text", True)
    assert listed[2].last_activity == NOON + timedelta(seconds=1)
    assert store.find_conversation(quiet.id) == quiet


def test_the_first_unread_follows_what_was_read(history: History) -> None:
    store, conversation = ConversationStore(history.database), history.conversation.id
    read = history.add("read", 1)
    assert store.first_unread(conversation) is None
    store.add_unread(conversation, read)
    store.set_unread(conversation, 0)
    history.add("mine", 2, direction=Direction.OUT)
    first = history.add("first", 3)
    for message in (first, history.add("second", 4)):
        assert store.add_unread(conversation, message)
    assert not store.add_unread(conversation, read)
    found = store.find_conversation(conversation)
    assert found is not None
    assert found.unread == 2
    assert store.first_unread(conversation) == first.id
    assert store.move_read_position(conversation, first) == 1
    assert store.move_read_position(conversation, read) is None
    assert store.read_position(conversation) == (first.time, first.id)
    store.set_unread(conversation, 0)
    assert store.first_unread(conversation) is None


def test_what_the_newest_messages_change_is_written_at_once(history: History) -> None:
    store, jid = ConversationStore(history.database), history.conversation.jid
    standing = Standing(store)

    def show(message: Message, *, read: bool) -> None:
        standing.add_newest(standing.get(history.account.id, jid), message, read=read)

    before = store.find_conversation(history.conversation.id)
    show(first := history.add("first", 1), read=False)
    assert store.find_conversation(history.conversation.id) == before
    standing.write()
    found = store.find_conversation(history.conversation.id)
    assert found == standing.get(history.account.id, jid)
    assert (found.unread, found.last_activity, found.preview) == (1, first.time, "first")
    assert store.first_unread(found.id) == first.id
    show(second := history.add("second", 2), read=True)
    show(third := history.add("third\nand last", 3), read=False)
    standing.write()
    found = store.find_conversation(found.id)
    assert found == standing.get(history.account.id, jid)
    assert (found.unread, found.preview) == (1, "third and last")
    assert store.read_position(found.id) == (second.time, second.id)
    assert store.first_unread(found.id) == third.id


def test_the_same_action_again_takes_the_place_of_the_one_before(history: History) -> None:
    """At the end, and with another id: the answer to the first must not remove the second."""
    store, account = OutboxStore(history.database), history.account.id
    store.add(account, OutboxKind.ROSTER_SET, str(JULIET), str(JULIET), {"name": "Julia"}, sequence=7)
    (first,) = store.list_pending(account)
    assert (first.in_flight, first.sequence) == (True, 7)
    store.add(account, OutboxKind.ROSTER_REMOVE, str(JULIET), str(JULIET), {})
    store.add(account, OutboxKind.ROSTER_SET, str(JULIET), str(JULIET), {"name": "Juliet", "groups": ["美"]})
    store.remove(first.id)
    removal, second = store.list_pending(account)
    assert (removal.kind, second.payload) == (OutboxKind.ROSTER_REMOVE, {"name": "Juliet", "groups": ["美"]})
    assert store.list_pending(account, (OutboxKind.BLOCK, OutboxKind.ROSTER_SET)) == [second]
    assert (second.in_flight, second.sequence) == (False, None)
    assert store.find_by_key(account, OutboxKind.ROSTER_SET, str(JULIET)) == second


def test_what_is_in_flight_is_known_and_reset(history: History) -> None:
    store, account, message = OutboxStore(history.database), history.account.id, history.add()
    store.add(account, OutboxKind.MESSAGE, "k", str(JULIET), {"body": "x"}, message.id)
    (row,) = store.list_pending(account)
    store.set_in_flight(row.id, True)
    assert store.find_by_message(message.id) == replace(row, in_flight=True)
    store.set_unconfirmed(account)
    assert store.list_pending(account) == [replace(row, unconfirmed=True)]
    store.set_waiting(row.id)
    assert store.list_pending(account) == [row]


def test_drafts_are_kept_until_they_are_empty(history: History) -> None:
    store, conversation = DraftStore(history.database), history.conversation.id
    assert store.find_draft(conversation) == ""
    store.set_draft(conversation, "one")
    store.set_draft(conversation, "two\0\n")
    assert store.find_draft(conversation) == "two\0\n"
    store.set_draft(conversation, "")
    assert history.database.rows("SELECT * FROM draft") == []


def test_a_session_is_kept_with_its_count_until_there_is_none(history: History) -> None:
    store, account = SessionStore(history.database), history.account.id
    store.set_handled(account, 5)
    assert store.find_session(account) is None
    session = ResumableSession("id 1", history.account.jid.with_resource("desk"), "host:5222")
    store.set_session(account, replace(session, session_id="old", handled=9))
    store.set_session(account, session)
    store.set_handled(account, 2**32 - 1)
    assert store.find_session(account) == replace(session, handled=2**32 - 1)
    store.set_session(account, None)
    assert store.find_session(account) is None
