"""Corrections between us and others: who may, in which order, and what becomes of them offline (XEP-0308)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream, message_element

from whimbrel.core.offers.corrections import Corrector
from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import Envelope, Source
from whimbrel.model.events import MessageAdded, MessageChanged
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Message
from whimbrel.model.outbox import OutboxKind
from whimbrel.storage.database import Database

ALICE = "alice@example.net"
PHONE = f"{ALICE}/phone"
REPLACE = "<replace xmlns='urn:xmpp:message-correct:0' id='{}'/>"


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    made = Core(tmp_path)
    yield made
    assert made.faults == []
    made.close()


def talk(core: Core) -> Conversation:
    account = core.services.accounts.list_accounts()[0]
    opened = core.services.conversations.open(account.id, JID.parse(ALICE))
    return core.services.conversations.find(opened.id) or opened


def texts(core: Core) -> list[tuple[str, bool]]:
    return [(one.body, one.edited) for one in core.services.conversations.latest(talk(core).id, 50)]


def last(core: Core) -> Message:
    return core.services.conversations.latest(talk(core).id, 1)[0]


def corrector(core: Core) -> Corrector:
    return core.services.offer(Corrector)


def versions(core: Core, message: Message) -> list[str]:
    return [version.body for version in corrector(core).versions(message.id)]


def correct(stream: FakeStream, body: str, of: str, id_: str, sender: str = PHONE) -> None:
    stream.receive_message(sender, body, id_=id_, extra=REPLACE.format(of))


def archived(stream: FakeStream, body: str, of: str, id_: str, stamp: datetime) -> None:
    """A correction of theirs comes from the archive."""
    stream.receive(
        Envelope(
            account_id=stream.account_id,
            own_jid=stream.full_jid,
            sender=JID.parse(PHONE),
            recipient=stream.full_jid.bare,
            type="chat",
            wire_id=id_,
            element=message_element(body, id_=id_, extra=REPLACE.format(of)),
            received=datetime.now(UTC),
            source=Source.ARCHIVE,
            archive_ids=True,
            archive_id=f"archive-{id_}",
            stamp=stamp,
        )
    )


def test_a_correction_changes_its_message_and_what_the_list_shows_and_nothing_else(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    stream.receive_message(PHONE, "But soft, what lihgt", id_="m1")
    unread = talk(core).unread
    correct(stream, "But soft, what light", "m1", "m2")
    assert texts(core) == [("But soft, what light", True)]
    assert versions(core, last(core)) == ["But soft, what lihgt", "But soft, what light"]
    assert talk(core).unread == unread == 1
    assert talk(core).preview == "But soft, what light"
    assert len(core.published(MessageAdded)) == 1  # nobody is notified twice
    assert len(core.published(MessageChanged)) == 1


def test_a_message_that_is_not_the_last_can_be_corrected(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    for id_, body in (("m1", "frist"), ("m2", "second")):
        stream.receive_message(PHONE, body, id_=id_)
    correct(stream, "first", "m1", "m3", sender=f"{ALICE}/desk")  # any device of theirs
    assert texts(core) == [("first", True), ("second", False)]
    assert talk(core).preview == "second"


def test_a_correction_waits_for_its_message(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    correct(stream, "third", "m1", "m3")
    correct(stream, "second", "m1", "m2")
    assert texts(core) == []
    stream.receive_message(PHONE, "first", id_="m1")
    assert [body for body, _ in texts(core)] == ["second"]  # the one that came last was sent last
    assert versions(core, last(core)) == ["first", "third", "second"]


def test_the_newest_counts_in_whatever_order_they_come_and_however_often(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    stream.receive_message(PHONE, "zero", id_="m0")
    now = datetime.now(UTC)
    archived(stream, "two", "m0", "m2", now - timedelta(seconds=20))
    archived(stream, "one", "m0", "m1", now - timedelta(seconds=30))
    assert last(core).body == "two"
    correct(stream, "three", "m0", "m3")
    for _ in range(2):
        archived(stream, "one", "m0", "m1", now - timedelta(seconds=30))
        archived(stream, "three", "m0", "m3", now - timedelta(seconds=10))
    assert versions(core, last(core)) == ["zero", "one", "two", "three"]
    assert texts(core) == [("three", True)]


def test_what_another_device_of_ours_corrected_is_corrected_here(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    stream.receive_message("me@example.org/phone", "helo", id_="p1", source=Source.CARBON, to=ALICE)
    stream.receive_message(
        "me@example.org/phone", "hello", id_="p2", source=Source.CARBON, to=ALICE, extra=REPLACE.format("p1")
    )
    assert texts(core) == [("hello", True)]
    assert talk(core).preview_outgoing


async def test_a_correction_of_ours_names_the_first_id_each_time(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    message = core.services.outbox.submit(talk(core).id, "helo")
    await core.settle()
    for body in ("hello", "hello, Alice"):
        assert corrector(core).correct(message.id, body)
        await core.settle()
    assert [sent.body for sent in stream.sent] == ["helo", "hello", "hello, Alice"]
    assert len({sent.wire_id for sent in stream.sent}) == 3
    for sent in stream.sent[1:]:
        assert [(one.tag, one.get("id")) for one in sent.extensions] == [
            ("{urn:xmpp:message-correct:0}replace", message.wire_id)
        ]
    assert versions(core, message) == ["helo", "hello", "hello, Alice"]
    assert core.services.outbox.pending(message.account_id) == []


async def test_what_is_corrected_offline_leaves_once_and_last(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    message = core.services.outbox.submit(talk(core).id, "helo")
    await core.settle()
    stream.lose()
    for body in ("hallo", "hello"):
        corrector(core).correct(message.id, body)
    stream.go_online()
    await core.settle()
    assert [sent.body for sent in stream.sent] == ["helo", "hello"]  # nobody saw the one between
    assert versions(core, message) == ["helo", "hello"]


async def test_what_has_not_left_is_simply_changed(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    stream.lose()
    message = core.services.outbox.submit(talk(core).id, "helo")
    corrector(core).correct(message.id, "hello")
    assert texts(core) == [("hello", False)]
    assert talk(core).preview == "hello"
    stream.go_online()
    await core.settle()
    assert [(sent.body, sent.extensions[0].tag) for sent in stream.sent] == [("hello", "{urn:xmpp:receipts}request")]


async def test_a_failed_one_is_changed_and_sent_again(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    message = core.services.outbox.submit(talk(core).id, "helo")
    await core.settle()
    stream.receive_message(
        ALICE,
        None,
        type_="error",
        id_=message.wire_id,
        extra="<error xmlns='jabber:client' type='cancel'>"
        "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
    )
    assert last(core).state is DeliveryState.FAILED
    assert corrector(core).correct(message.id, "hello")
    await core.settle()
    assert (last(core).state, last(core).body, last(core).edited) == (DeliveryState.SENT, "hello", False)
    assert [sent.body for sent in stream.sent] == ["helo", "hello"]


async def test_one_that_leaves_late_counts_over_what_was_sent_meanwhile(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    message = core.services.outbox.submit(talk(core).id, "zero")
    await core.settle()
    stream.lose()
    corrector(core).correct(message.id, "written here, offline")
    other = message_element("from the phone", id_="p2", extra=REPLACE.format(message.wire_id))
    stream.receive(
        Envelope(
            account_id=stream.account_id,
            own_jid=stream.full_jid,
            sender=JID.parse("me@example.org/phone"),
            recipient=JID.parse(ALICE),
            type="chat",
            wire_id="p2",
            element=other,
            received=datetime.now(UTC) + timedelta(seconds=1),
            source=Source.CARBON,
        )
    )
    assert last(core).body == "from the phone"
    stream.go_online()
    await core.settle()
    assert last(core).body == "written here, offline"  # as it is for whoever gets it


async def test_a_copy_of_a_correction_proves_that_the_server_has_it(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    message = core.services.outbox.submit(talk(core).id, "helo")
    await core.settle()
    stream.acknowledges = False
    stream.next_sequence = 7
    corrector(core).correct(message.id, "hello")
    await core.settle()
    sent = stream.sent[-1]
    assert [row.kind for row in core.services.outbox.pending(message.account_id)] == [OutboxKind.CORRECTION]
    stream.receive_message(
        str(stream.full_jid),
        "hello",
        id_=sent.wire_id,
        source=Source.ARCHIVE,
        to=ALICE,
        extra=REPLACE.format(message.wire_id),
    )
    assert core.services.outbox.pending(message.account_id) == []
    assert versions(core, message) == ["helo", "hello"]


async def test_an_acknowledged_correction_is_done(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    message = core.services.outbox.submit(talk(core).id, "helo")
    await core.settle()
    stream.next_sequence = 7
    corrector(core).correct(message.id, "hello")
    await core.settle()
    assert core.services.outbox.pending(message.account_id) == []


def test_what_cannot_be_corrected(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    stream.receive_message(PHONE, "theirs", id_="m1")
    theirs = last(core)
    assert not corrector(core).can_correct(theirs)
    assert not corrector(core).correct(theirs.id, "mine")
    ours = core.services.outbox.submit(talk(core).id, "ours")
    assert corrector(core).can_correct(ours)
    assert not corrector(core).can_correct(replace(ours, retracted=True))
    assert not corrector(core).correct(ours.id, "  ")
    assert texts(core) == [("theirs", False), ("ours", False)]


async def test_it_is_sent_after_a_restart(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    message = core.services.outbox.submit(talk(core).id, "helo")
    await core.settle()
    stream.lose()
    corrector(core).correct(message.id, "hello")
    core.close()  # as kill -9 does
    again = Core(core.path.parent)
    again.services.accounts.start_all()
    await again.settle()
    stream = again.stream(message.account_id)
    stream.go_online()
    await again.settle()
    assert [sent.body for sent in stream.sent] == ["hello"]
    assert versions(again, message) == ["helo", "hello"]
    assert again.faults == []
    again.close()


def test_whoever_corrects_without_end_costs_neither_room_nor_time(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    stream.receive_message(PHONE, "first", id_="a1")
    for number in range(70):
        correct(stream, f"text {number}", of="a1", id_=f"c{number}")
    kept = versions(core, last(core))
    assert kept == ["first", *(f"text {number}" for number in range(20, 70))]
    archived(stream, "text 0", "a1", "c0", last(core).time)  # one that went comes again: it is no newer for that
    assert texts(core) == [("text 69", True)]
    assert versions(core, last(core)) == kept


def test_one_id_for_all_messages_does_not_make_corrections_slow(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each that bore the id was looked at by itself."""
    stream = core.online(contact(ALICE, "Alice"))
    with stream.together():
        for number in range(300):
            stream.receive_message(PHONE, f"text {number}", id_="1")
    asked: list[str] = []
    row = Database.row
    monkeypatch.setattr(
        Database, "row", lambda self, sql, parameters=(): (asked.append(sql), row(self, sql, parameters))[1]
    )
    correct(stream, "better", of="1", id_="c1")
    assert texts(core)[-1] == ("better", True)
    assert len(asked) < 60
