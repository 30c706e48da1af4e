"""What the person says of conversations: muted, put away, marked as unread; drafts; notes to oneself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.model.conversation import FOREVER, Conversation, ConversationId
from whimbrel.model.envelope import Source
from whimbrel.model.events import ConversationChanged, ConversationRead
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState

ALICE = "alice@example.net"


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = Core(tmp_path)
    yield core
    assert core.faults == []
    core.close()


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact(ALICE, "Alice"))


def alice(core: Core, stream: FakeStream) -> ConversationId:
    return core.services.conversations.open(stream.account_id, JID.parse(ALICE)).id


def now(core: Core, conversation_id: ConversationId) -> Conversation:
    """As it is on disk, which is what was told of it last."""
    found = core.services.conversations.find(conversation_id)
    assert found is not None
    told = [event.conversation for event in core.published(ConversationChanged)]
    assert told[-1] == found
    return found


async def test_something_new_brings_back_what_was_put_away(core: Core, stream: FakeStream) -> None:
    key, conversations = alice(core, stream), core.services.conversations
    stream.receive_message(f"{ALICE}/x", "hello")
    conversations.set_archived(key, True)
    assert now(core, key).archived
    stream.receive_message(f"{ALICE}/x", "again")
    assert not now(core, key).archived
    conversations.set_archived(key, True)
    core.services.outbox.submit(key, "mine")
    assert not now(core, key).archived


async def test_not_while_it_is_muted(core: Core, stream: FakeStream) -> None:
    key, conversations = alice(core, stream), core.services.conversations
    conversations.set_archived(key, True)
    conversations.set_muted(key, FOREVER)
    stream.receive_message(f"{ALICE}/x", "psst")
    core.services.outbox.submit(key, "mine")
    assert (now(core, key).archived, now(core, key).muted_until) == (True, FOREVER)
    conversations.set_muted(key, datetime.now(UTC) - timedelta(seconds=1))
    stream.receive_message(f"{ALICE}/x", "the time is over")
    assert not now(core, key).archived
    conversations.set_muted(key, None)
    assert now(core, key).muted_until is None


async def test_old_pages_bring_nothing_back(core: Core, stream: FakeStream) -> None:
    key = alice(core, stream)
    stream.receive_message(f"{ALICE}/x", "hello")
    core.services.conversations.set_archived(key, True)
    old = "<delay xmlns='urn:xmpp:delay' from='example.org' stamp='2020-02-02T02:02:02Z'/>"
    stream.receive_message(f"{ALICE}/x", None, extra="<received xmlns='urn:xmpp:receipts' id='x'/>" + old)
    assert now(core, key).archived


@pytest.mark.parametrize("ends", ["looked at", "marked", "answered", "answered elsewhere", "new"])
async def test_marked_as_unread_until_the_person_comes_back(core: Core, stream: FakeStream, ends: str) -> None:
    key, unread = alice(core, stream), core.services.unread
    stream.receive_message(f"{ALICE}/x", "hello")
    unread.mark_read(key)
    read = len(core.published(ConversationRead))
    unread.mark_unread(key)
    assert (now(core, key).marked_unread, now(core, key).unread) == (True, 0)
    match ends:
        case "looked at":
            unread.set_viewed(key, True)
        case "marked":
            unread.mark_read(key)
        case "answered":
            core.services.outbox.submit(key, "mine")
            unread.mark_read(key)
        case "answered elsewhere":
            stream.receive_message("me@example.org/phone", "mine", to=ALICE, source=Source.CARBON)
        case "new":
            stream.receive_message(f"{ALICE}/x", "again")
            assert (now(core, key).marked_unread, now(core, key).unread) == (True, 1)
            unread.mark_read(key)
            read += 1
    assert not now(core, key).marked_unread
    assert len(core.published(ConversationRead)) == read, "it was told of when it was read"


async def test_all_of_it_survives_a_restart(core: Core, stream: FakeStream, tmp_path: Path) -> None:
    key, conversations = alice(core, stream), core.services.conversations
    until = datetime.now(UTC) + timedelta(hours=8)
    conversations.set_muted(key, until)
    conversations.set_archived(key, True)
    conversations.set_draft(key, "a draft\nof two lines " + "x" * 1000)
    core.services.unread.mark_unread(key)
    core.close()
    again = Core(tmp_path)
    (found,) = again.services.conversations.list_conversations()
    assert (found.muted_until, found.archived, found.marked_unread) == (until, True, True)
    assert found.draft.startswith("a draft of two lines x")
    assert len(found.draft) == 200
    again.close()


async def test_drafts_are_told_of_and_go_with_the_message(core: Core, stream: FakeStream) -> None:
    key, conversations = alice(core, stream), core.services.conversations
    conversations.set_draft(key, "half a")
    assert now(core, key).draft == "half a"
    stream.receive_message(f"{ALICE}/x", "meanwhile")
    assert now(core, key).draft == "half a"
    core.services.outbox.submit(key, "half a thought")
    assert now(core, key).draft == ""


async def test_notes_to_oneself_are_there_once(core: Core, stream: FakeStream) -> None:
    me = JID.parse("me@example.org")
    key = core.services.conversations.open(stream.account_id, me).id
    note = core.services.outbox.submit(key, "buy oranges")
    await core.settle()
    (sent,) = stream.sent
    assert sent.to == me
    origin = f"<origin-id xmlns='urn:xmpp:sid:0' id='{sent.wire_id}'/>"
    stamp = "<stanza-id xmlns='urn:xmpp:sid:0' by='me@example.org' id='s1'/>"
    for source in (Source.LIVE, Source.CARBON, Source.CARBON):  # it comes back, and copies of both ways come too
        stream.receive_message(
            str(stream.full_jid), "buy oranges", id_=sent.wire_id, extra=origin + stamp, to=str(me), source=source
        )
    for source in (Source.LIVE, Source.CARBON):
        stream.receive_message("me@example.org/phone", "and milk", id_="p1", to=str(me), source=source)
    found = core.services.conversations.latest(key, 10)
    assert [(message.body, message.state) for message in found] == [
        ("buy oranges", DeliveryState.SENT),
        ("and milk", DeliveryState.SENT),
    ]
    assert found[0].id == note.id
    assert now(core, key).unread == 0
    assert [to for to, *_ in stream.extensions] == [], "nobody gets a receipt from oneself"
    await asyncio.sleep(0)
