"""Retractions between us and others, and deleting on this device (XEP-0424)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import message_element

from whimbrel.core.offers.corrections import Corrector
from whimbrel.core.offers.retractions import Eraser
from whimbrel.model.attachment import AttachmentState, NewAttachment
from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import Envelope, Source
from whimbrel.model.events import MessageAdded, MessageRemoved, MessagesAnnotated
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Message
from whimbrel.model.outbox import OutboxKind
from whimbrel.storage.attachments import AttachmentStore

ALICE = "alice@example.net"
PHONE = f"{ALICE}/phone"
WORDS = "/me took a message back, which your program does not know."
FALLBACK = "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>"
RETRACT = "<retract xmlns='urn:xmpp:message-retract:1' id='{}'/>" + FALLBACK
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


def all_of(core: Core) -> list[Message]:
    return core.services.conversations.latest(talk(core).id, 50)


def eraser(core: Core) -> Eraser:
    return core.services.offer(Eraser)


def test_theirs_goes_with_all_that_it_said(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    stream.receive_message(PHONE, "my pasword is 1234", id_="m1")
    stream.receive_message(PHONE, "my password is 1234", id_="m2", extra=REPLACE.format("m1"))
    message = all_of(core)[0]
    AttachmentStore(core.database).add(
        NewAttachment(message.id, 0, "https://example.net/a.png", state=AttachmentState.REMOTE)
    )
    stream.receive_message(f"{ALICE}/desk", "I retracted, you see not", id_="m3", extra=RETRACT.format("m1"))
    (message,) = all_of(core)
    assert (message.retracted, message.body) == (True, "")
    assert core.services.offer(Corrector).versions(message.id) == []
    assert AttachmentStore(core.database).list_of_message(message.id) == []
    assert talk(core).preview == ""
    assert core.published(MessagesAnnotated)
    stream.receive_message(PHONE, "back again", id_="m4", extra=REPLACE.format("m1"))
    assert [(one.retracted, one.body) for one in all_of(core)] == [(True, "")]


def test_it_waits_for_its_message(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    stream.receive_message(PHONE, "fallback", id_="m2", extra=RETRACT.format("m1"))
    assert all_of(core) == []
    stream.receive_message(PHONE, "wrong window", id_="m1")
    assert [(one.retracted, one.body) for one in all_of(core)] == [(True, "")]


def test_one_without_a_body_counts_and_nothing_comes_of_one_without_an_id(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    stream.receive_message(PHONE, "wrong window", id_="m1")
    stream.receive_message(PHONE, "fallback", id_="m2", extra=RETRACT.format(""))
    assert [one.body for one in all_of(core)] == ["wrong window"]
    stream.receive_message(PHONE, None, id_="m3", extra=RETRACT.format("m1"))
    assert [one.retracted for one in all_of(core)] == [True]


def test_nobody_is_told_what_a_message_said_that_was_taken_back_in_the_same_breath(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    with stream.together():
        stream.receive_message(PHONE, "a secret", id_="m1")
        stream.receive_message(PHONE, "helo", id_="m2")
        stream.receive_message(PHONE, "hello", id_="m3", extra=REPLACE.format("m2"))
        stream.receive_message(PHONE, WORDS, id_="m4", extra=RETRACT.format("m1"))
    told = core.published(MessageAdded)
    assert [(one.message.body, one.message.retracted, one.notify) for one in told] == [
        ("", True, False),
        ("hello", False, True),
    ]


def test_a_page_of_the_archive_tells_nothing_of_what_was_taken_back_in_it(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))

    def archived(number: int, body: str, extra: str = "") -> Envelope:
        return Envelope(
            account_id=stream.account_id,
            own_jid=stream.full_jid,
            sender=JID.parse(PHONE),
            recipient=stream.full_jid.bare,
            type="chat",
            wire_id=f"m{number}",
            element=message_element(body, id_=f"m{number}", extra=extra),
            received=datetime.now(UTC),
            source=Source.ARCHIVE,
            archive_ids=True,
            archive_id=f"a{number}",
            stamp=datetime(2026, 11, 20, 12, number, tzinfo=UTC),
        )

    page = [archived(1, "a secret"), archived(2, "hello"), archived(3, WORDS, RETRACT.format("m1"))]
    core.base.incoming.receive_page(page, lambda: None)
    assert [one.message.body for one in core.published(MessageAdded)] == ["", "hello"]


async def test_ours_goes_here_and_there(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    core.services.outbox.submit(talk(core).id, "before")
    message = core.services.outbox.submit(talk(core).id, "wrong window")
    await core.settle()
    eraser(core).retract(message.id, WORDS)
    assert (talk(core).preview, talk(core).last_activity) == ("before", message.time)
    assert [(one.retracted, one.body) for one in all_of(core)] == [(False, "before"), (True, "")]
    await core.settle()
    sent = stream.sent[-1]
    assert (str(sent.to), sent.body) == (ALICE, WORDS)
    assert [(one.tag, dict(one.attrib)) for one in sent.extensions] == [
        ("{urn:xmpp:message-retract:1}retract", {"id": message.wire_id}),
        ("{urn:xmpp:fallback:0}fallback", {"for": "urn:xmpp:message-retract:1"}),
        ("{urn:xmpp:hints}store", {}),
    ]
    assert core.services.outbox.pending(message.account_id) == []
    eraser(core).retract(message.id, WORDS)
    await core.settle()
    assert len(stream.sent) == 3


async def test_what_has_not_left_is_gone_without_a_trace(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    stream.lose()
    message = core.services.outbox.submit(talk(core).id, "wrong window")
    eraser(core).retract(message.id, WORDS)
    assert all_of(core) == []
    stream.go_online()
    await core.settle()
    assert stream.sent == []


async def test_what_was_on_its_way_is_not_sent_again_but_taken_back(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    stream.acknowledges = False
    message = core.services.outbox.submit(talk(core).id, "wrong window")
    await core.settle()
    core.services.offer(Corrector).correct(message.id, "wrong window, sorry")
    stream.lose()
    eraser(core).retract(message.id, WORDS)
    assert [row.kind for row in core.services.outbox.pending(message.account_id)] == [OutboxKind.RETRACTION]
    stream.acknowledges = True
    stream.go_online()
    await core.settle()
    assert [sent.body for sent in stream.sent].count("wrong window") == 1
    assert stream.sent[-1].body == WORDS
    assert [(one.retracted, one.state) for one in all_of(core)] == [(True, DeliveryState.SENT)]


def test_what_another_device_of_ours_took_back_is_gone_here(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    mine = "me@example.org/phone"
    stream.receive_message(mine, "wrong window", id_="p1", source=Source.CARBON, to=ALICE)
    stream.receive_message(mine, WORDS, id_="p2", source=Source.CARBON, to=ALICE, extra=RETRACT.format("p1"))
    assert [one.retracted for one in all_of(core)] == [True]


def test_deleting_here_tells_nobody_and_nothing_brings_it_back(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    stanza_id = "<stanza-id xmlns='urn:xmpp:sid:0' by='me@example.org' id='a{}'/>"
    stream.receive_message(PHONE, "first", id_="m1", extra=stanza_id.format(1))
    stream.receive_message(PHONE, "second", id_="m2", extra=stanza_id.format(2))
    eraser(core).delete_here(all_of(core)[1].id)
    assert [one.body for one in all_of(core)] == ["first"]
    assert talk(core).preview == "first"
    assert [event.message.body for event in core.published(MessageRemoved)] == ["second"]
    stream.receive_message(PHONE, "second", id_="m2", extra=stanza_id.format(2), source=Source.ARCHIVE)
    stream.receive_message(PHONE, "another", id_="m2")  # an id that comes again suppresses nothing
    assert [one.body for one in all_of(core)] == ["first", "another"]
    assert stream.sent == []
    assert core.services.outbox.pending(stream.account_id) == []


ERROR = "<error type='{}'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"


@pytest.mark.parametrize("type_", ["wait", "cancel"])
async def test_what_comes_back_after_it_was_taken_back_is_not_sent_again(core: Core, type_: str) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    sent = core.services.outbox.submit(talk(core).id, "secret")
    await core.settle()
    eraser(core).retract(sent.id, WORDS)
    stream.receive_message(ALICE, None, type_="error", id_=sent.wire_id, extra=ERROR.format(type_))
    core.services.outbox.retry(sent.id)
    await core.settle()
    assert all_of(core)[0].state is DeliveryState.SENT
    assert core.services.outbox.pending(sent.account_id, OutboxKind.MESSAGE) == []


async def test_what_waits_and_is_taken_back_by_another_device_of_ours_is_not_sent(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    sent = core.services.outbox.submit(talk(core).id, "secret")
    await core.settle()
    stream.receive_message(ALICE, None, type_="error", id_=sent.wire_id, extra=ERROR.format("wait"))
    assert core.services.outbox.pending(sent.account_id, OutboxKind.MESSAGE)
    stream.lose()
    stream.receive_message("me@example.org/phone", WORDS, id_="r1", to=ALICE, extra=RETRACT.format(sent.wire_id))
    assert all_of(core)[0].retracted
    bodies = len(stream.sent)
    core.database.execute("UPDATE outbox SET payload = '{}'")  # it has waited by now
    stream.go_online()
    await core.settle()
    assert len(stream.sent) == bodies
    assert core.services.outbox.pending(sent.account_id, OutboxKind.MESSAGE) == []


def test_an_early_retraction_waits_though_another_chat_has_its_id(core: Core) -> None:
    stream = core.online(contact(ALICE, "Alice"))
    stream.receive_message("bob@example.net/x", "his first", id_="1")
    stream.receive_message(PHONE, None, id_="2", extra="<retract xmlns='urn:xmpp:message-retract:1' id='1'/>")
    stream.receive_message(PHONE, "her first", id_="1")
    said = core.database.rows("SELECT sender, retracted FROM message ORDER BY id")
    assert said == [("bob@example.net/x", 0), (PHONE, 1)]
