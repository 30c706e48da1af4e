"""Attention: off until it is wanted, from contacts alone, and seldom."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.offers.attention import Attention
from whimbrel.model.envelope import Source
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import AttentionAsked
from whimbrel.model.jid import JID

ATTENTION = "<attention xmlns='urn:xmpp:attention:0'/>"
DELAY = "<delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>"
DISCO = "http://jabber.org/protocol/disco#info"
ALICE = JID.parse("alice@example.net")


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = Core(tmp_path)
    core.choice.accept_attention = True
    yield core
    assert core.faults == []
    core.close()


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact("alice@example.net", "Alice"), contact("bob@example.net", "Bob"))


def asked(core: Core) -> list[str]:
    return [event.jid.local for event in core.published(AttentionAsked)]


async def test_a_contact_is_heard_once_in_a_while(core: Core, stream: FakeStream) -> None:
    for _ in range(20):
        stream.receive_message("alice@example.net/x", None, type_="headline", extra=ATTENTION)
    stream.receive_message("bob@example.net/x", "Why don't you answer?", type_="headline", extra=ATTENTION)
    assert asked(core) == ["alice", "bob"]
    assert core.database.rows("SELECT body FROM message") == [("Why don't you answer?",)]


async def test_it_is_off_at_first_and_not_told_of(core: Core, stream: FakeStream) -> None:
    core.choice.accept_attention = False
    stream.receive_message("alice@example.net/x", None, type_="headline", extra=ATTENTION)
    assert asked(core) == []
    told = {name for feature in core.features for name in feature.advertised()}
    assert "urn:xmpp:attention:0" not in told
    core.choice.accept_attention = True
    assert "urn:xmpp:attention:0" in {name for feature in core.features for name in feature.advertised()}


async def test_nobody_else_and_nothing_old_is_heard(core: Core, stream: FakeStream) -> None:
    stream.receive_message("mallory@evil.example/x", None, type_="headline", extra=ATTENTION)
    stream.receive_message("alice@example.net/x", None, type_="headline", extra=ATTENTION + DELAY)
    stream.receive_message("alice@example.net/x", None, extra=ATTENTION, source=Source.ARCHIVE)
    stream.receive_message("alice@example.net/x", None, extra=ATTENTION, source=Source.CARBON)
    stream.receive_message("me@example.org/phone", None, extra=ATTENTION, to="alice@example.net")
    assert asked(core) == []


async def test_those_are_asked_whose_programs_allow_it_once_a_minute(core: Core, stream: FakeStream) -> None:
    attention = core.services.offer(Attention)
    conversation = core.services.conversations.open(stream.account_id, ALICE)
    assert not attention.can_ask(conversation)
    stream.presence("alice@example.net/x")
    assert attention.can_ask(conversation)
    with pytest.raises(KnownError) as caught:
        await attention.ask(conversation)
    assert caught.value.kind is ErrorKind.UNAVAILABLE
    answer = f"<query xmlns='{DISCO}'><feature var='urn:xmpp:attention:0'/></query>"
    stream.answers[f"{{{DISCO}}}query", JID.parse("alice@example.net/x")] = answer
    await attention.ask(conversation)
    ((to, type_, _, (extension,)),) = stream.extensions
    assert (str(to), type_, extension.tag) == ("alice@example.net/x", "headline", "{urn:xmpp:attention:0}attention")
    with pytest.raises(KnownError) as caught:
        await attention.ask(conversation)
    assert caught.value.kind is ErrorKind.TRY_LATER


async def test_two_quick_clicks_ask_once(core: Core, stream: FakeStream) -> None:
    attention = core.services.offer(Attention)
    conversation = core.services.conversations.open(stream.account_id, ALICE)
    stream.presence("alice@example.net/x")
    answer = f"<query xmlns='{DISCO}'><feature var='urn:xmpp:attention:0'/></query>"
    stream.answers[f"{{{DISCO}}}query", JID.parse("alice@example.net/x")] = answer
    results = await asyncio.gather(*(attention.ask(conversation) for _ in range(2)), return_exceptions=True)
    assert [result is None for result in results] == [True, False]
    assert len(stream.extensions) == 1
