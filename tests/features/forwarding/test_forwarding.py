"""Forwarding: the text and the files' addresses as a new message; what others forward is never speech (S14)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, BOB, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.offers.forwarding import Forwarding
from whimbrel.model.events import MessageAdded
from whimbrel.model.jid import JID
from whimbrel.model.message import Direction, Message

FULL = "alice@example.net/phone"
URL = "https://up.example.net/1/cat.png"
OOB = f"<x xmlns='jabber:x:oob'><url>{URL}</url></x>"


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact("alice@example.net"), contact("bob@example.net"))


def last(core: Core, stream: FakeStream, jid: JID = ALICE) -> Message:
    return core.services.conversations.latest(core.services.conversations.open(stream.account_id, jid).id, 1)[0]


def test_the_text_goes_to_another_and_his_draft_stays(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "see you at ten", id_="m1")
    bobs = core.services.conversations.open(stream.account_id, BOB)
    core.services.conversations.set_draft(bobs.id, "half a thought")
    core.services.offer(Forwarding).forward(last(core, stream), stream.account_id, BOB)
    assert [(str(sent.to), sent.body) for sent in stream.sent] == [("bob@example.net", "see you at ten")]
    assert last(core, stream, BOB).direction is Direction.OUT
    assert core.services.conversations.draft(bobs.id) == "half a thought"


def test_a_file_goes_as_a_file(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, URL, id_="m1", extra=OOB)
    core.services.offer(Forwarding).forward(last(core, stream), stream.account_id, BOB)
    (sent,) = stream.sent
    assert sent.body == URL
    assert any(one.tag == "{jabber:x:oob}x" for one in sent.extensions)


def test_the_answer_to_something_goes_without_what_it_answers(core: Core, stream: FakeStream) -> None:
    fallback = "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='8'/></fallback>"
    stream.receive_message(FULL, "> well?\nyes", extra="<reply xmlns='urn:xmpp:reply:0' id='m0'/>" + fallback)
    core.services.offer(Forwarding).forward(last(core, stream), stream.account_id, BOB)
    assert [sent.body for sent in stream.sent] == ["yes"]


def test_what_was_taken_back_is_not_passed_on(core: Core, stream: FakeStream) -> None:
    stream.receive_message(FULL, "oops", id_="m1")
    stream.receive_message(FULL, None, extra="<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>")
    assert not core.services.offer(Forwarding).can_forward(last(core, stream))


def test_s14_what_is_wrapped_is_never_speech(core: Core, stream: FakeStream) -> None:
    wrapped = (
        "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='bob@example.net/x' type='chat'>"
        "<body>forged</body><reply xmlns='urn:xmpp:reply:0' id='m1'/>"
        "<reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>😡</reaction></reactions></message></forwarded>"
    )
    stream.receive_message(FULL, None, extra=wrapped)
    stream.receive_message(FULL, "look", id_="m2", extra=wrapped)
    assert [event.message.body for event in core.published(MessageAdded)] == ["look"]
    assert [str(one.jid) for one in core.services.conversations.list_conversations()] == ["alice@example.net"]
