"""Typing: heard from contacts, told to those who want to know, kept nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.offers.typing import Typing
from whimbrel.model.contact import Availability, Subscription
from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import Source
from whimbrel.model.events import TypingChanged
from whimbrel.model.jid import JID
from whimbrel.model.typing import ChatState

NS = "http://jabber.org/protocol/chatstates"
DISCO = "http://jabber.org/protocol/disco#info"
ALICE = JID.parse("alice@example.net")
WANTS = f"<query xmlns='{DISCO}'><feature var='{NS}'/></query>"


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = Core(tmp_path)
    yield core
    assert core.faults == []
    core.close()


def state(name: str) -> str:
    return f"<{name} xmlns='{NS}'/>"


def told(stream: FakeStream) -> list[str]:
    """The states that were sent alone, and to whom."""
    found = [(str(to), type_, extensions) for to, type_, _, extensions in stream.extensions]
    assert all(type_ == "chat" for _, type_, _ in found)
    assert all(extensions[1].tag == "{urn:xmpp:hints}no-store" for _, _, extensions in found)
    return [f"{extensions[0].tag.rpartition('}')[2]} {to}" for to, _, extensions in found]


def start(core: Core, *, subscription: Subscription = Subscription.BOTH) -> tuple[FakeStream, Typing, Conversation]:
    stream = core.online(contact("alice@example.net", "Alice", subscription=subscription))
    return stream, core.services.offer(Typing), core.services.conversations.open(stream.account_id, ALICE)


async def test_who_writes_is_heard_until_they_pause_or_say_it_or_leave(core: Core) -> None:
    stream, typing, _ = start(core)
    stream.presence("alice@example.net/x")
    for ends in (state("paused"), state("active"), state("gone"), "said", "left"):
        stream.receive_message("alice@example.net/x", None, extra=state("composing"))
        stream.receive_message("alice@example.net/y", None, extra=state("paused"))
        assert typing.is_typing(stream.account_id, ALICE)
        if ends == "left":
            stream.presence("alice@example.net/x", Availability.OFFLINE)
        else:
            body = "hi" if ends == "said" else None
            stream.receive_message("alice@example.net/x", body, extra="" if body else ends)
        assert not typing.is_typing(stream.account_id, ALICE)
    assert len(core.published(TypingChanged)) == 10
    assert core.database.rows("SELECT body FROM message") == [("hi",)]
    assert core.database.rows("SELECT * FROM waiting") == core.database.rows("SELECT * FROM outbox") == []


@pytest.mark.parametrize(
    ("sender", "extra", "source"),
    [
        pytest.param("mallory@evil.example/x", state("composing"), Source.LIVE, id="a stranger"),
        pytest.param("me@example.org/phone", state("composing"), Source.LIVE, id="ourselves"),
        pytest.param("alice@example.net/x", state("composing"), Source.ARCHIVE, id="the past"),
        pytest.param("alice@example.net/x", state("composing") + state("paused"), Source.LIVE, id="two states"),
        pytest.param(
            "alice@example.net/x",
            state("composing") + "<delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>",
            Source.LIVE,
            id="kept for us",
        ),
    ],
)
async def test_nobody_else_is_heard(core: Core, sender: str, extra: str, source: Source) -> None:
    stream, typing, _ = start(core)
    stream.receive_message(sender, None, extra=extra, source=source, to="alice@example.net" if "me@" in sender else "")
    assert not typing.is_typing(stream.account_id, ALICE)
    assert core.published(TypingChanged) == []
    assert core.database.rows("SELECT * FROM message") == []


async def test_those_are_told_whose_programs_want_to_know(core: Core) -> None:
    stream, typing, conversation = start(core)
    typing.tell(conversation, ChatState.COMPOSING)
    assert all(to != ALICE for _, to, _ in stream.requests), "she is not there"
    stream.presence("alice@example.net/x")
    stream.answers[f"{{{DISCO}}}query", JID.parse("alice@example.net/x")] = WANTS
    typing.tell(conversation, ChatState.COMPOSING)
    typing.tell(conversation, ChatState.COMPOSING)
    await core.tasks.wait_all()
    assert len([to for _, to, _ in stream.requests if to is not None and to.resource]) == 1
    for said in (ChatState.COMPOSING, ChatState.COMPOSING, ChatState.PAUSED, ChatState.PAUSED, ChatState.GONE):
        typing.tell(conversation, said)
    assert told(stream) == [f"{name} alice@example.net" for name in ("composing", "paused", "gone")]


async def test_who_answers_without_a_state_is_told_nothing(core: Core) -> None:
    stream, typing, conversation = start(core)
    stream.receive_message("alice@example.net/x", "from an old program")
    typing.tell(conversation, ChatState.COMPOSING)
    core.services.outbox.submit(conversation.id, "hello")
    await core.settle()
    assert told(stream) == []
    assert all(f"{{{NS}}}active" != extension.tag for extension in stream.sent[0].extensions)
    stream.receive_message("alice@example.net/x", None, extra=state("composing"))
    core.services.outbox.submit(conversation.id, "again")
    await core.settle()
    assert f"{{{NS}}}active" in [extension.tag for extension in stream.sent[1].extensions]
    typing.tell(conversation, ChatState.COMPOSING)
    assert told(stream) == ["composing alice@example.net"]


async def test_the_person_can_switch_it_off_and_strangers_are_told_nothing(core: Core) -> None:
    stream, typing, conversation = start(core, subscription=Subscription.TO)
    stream.receive_message("alice@example.net/x", "hi", extra=state("active"))
    typing.tell(conversation, ChatState.COMPOSING)
    assert told(stream) == [], "she may not see us"
    stream.push("alice@example.net", contact("alice@example.net", "Alice"))
    core.choice.send_typing = False
    typing.tell(conversation, ChatState.COMPOSING)
    core.services.outbox.submit(conversation.id, "hello")
    await core.settle()
    assert told(stream) == []
    assert all(f"{{{NS}}}active" != extension.tag for extension in stream.sent[0].extensions)
    core.choice.send_typing = True
    typing.tell(conversation, ChatState.COMPOSING)
    assert told(stream) == ["composing alice@example.net"]


async def test_without_a_connection_nothing_is_kept_for_later(core: Core) -> None:
    stream, typing, conversation = start(core)
    stream.receive_message("alice@example.net/x", "hi", extra=state("active"))
    stream.receive_message("alice@example.net/x", None, extra=state("composing"))
    stream.lose()
    assert not typing.is_typing(stream.account_id, ALICE)
    typing.tell(conversation, ChatState.COMPOSING)
    stream.resume()
    await asyncio.sleep(0)
    assert told(stream) == []
    assert core.services.outbox.pending(stream.account_id) == []
