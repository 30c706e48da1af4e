"""What arrives: stored once, told once on disk, never acknowledged before (threats S11 to S16, C16)."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.pipeline import Pipeline
from whimbrel.core.stages import find_body, receive_stages
from whimbrel.features.receipts.service import Receipts
from whimbrel.model.contact import Subscription
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ConversationChanged, MessageAdded, MessageChanged, StorageFailed
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Message
from whimbrel.model.outbox import OutboxKind

FULL = "alice@example.net/phone"
MALLORY = "mallory@evil.example/x"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact("alice@example.net", "Alice"))


def stored(core: Core, jid: JID = ALICE) -> list[Message]:
    services = core.services
    conversation = services.conversations.open(services.accounts.list_accounts()[0].id, jid)
    return services.conversations.latest(conversation.id, 1000)


def bodies(core: Core, jid: JID = ALICE) -> list[str]:
    return [message.body for message in stored(core, jid)]


def receive_together(stream: FakeStream, *bodies: str) -> None:
    with stream.together():
        for body in bodies:
            stream.receive_message(FULL, body)


def test_stages_run_in_their_order(core: Core) -> None:
    stores = core.base.stores
    of_features = Receipts(core.base.outbox, core.base.roster.sees_us).stages()
    unread = core.services.unread
    stages = receive_stages(
        core.base.outbox, unread, stores.conversations, stores.messages, stores.references, of_features
    )
    assert Pipeline(stages).names == [
        "identify",
        "errors",
        "recall",
        "dedupe",
        "receipts",
        "store",
        "receipts-answer",
        "unread",
    ]


def test_message_is_on_disk_when_it_is_told(core: Core, stream: FakeStream) -> None:
    seen: list[tuple[list[str], bool]] = []
    core.services.bus.subscribe(MessageAdded, lambda event: seen.append((bodies(core), event.notify)))
    stream.receive_message(FULL, "hello", id_="1")
    assert seen == [(["hello"], True)]
    changed = core.published(ConversationChanged)[-1].conversation
    assert (changed.unread, changed.preview, changed.preview_outgoing) == (1, "hello", False)


def test_full_disk_raises_out_so_that_nothing_is_acknowledged(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise KnownError(ErrorKind.DISK_FULL)

    with monkeypatch.context() as patch:
        patch.setattr(core.base.stores.conversations, "set_newest", refuse)
        with pytest.raises(KnownError, match="disk-full"):
            stream.receive_message(FULL, "lost?")
    assert len(core.published(StorageFailed)) == 1
    assert core.published(MessageAdded) == []
    assert bodies(core) == []
    stream.receive_message(FULL, "lost?")
    assert bodies(core) == ["lost?"]


def fail(*_: object, **__: object) -> None:
    raise RuntimeError("our bug")


def test_what_a_fault_of_ours_keeps_out_is_taken_in_on_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = Core(tmp_path)
    stream = core.online(contact("alice@example.net", "Alice", subscription=Subscription.BOTH))
    request = "<request xmlns='urn:xmpp:receipts'/>"
    with monkeypatch.context() as patch:
        patch.setattr(core.base.stores.conversations, "set_newest", fail)
        stream.receive_message(FULL, "kept", id_="1", extra=request, received=NOW)
    stream.receive_message(FULL, "next", received=NOW + timedelta(seconds=1))
    assert [str(fault) for fault in core.faults] == ["our bug"]
    assert (bodies(core), stream.extensions, core.published(StorageFailed)) == (["next"], [], [])
    core.close()

    again = Core(tmp_path)
    again.services.accounts.start_all()
    assert bodies(again) == ["kept", "next"]
    assert stored(again)[0].time == NOW
    assert [event.message.body for event in again.published(MessageAdded)] == ["kept"]
    assert [row.kind for row in again.base.outbox.pending(stream.account_id)] == [OutboxKind.RECEIPT]
    again.close()

    third = Core(tmp_path)
    third.services.accounts.start_all()
    assert third.published(MessageAdded) == []
    third.close()


def test_what_fails_again_stays_for_a_later_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    core = Core(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("whimbrel.core.stages.find_body", fail)
        core.online().receive_message(FULL, "kept")
        core.close()
        second = Core(tmp_path)
        second.services.accounts.start_all()
        second.close()
    assert [record.exc_info is not None for record in caplog.records if record.name == "whimbrel.core.incoming"] == [
        True
    ]
    third = Core(tmp_path)
    third.services.accounts.start_all()
    assert bodies(third) == ["kept"]


async def test_what_was_kept_is_taken_in_little_by_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    core = Core(tmp_path)
    stream, kept = core.online(), [str(number) for number in range(6)]
    with monkeypatch.context() as patch:
        patch.setattr("whimbrel.core.stages.find_body", fail)
        for body in kept:
            stream.receive_message(FULL, body)
    core.close()
    monkeypatch.setattr("whimbrel.core.incoming._PORTION_SECONDS", 0.0)

    second = Core(tmp_path)
    second.services.accounts.start_all()
    seen = []
    while len(bodies(second)) < 3:
        await asyncio.sleep(0)
        seen.append(len(bodies(second)))
    assert seen[-3:] == [1, 2, 3], "others have their turn after each"
    await second.tasks.cancel_all()
    second.close()  # killed halfway

    third = Core(tmp_path)
    third.services.accounts.start_all()
    async with asyncio.timeout(20):
        await third.tasks.wait_all()
    assert bodies(third) == kept
    assert [event.message.body for event in third.published(MessageAdded)] == kept[3:]
    assert third.base.stores.deferred.list_deferred(stream.account_id) == []
    third.close()


def test_what_cannot_even_be_kept_is_not_acknowledged(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise KnownError(ErrorKind.DISK_FULL)

    monkeypatch.setattr("whimbrel.core.stages.find_body", fail)
    monkeypatch.setattr(core.base.stores.deferred, "add_envelope", refuse)
    with pytest.raises(KnownError, match="disk-full"):
        stream.receive_message(FULL, "x")
    assert len(core.published(StorageFailed)) == 1


def test_a_fault_takes_no_other_message_with_it(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_at_second(element: ET.Element) -> str | None:
        if (body := find_body(element)) == "second":
            raise RuntimeError("our bug")
        return body

    monkeypatch.setattr("whimbrel.core.stages.find_body", fail_at_second)
    receive_together(stream, "first", "second", "third")
    assert [str(fault) for fault in core.faults] == ["our bug"]
    assert bodies(core) == ["first", "third"]
    assert [event.message.body for event in core.published(MessageAdded)] == ["first", "third"]
    assert [event.conversation.unread for event in core.published(ConversationChanged)][-1:] == [2]
    assert len(core.base.stores.deferred.list_deferred(stream.account_id)) == 1


@pytest.mark.parametrize("faulty", [False, True])
def test_messages_that_come_together_are_on_disk_together_or_not_at_all(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch, faulty: bool
) -> None:
    def refuse_third(element: ET.Element) -> str | None:
        body = find_body(element)
        if body == "second" and faulty:
            raise RuntimeError("our bug")
        if body == "third":
            raise KnownError(ErrorKind.DISK_FULL)
        return body

    with monkeypatch.context() as patch:
        patch.setattr("whimbrel.core.stages.find_body", refuse_third)
        with pytest.raises(KnownError, match="disk-full"):
            receive_together(stream, "first", "second", "third")
    assert (bodies(core), core.published(MessageAdded)) == ([], [])
    assert core.base.stores.deferred.list_deferred(stream.account_id) == []
    receive_together(stream, "first", "second", "third")
    assert bodies(core) == ["first", "second", "third"]


def test_of_a_conversation_that_changes_often_only_the_last_state_is_told(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "before")
    told = len(core.published(ConversationChanged))
    receive_together(stream, *map(str, range(5)))
    changes = core.published(ConversationChanged)[told:]
    assert [(event.conversation.unread, event.conversation.preview) for event in changes] == [(6, "4")]


@pytest.mark.parametrize(
    ("sender", "body", "type_", "extra"),
    [
        (None, "from nowhere", "chat", ""),
        (FULL, None, "chat", ""),
        (FULL, "", "chat", ""),
        (FULL, " \n ", "chat", ""),
        (FULL, None, "chat", "<x xmlns='urn:example:unknown'><body>no</body></x>"),
        (FULL, "muc", "groupchat", ""),
        (FULL, "spoken?", "error", ""),
        (FULL, None, "chat", "<subject>only a subject</subject>"),
    ],
)
def test_what_says_nothing_is_dropped_and_what_follows_arrives(
    core: Core, stream: FakeStream, sender: str | None, body: str | None, type_: str, extra: str
) -> None:
    stream.receive_message(sender, body, type_=type_, extra=extra)
    assert core.published(MessageAdded) == []
    stream.receive_message(FULL, "next")
    assert bodies(core) == ["next"]
    assert core.faults == []


@pytest.mark.parametrize("type_", ["chat", "normal", "headline"])
def test_types_that_speak(core: Core, stream: FakeStream, type_: str) -> None:
    stream.receive_message(FULL, "words", type_=type_)
    assert bodies(core) == ["words"]


def test_of_two_bodies_the_one_without_a_language_else_the_first(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, None, extra="<body xml:lang='de'>eins</body><body>one</body>")
    stream.receive_message(FULL, None, extra="<body xml:lang='de'>zwei</body><body xml:lang='en'>two</body>")
    assert bodies(core) == ["one", "zwei"]


def test_wrapped_messages_are_never_taken_for_speech(core: Core, stream: FakeStream) -> None:  # S1, S14
    inner = (
        "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='alice@example.net'>"
        "<body>forged</body></message></forwarded>"
    )
    stream.receive_message(MALLORY, None, extra=f"<received xmlns='urn:xmpp:carbons:2'>{inner}</received>")
    stream.receive_message(MALLORY, None, extra=f"<sent xmlns='urn:xmpp:carbons:2'>{inner}</sent>")
    stream.receive_message(MALLORY, None, extra=inner)
    assert core.published(MessageAdded) == []


def stanza_id(by: str, id_: str) -> str:
    return f"<stanza-id xmlns='urn:xmpp:sid:0' by='{by}' id='{id_}'/>"


def test_dedupe_by_our_archives_id(core: Core, stream: FakeStream) -> None:
    for body in ("one", "again"):
        stream.receive_message(FULL, body, extra=stanza_id("me@example.org", "77"))
    assert bodies(core) == ["one"]


def test_archive_ids_of_others_and_forged_second_ones_mean_nothing(core: Core, stream: FakeStream) -> None:  # S12
    for body in ("one", "two"):
        stream.receive_message(FULL, body, extra=stanza_id("evil.example", "77"))
    for body in ("three", "four"):
        stream.receive_message(FULL, body, extra=stanza_id("me@example.org", "78") + stanza_id("me@example.org", "79"))
    assert bodies(core) == ["one", "two", "three", "four"]


def test_an_archive_id_in_one_conversation_suppresses_nothing_in_another(core: Core, stream: FakeStream) -> None:
    stream.receive_message(MALLORY, "poison", extra=stanza_id("me@example.org", "77"))
    stream.receive_message(FULL, "real", extra=stanza_id("me@example.org", "77"))
    assert bodies(core) == ["real"]


def test_dedupe_by_origin_id_within_the_sender(core: Core, stream: FakeStream) -> None:
    origin = "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"
    stream.receive_message(MALLORY, "mine", extra=origin)
    stream.receive_message(FULL, "one", extra=origin)
    stream.receive_message("alice@example.net/desk", "one", extra=origin)
    assert bodies(core) == ["one"]


def test_same_text_time_and_stanza_id_attribute_are_no_reason_to_drop(core: Core, stream: FakeStream) -> None:
    now = datetime.now(UTC)
    for _ in range(2):
        stream.receive_message(FULL, "yes", id_="same", received=now)
    assert bodies(core) == ["yes", "yes"]


@pytest.mark.parametrize(
    ("by", "stamp", "expected"),
    [
        ("example.org", "2026-11-22T09:00:00Z", NOW - timedelta(hours=3)),
        ("me@example.org", "2026-11-22T10:00:00+01:00", NOW - timedelta(hours=3)),
        ("example.org", "2026-11-22T09:00:00", NOW - timedelta(hours=3)),
        ("alice@example.net", "2010-01-01T00:00:00Z", NOW),
        ("example.net", "2010-01-01T00:00:00Z", NOW),
        ("", "2010-01-01T00:00:00Z", NOW),
        ("@@", "2010-01-01T00:00:00Z", NOW),
        ("example.org", "9999-12-31T23:59:59Z", NOW),
        ("example.org", "9999-12-31T23:59:59-12:00", NOW),
        ("example.org", "0001-01-01T00:00:00+12:00", NOW),
        ("example.org", "1970-01-01T00:00:00Z", NOW),
        ("example.org", "yesterday", NOW),
        ("example.org", "", NOW),
    ],
)
def test_delays_are_believed_of_our_own_server_only_and_within_reason(
    core: Core, stream: FakeStream, by: str, stamp: str, expected: datetime
) -> None:  # S15
    extra = f"<delay xmlns='urn:xmpp:delay' from='{by}' stamp='{stamp}'/>"
    stream.receive_message(FULL, "late", extra=extra, received=NOW)
    assert [message.time for message in stored(core)] == [expected]


def test_error_fails_our_message_only_from_its_recipient(core: Core, stream: FakeStream) -> None:  # S16
    conversation = core.services.conversations.open(stream.account_id, ALICE)
    sent = core.services.outbox.submit(conversation.id, "to alice")
    error = "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    stream.receive_message(MALLORY, "to alice", type_="error", id_=sent.wire_id, extra=error)
    stream.receive_message(FULL, "to alice", type_="error", id_="another", extra=error)
    assert stored(core)[0].state is DeliveryState.SENT
    stream.receive_message("alice@example.net", "to alice", type_="error", id_=sent.wire_id, extra=error)
    assert [(m.body, m.state, m.error) for m in stored(core)] == [("to alice", DeliveryState.FAILED, "gone")]
    assert core.published(MessageChanged)[-1].message.state is DeliveryState.FAILED


def test_an_error_does_not_undo_a_delivery(core: Core, stream: FakeStream) -> None:
    conversation = core.services.conversations.open(stream.account_id, ALICE)
    sent = core.services.outbox.submit(conversation.id, "x")
    stream.receive_message(FULL, None, extra=f"<received xmlns='urn:xmpp:receipts' id='{sent.wire_id}'/>")
    stream.receive_message("alice@example.net/tablet", None, type_="error", id_=sent.wire_id)
    assert stored(core)[0].state is DeliveryState.DELIVERED


def test_viewed_conversations_count_nothing(core: Core, stream: FakeStream) -> None:
    unread = core.services.unread
    conversation = core.services.conversations.open(stream.account_id, ALICE)
    stream.receive_message(FULL, "one")
    assert unread.total() == 1
    unread.set_viewed(conversation.id, True)
    assert unread.total() == 0
    stream.receive_message(FULL, "two")
    assert unread.total() == 0
    assert core.published(MessageAdded)[-1].notify is False
    unread.set_viewed(conversation.id, False)
    stream.receive_message(FULL, "three")
    assert unread.total() == 1
    assert core.services.conversations.first_unread(conversation.id) == stored(core)[-1].id


def test_an_old_message_does_not_become_the_preview(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "new", received=NOW)
    delay = "<delay xmlns='urn:xmpp:delay' from='example.org' stamp='2026-11-20T09:00:00Z'/>"
    stream.receive_message(FULL, "old", extra=delay, received=NOW)
    assert bodies(core) == ["old", "new"]
    assert core.services.conversations.list_conversations()[0].preview == "new"


def test_what_comes_between_is_counted_with_what_comes_with_it(core: Core, stream: FakeStream) -> None:
    delay = "<delay xmlns='urn:xmpp:delay' from='example.org' stamp='2026-11-20T09:00:00Z'/>"
    with stream.together():
        stream.receive_message(FULL, "new", received=NOW)
        stream.receive_message(FULL, "old", extra=delay, received=NOW)
    (conversation,) = core.services.conversations.list_conversations()
    assert (conversation.unread, conversation.preview) == (2, "new")
    assert core.published(ConversationChanged)[-1].conversation == conversation


def test_what_the_server_had_to_keep_comes_after_what_was_there_within_its_second(
    core: Core, stream: FakeStream
) -> None:
    kept = "<delay xmlns='urn:xmpp:delay' from='me@example.org' stamp='2026-11-22T12:00:00Z'/>"
    moment = datetime(2026, 11, 22, 12, tzinfo=UTC)
    stream.receive_message(FULL, "live", received=moment + timedelta(milliseconds=500))
    for body in ("kept", "kept too"):
        stream.receive_message(FULL, body, extra=kept, received=moment + timedelta(minutes=1))
    stream.receive_message(FULL, "live again", received=moment + timedelta(minutes=1))
    stream.receive_message(FULL, "kept before", extra=kept.replace("12:00", "11:00"), received=moment)
    latest = core.services.conversations.latest(core.services.conversations.list_conversations()[0].id, 9)
    assert [message.body for message in latest] == ["kept before", "live", "kept", "kept too", "live again"]
