"""What the disk refuses is not taken for done: it raises out to the stream, which then tells it again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.builders import ALICE, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import StorageFailed
from whimbrel.model.message import DeliveryState
from whimbrel.model.stream import ResumableSession

SESSION = ResumableSession("s2", ALICE)


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    stream = core.online(contact("alice@example.net"))
    stream.acknowledges = False
    return stream


def fill_disk(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    execute = core.database.execute

    def refuse(sql: str, parameters: Any = ()) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            raise KnownError(ErrorKind.DISK_FULL)
        return execute(sql, parameters)

    monkeypatch.setattr(core.database, "execute", refuse)


Told = Callable[[FakeStream], None]

TOLD: dict[str, Told] = {
    "acknowledged": lambda stream: stream.acknowledge(),
    "recovered": lambda stream: stream.handler.on_recovered(1),
    "session": lambda stream: stream.handler.on_session(SESSION),
    "roster": lambda stream: stream.roster(contact("bob@example.net")),
    "push": lambda stream: stream.push("bob@example.net", contact("bob@example.net")),
    "subscription": lambda stream: stream.subscription("bob@example.net"),
}


@pytest.mark.parametrize("what", TOLD)
async def test_what_the_stream_tells_is_not_done_with_while_it_cannot_be_kept(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    stream.next_sequence = 1
    conversation = core.services.conversations.open(stream.account_id, ALICE)
    core.services.outbox.submit(conversation.id, "one")
    await core.settle()
    with monkeypatch.context() as full:
        fill_disk(core, full)
        with pytest.raises(KnownError, match="disk-full"):
            TOLD[what](stream)
    assert core.published(StorageFailed)
    TOLD[what](stream)


async def test_a_message_that_is_refused_stays_in_the_outbox_until_that_can_be_kept(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whimbrel.core.worker._FIRST_DELAY", 0.0)
    set_state, refused = core.base.stores.messages.set_state, 0

    def refuse_some(message_id: Any, state: DeliveryState, error: str = "") -> Any:
        nonlocal refused
        if state is DeliveryState.FAILED and refused < 2:
            refused += 1
            raise KnownError(ErrorKind.DISK_FULL)
        return set_state(message_id, state, error)

    def too_large(_: object) -> None:
        raise KnownError(ErrorKind.TOO_LARGE)

    monkeypatch.setattr(core.base.stores.messages, "set_state", refuse_some)
    monkeypatch.setattr(stream, "send_message", too_large)
    conversation = core.services.conversations.open(stream.account_id, ALICE)
    core.services.outbox.submit(conversation.id, "one")
    await core.settle()
    (message,) = core.services.conversations.latest(conversation.id, 10)
    assert message.state is DeliveryState.FAILED
    assert len(core.published(StorageFailed)) == 2


async def test_what_is_unconfirmed_is_sent_once_the_disk_has_room(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whimbrel.core.session._DISK_PATIENCE", 0.0)
    conversation = core.services.conversations.open(stream.account_id, ALICE)
    core.services.outbox.submit(conversation.id, "one")
    await core.settle()
    stream.lose()
    stream.sent.clear()
    requeue, refused = core.base.handover.requeue, 0

    def refuse_some(account_id: Any) -> None:
        nonlocal refused
        refused += 1
        if refused < 3:
            raise KnownError(ErrorKind.DISK_FULL)
        requeue(account_id)

    monkeypatch.setattr(core.base.handover, "requeue", refuse_some)
    stream.go_online()
    await core.settle()
    assert [message.body for message in stream.sent] == ["one"]
