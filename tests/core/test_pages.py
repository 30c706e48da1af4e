"""Pages of an archive: one transaction each, in the archive's order, counted as news or as history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream, message_element

from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import Envelope, Source
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ConversationRead, MessageAdded
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Direction

ALICE = JID.parse("alice@example.net/x")
OWN = JID.parse("me@example.org/phone")
THEN = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online()


def archived(stream: FakeStream, number: int, sender: JID = ALICE, *, news: bool = True) -> Envelope:
    """The ``number``-th message of the archive."""
    body = f"number {number}"
    return Envelope(
        account_id=stream.account_id,
        own_jid=stream.full_jid,
        sender=sender,
        recipient=ALICE.bare if sender == OWN else stream.full_jid.bare,
        type="chat",
        wire_id=f"w{number}",
        element=message_element(body, id_=f"w{number}"),
        received=datetime.now(UTC),
        source=Source.ARCHIVE,
        archive_ids=True,
        archive_id=f"a{number}",
        stamp=THEN + timedelta(minutes=number),
        news=news,
    )


def nothing() -> None:
    """No cursor."""


def chat(core: Core, stream: FakeStream) -> Conversation:
    return core.services.conversations.open(stream.account_id, ALICE)


def bodies(core: Core, stream: FakeStream) -> list[str]:
    return [message.body for message in core.services.conversations.latest(chat(core, stream).id, 100)]


def numbers(*which: int) -> list[str]:
    return [f"number {number}" for number in which]


def test_pages_come_newest_first_and_stand_in_the_archives_order(core: Core, stream: FakeStream) -> None:
    stream.receive_message(str(ALICE), "live")
    for page in ((4, 5), (2, 3), (1,)):
        counts = core.base.incoming.receive_page([archived(stream, number) for number in page], nothing)
        assert counts == {chat(core, stream).id: len(page)}
    assert bodies(core, stream) == [*numbers(1, 2, 3, 4, 5), "live"]
    assert chat(core, stream).unread == 6
    assert [event.notify for event in core.published(MessageAdded)] == [True] + [False] * 5


def test_the_cursor_is_in_the_transaction_of_its_page(core: Core, stream: FakeStream) -> None:
    def full() -> None:
        raise KnownError(ErrorKind.DISK_FULL)

    with pytest.raises(KnownError):
        core.base.incoming.receive_page([archived(stream, 1)], full)
    assert bodies(core, stream) == []
    assert core.published(MessageAdded) == []


def test_live_carbon_and_archive_are_one_message(core: Core, stream: FakeStream) -> None:
    stanza_id = "<stanza-id xmlns='urn:xmpp:sid:0' by='me@example.org' id='a1'/>"
    stream.receive_message(str(ALICE), "number 1", id_="w1", extra=stanza_id)
    core.base.incoming.receive_page([archived(stream, 1)], nothing)
    origin = "<origin-id xmlns='urn:xmpp:sid:0' id='o2'/>"
    stream.receive_message(str(ALICE), "number 2", id_="w2", extra=origin)
    element = message_element("number 2", id_="w2", extra=origin)
    core.base.incoming.receive_page([replace(archived(stream, 2), element=element)], nothing)
    stream.receive_message(str(ALICE), "number 2", id_="w2", extra=stanza_id.replace("a1", "a2"))
    assert bodies(core, stream) == numbers(1, 2)


def test_history_of_before_is_read_and_news_counts_after_what_we_wrote(core: Core, stream: FakeStream) -> None:
    old = [archived(stream, number, news=False) for number in (1, 2)]
    assert core.base.incoming.receive_page(old, nothing) == {}
    assert chat(core, stream).unread == 0
    page = [archived(stream, 3), archived(stream, 4, OWN), archived(stream, 5)]
    assert core.base.incoming.receive_page(page, nothing) == {chat(core, stream).id: 1}
    found = chat(core, stream)
    assert (found.unread, found.preview) == (1, "number 5")
    last = core.services.conversations.latest(found.id, 3)
    assert (last[1].direction, last[1].state) == (Direction.OUT, DeliveryState.SENT)
    assert core.services.conversations.first_unread(found.id) == last[2].id


def test_an_older_page_counts_only_what_lies_after_what_we_wrote(core: Core, stream: FakeStream) -> None:
    core.base.incoming.receive_page([archived(stream, 5, OWN), archived(stream, 6)], nothing)
    assert (
        core.base.incoming.receive_page([archived(stream, 3), archived(stream, 4)], nothing)
        == {chat(core, stream).id: 1}
        or chat(core, stream).unread == 1
    )
    assert chat(core, stream).unread == 1


def test_reading_here_is_told_and_reading_elsewhere_only_counts(core: Core, stream: FakeStream) -> None:
    for number in range(3):
        stream.receive_message(str(ALICE), f"number {number}")
    conversation = chat(core, stream)
    first, _, last = core.services.conversations.latest(conversation.id, 3)
    assert core.base.stores.conversations.move_read_position(conversation.id, first) == 2
    assert chat(core, stream).unread == 2
    assert core.services.unread.read_position(conversation.id) == first
    assert core.published(ConversationRead) == []
    core.services.unread.mark_read(conversation.id)
    assert [event.message for event in core.published(ConversationRead)] == [last]
    assert core.base.stores.conversations.move_read_position(conversation.id, first) is None
    assert core.services.unread.read_position(conversation.id) == last
    core.services.unread.set_viewed(conversation.id, True)
    stream.receive_message(str(ALICE), "seen at once")
    assert [event.message.body for event in core.published(ConversationRead)] == ["number 2", "seen at once"]
