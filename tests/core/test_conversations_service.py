"""Conversations: opened once, read in pages, pinned, marked read; what cannot be written is told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed, ConversationChanged, StorageFailed
from whimbrel.model.message import DeliveryState


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    return core.online(contact("alice@example.net"))


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_pages_meet_without_gap_or_overlap(core: Core, stream: FakeStream) -> None:
    conversations = core.services.conversations
    opened = conversations.open(stream.account_id, ALICE.with_resource("phone"))
    assert conversations.open(stream.account_id, ALICE).id == opened.id
    for number in range(10):
        stream.receive_message("alice@example.net/x", str(number))
    last = conversations.latest(opened.id, 4)
    assert [m.body for m in last] == ["6", "7", "8", "9"]
    assert [m.body for m in conversations.before(last[0], 3)] == ["3", "4", "5"]
    assert [m.body for m in conversations.after(last[0], 99)] == ["7", "8", "9"]


def test_pinning_and_reading_are_told(core: Core, stream: FakeStream) -> None:
    opened = core.services.conversations.open(stream.account_id, ALICE)
    core.services.conversations.set_pinned(opened.id, True)
    assert core.published(ConversationChanged)[-1].conversation.pinned
    stream.receive_message("alice@example.net/x", "one")
    core.services.unread.mark_read(opened.id)
    assert core.published(ConversationChanged)[-1].conversation.unread == 0
    told = len(core.events)
    core.services.unread.mark_read(opened.id)
    assert len(core.events) == told


async def test_an_acknowledgement_that_cannot_be_written_keeps_the_row(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise KnownError(ErrorKind.DISK_FULL)

    opened = core.services.conversations.open(stream.account_id, ALICE)
    message = core.services.outbox.submit(opened.id, "x")
    with monkeypatch.context() as patch:
        patch.setattr(core.base.stores.outbox, "remove", refuse)
        await settle()
    assert core.published(StorageFailed) == [StorageFailed(KnownError(ErrorKind.DISK_FULL))]
    assert [row.key for row in core.base.outbox.pending(stream.account_id)] == [message.wire_id]
    stream.acknowledge()
    (stored,) = core.services.conversations.latest(opened.id, 9)
    assert stored.state is DeliveryState.SENT


async def test_a_connection_that_ends_while_sending_queues_the_message_again(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_: object) -> None:
        raise KnownError(ErrorKind.NOT_CONNECTED)

    opened = core.services.conversations.open(stream.account_id, ALICE)
    with monkeypatch.context() as patch:
        patch.setattr(stream, "send_message", lost)
        core.services.outbox.submit(opened.id, "x")
        await settle()
    (stored,) = core.services.conversations.latest(opened.id, 9)
    assert stored.state is DeliveryState.QUEUED
    stream.lose()
    stream.go_online()
    await settle()
    assert [message.body for message in stream.sent] == ["x"]


async def test_a_refused_subscription_is_told(core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise KnownError(ErrorKind.NOT_ALLOWED)

    monkeypatch.setattr(stream, "send_subscription", refuse)
    stream.subscription("bob@example.net")
    core.services.requests.decline(stream.account_id, contact("bob@example.net").jid)
    await settle()
    assert [(e.action, e.subject) for e in core.published(ActionFailed)] == [("subscription", "bob@example.net")]
    assert core.base.outbox.pending(stream.account_id) == []
