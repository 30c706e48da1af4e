"""Messages come back as they were stored, in order, by pages that cost the same however many there are."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage.conftest import NOON, History
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Direction, Message, Reference, ReferenceKind
from whimbrel.model.outbox import OutboxKind
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.outbox import OutboxStore
from whimbrel.storage.references import Bearer, ReferenceStore

ANY_TEXT = st.text(st.characters(exclude_categories=[]))  # lone surrogates and NUL, too
ROMEO = JID.parse("romeo@montague.example")
JULIET = JID.parse("juliet@capulet.example")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=ANY_TEXT, wire_id=ANY_TEXT, microseconds=st.integers(-(10**16), 10**17), state=st.sampled_from(DeliveryState)
)
def test_any_message_comes_back(
    history: History, body: str, wire_id: str, microseconds: int, state: DeliveryState
) -> None:
    store = MessageStore(history.database)
    time = NOON + timedelta(microseconds=microseconds)
    stored = history.add(body, wire_id=wire_id, time=time, state=state, direction=Direction.OUT)
    assert store.find_message(stored.id) == stored
    assert (stored.time, stored.state) == (time, state)
    assert stored.body == "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in body)
    assert store.find_outgoing(history.account.id, wire_id) == stored
    store.remove_message(stored.id)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seconds=st.lists(st.integers(0, 5), min_size=1, max_size=25), limit=st.integers(1, 7))
def test_pages_are_the_whole_in_order(history: History, seconds: list[int], limit: int) -> None:
    """Whatever order they came in, and with many at the same time."""
    store, conversation = MessageStore(history.database), history.conversation.id
    stored = sorted((history.add("x", second) for second in seconds), key=lambda message: (message.time, message.id))
    backwards = store.list_latest(conversation, limit)
    while page := store.list_before(conversation, backwards[0], limit):
        backwards = page + backwards
    assert backwards == stored
    forwards = stored[:1]
    while page := store.list_after(conversation, forwards[-1], limit):
        forwards += page
    assert forwards == stored
    for message in stored:
        store.remove_message(message.id)


def use_every_query(history: History, message: Message) -> None:
    """Whatever is asked while a conversation is opened, scrolled, written to and received in."""
    store, conversation = MessageStore(history.database), history.conversation.id
    store.list_latest(conversation, 50)
    store.list_before(conversation, message, 50)
    store.list_after(conversation, message, 50)
    store.find_outgoing(history.account.id, "w")
    ReferenceStore(history.database).find_bearers(history.account.id, ReferenceKind, {"o", "s"})
    store.find_last_beyond(message)
    store.find_newest_time(conversation, message.time)
    store.find_last_incoming(conversation, message.time, message.id)
    store.list_unconfirmed(history.account.id)
    store.set_in_flight_unconfirmed(history.account.id)
    store.set_state(message.id, DeliveryState.SENT)
    conversations = ConversationStore(history.database)
    conversations.set_unread(conversation, 1)
    conversations.first_unread(conversation)
    conversations.set_unread(conversation, 0)
    conversations.find_conversation(conversation)
    store.remove_message(message.id)


def test_no_query_walks_through_all_messages(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that opening a conversation of 100,000 messages costs what one of 1,000 does."""
    statements: list[tuple[str, Any]] = []
    execute = Database.execute

    def noting(database: Database, sql: str, parameters: Any = ()) -> Any:
        statements.append((sql, parameters))
        return execute(database, sql, parameters)

    message = history.add()
    with monkeypatch.context() as patch:
        patch.setattr(Database, "execute", noting)
        use_every_query(history, message)
    about_messages = [(sql, values) for sql, values in statements if "message" in sql]
    assert len(about_messages) == 16
    for sql, values in about_messages:
        plan = [row[3] for row in history.database.rows(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert plan
        assert not any("SCAN message" in step or "TEMP B-TREE" in step for step in plan), (sql, plan)


def test_what_was_given_another_id_is_found_by_both(history: History) -> None:
    store, account = MessageStore(history.database), history.account
    origin = Reference(ReferenceKind.ORIGIN, account.jid, "first")
    ours = history.add("ours", direction=Direction.OUT, sender=account.jid, wire_id="first", references=(origin,))
    theirs = Reference(ReferenceKind.ORIGIN, JULIET, "theirs")
    history.add("theirs", references=(theirs,))
    store.set_wire_id(ours, "second")
    found = [store.find_outgoing(account.id, wire_id) for wire_id in ("first", "second", "theirs", "never")]
    assert [message and (message.id, message.wire_id) for message in found] == [(ours.id, "second")] * 2 + [None] * 2


def test_messages_are_found_by_their_ids(history: History) -> None:
    store, account, conversation = ReferenceStore(history.database), history.account.id, history.conversation.id
    stanza, origin = Reference(ReferenceKind.STANZA, ROMEO, "s1"), Reference(ReferenceKind.ORIGIN, JULIET, "o1")
    wire, none = Reference(ReferenceKind.WIRE, JULIET, "o1"), Reference(ReferenceKind.STANZA, ROMEO, "")

    def find(*kinds: ReferenceKind) -> set[Bearer]:
        return set(store.find_bearers(account, kinds, {"s1", "o1", "", "never"}))

    one = history.add("one", references=(stanza, origin, none))
    for _ in range(2):
        store.add(account, one.id, [wire])
    again = history.add("again", references=(wire,))
    assert find(*ReferenceKind) == {
        Bearer(stanza, one.id, conversation),
        Bearer(origin, one.id, conversation),
        Bearer(wire, one.id, conversation),
        Bearer(wire, again.id, conversation),
    }
    assert find(ReferenceKind.STANZA) == {Bearer(stanza, one.id, conversation)}
    MessageStore(history.database).remove_message(one.id)
    assert find(*ReferenceKind) == {Bearer(wire, again.id, conversation)}


def test_only_what_was_in_flight_becomes_unconfirmed(history: History) -> None:
    store = MessageStore(history.database)
    for second, state in enumerate(DeliveryState):
        history.add(state.value, -second, state=state, direction=Direction.OUT)
    later = history.add("later", 1, state=DeliveryState.IN_FLIGHT, direction=Direction.OUT)
    changed = store.set_in_flight_unconfirmed(history.account.id)
    assert [message.body for message in changed] == ["in-flight", later.body]
    assert {message.state for message in changed} == {DeliveryState.UNCONFIRMED}
    assert store.set_in_flight_unconfirmed(history.account.id) == []


def test_a_state_keeps_its_error_only_while_it_failed(history: History) -> None:
    store, message = MessageStore(history.database), history.add(direction=Direction.OUT)
    assert store.set_state(message.id, DeliveryState.FAILED, "item-not-found").error == "item-not-found"
    assert store.set_state(message.id, DeliveryState.QUEUED) == store.find_message(message.id)
    assert store.find_message(message.id).error == ""  # type: ignore[union-attr]  # compared to it just above
    store.remove_message(message.id)
    with pytest.raises(LookupError):
        store.set_state(message.id, DeliveryState.SENT)


def test_a_message_takes_its_place_in_the_outbox_along(history: History) -> None:
    message = history.add(direction=Direction.OUT)
    outbox = OutboxStore(history.database)
    outbox.add(history.account.id, OutboxKind.MESSAGE, "k", str(JULIET), {}, message.id)
    MessageStore(history.database).remove_message(message.id)
    assert outbox.list_pending(history.account.id) == []


def test_texts_of_100_kilobytes_are_kept(tmp_path: Path) -> None:
    history = History.create(tmp_path / "history.db", bytes(32))
    text = "美\0\n" * 40_000
    history.add(text)
    assert history.bodies() == [text]
    history.database.close()
