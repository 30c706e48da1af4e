"""What the server has of ours, and we of it, over sessions that end, go on, and are found again (XEP-0198)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.core.feature import Feature
from whimbrel.core.stream import Stream
from whimbrel.model.account import AccountId, ConnectionState
from whimbrel.model.conversation import Conversation
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ConnectionChanged, MessageAdded, MessageChanged, StorageFailed
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Message
from whimbrel.model.stream import ResumableSession

ALICE = JID.parse("alice@example.net")
SESSION = ResumableSession("s1", JID.parse("me@example.org/desk"))


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


@pytest.fixture
def stream(core: Core) -> FakeStream:
    stream = core.online()
    stream.acknowledges = False
    return stream


def send(core: Core, stream: FakeStream, *bodies: str) -> list[Message]:
    conversation = open_with(core, stream)
    return [core.services.outbox.submit(conversation.id, body) for body in bodies]


def open_with(core: Core, stream: FakeStream) -> Conversation:
    return core.services.conversations.open(stream.account_id, ALICE)


def latest(core: Core, stream: FakeStream) -> list[tuple[str, DeliveryState]]:
    found = core.services.conversations.latest(open_with(core, stream).id, 100)
    return [(message.body, message.state) for message in found]


def open_and_read(core: Core, stream: FakeStream) -> Message:
    (message,) = core.services.conversations.latest(open_with(core, stream).id, 100)
    return message


def restart(core: Core, tmp_path: Path) -> tuple[Core, FakeStream]:
    """The program is killed and started again."""
    core.close()
    again = Core(tmp_path)
    again.services.accounts.start_all()
    (stream,) = again.streams.values()
    return again, stream


def copy_of(message: Message) -> str:
    return f"<origin-id xmlns='urn:xmpp:sid:0' id='{message.wire_id}'/>"


class Looking(Feature):
    """Looks for messages: says that it cannot (``errors``), or shows those in ``there``."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.errors: list[KnownError] = []
        self.there: list[Message] = []
        self.asked: list[list[str]] = []

    async def confirm_sent(self, account_id: AccountId, stream: Stream, messages: Sequence[Message]) -> None:
        self.asked.append([message.body for message in messages])
        if self.errors:
            raise self.errors.pop(0)
        for message in self.there:
            assert isinstance(stream, FakeStream)
            stream.receive_message("me@example.org/desk", message.body, to=str(ALICE), extra=copy_of(message))


@pytest.fixture
def looking(core: Core, monkeypatch: pytest.MonkeyPatch) -> Looking:
    looking = Looking(core)
    monkeypatch.setattr(core.features[0], "confirm_sent", looking.confirm_sent)
    return looking


async def test_a_resumed_session_sends_nothing_again(core: Core, stream: FakeStream) -> None:
    send(core, stream, "one")
    await core.settle()
    stream.lose()
    stream.resume()
    await core.settle()
    assert latest(core, stream) == [("one", DeliveryState.IN_FLIGHT)]
    stream.acknowledge()
    assert latest(core, stream) == [("one", DeliveryState.SENT)]
    assert [message.body for message in stream.sent] == ["one"]


async def test_before_sending_again_it_is_looked_for_and_what_is_there_is_not_sent(
    core: Core, stream: FakeStream, looking: Looking
) -> None:
    one, _ = send(core, stream, "one", "two")
    await core.settle()
    stream.lose()
    send(core, stream, "three")
    stream.sent.clear()
    looking.there = [one]
    stream.go_online()
    await core.settle()
    assert looking.asked == [["one", "two"]]
    assert [message.body for message in stream.sent] == ["two", "three"]
    assert latest(core, stream)[0] == ("one", DeliveryState.SENT)


async def test_while_it_is_not_known_the_lane_waits_and_others_do_not(
    core: Core, stream: FakeStream, looking: Looking
) -> None:
    send(core, stream, "one")
    await core.settle()
    stream.lose()
    stream.sent.clear()
    looking.errors = [KnownError(ErrorKind.NO_ANSWER)] * 10
    stream.go_online()
    send(core, stream, "two")
    bob = core.services.conversations.open(stream.account_id, JID.parse("bob@example.net"))
    core.services.outbox.submit(bob.id, "to bob")
    await core.settle()
    assert [message.body for message in stream.sent] == ["to bob"]
    assert latest(core, stream) == [("one", DeliveryState.UNCONFIRMED), ("two", DeliveryState.QUEUED)]
    stream.lose()
    looking.errors.clear()
    stream.go_online()
    await core.settle()
    assert [message.body for message in stream.sent if message.to == ALICE] == ["one", "two"]


@pytest.mark.parametrize(("start", "handled"), [(7, 8), (2**32 - 1, 0)])
async def test_the_count_of_a_server_that_knows_the_session_decides_after_a_restart(
    core: Core, stream: FakeStream, tmp_path: Path, start: int, handled: int
) -> None:
    stream.next_sequence = start
    send(core, stream, "one")
    await core.settle()
    stream.next_sequence = (start + 1) % 2**32
    send(core, stream, "two")
    await core.settle()
    stream.next_sequence = (start + 2) % 2**32
    send(core, stream, "three")
    await core.settle()
    core, stream = restart(core, tmp_path)
    stream.acknowledges = False
    stream.handler.on_recovered(handled)
    assert [state for _, state in latest(core, stream)] == [
        DeliveryState.SENT,
        DeliveryState.SENT,
        DeliveryState.QUEUED,
    ]
    stream.go_online()
    await core.settle()
    assert [message.body for message in stream.sent] == ["three"]


async def test_the_numbers_of_one_session_are_not_taken_for_those_of_the_next(
    core: Core, stream: FakeStream, tmp_path: Path
) -> None:
    stream.next_sequence = 4
    send(core, stream, "one")
    await core.settle()
    stream.handler.on_session(SESSION)  # the program ends before that one's roster
    core, stream = restart(core, tmp_path)
    stream.handler.on_recovered(4)
    assert latest(core, stream) == [("one", DeliveryState.UNCONFIRMED)]


async def test_what_is_handled_is_on_disk_with_the_messages(core: Core, stream: FakeStream, tmp_path: Path) -> None:
    stream.handler.on_session(SESSION)
    stream.handled = 3
    stream.receive_message("alice@example.net/x", "one")
    core, stream = restart(core, tmp_path)
    saved = stream.saved_session()
    assert saved is not None
    assert (saved.session_id, saved.address, saved.handled) == ("s1", SESSION.address, 3)
    stream.handler.on_counted(9)
    assert (stream.saved_session() or SESSION).handled == 9
    stream.handler.on_session(None)
    assert stream.saved_session() is None


async def test_an_unconfirmed_message_that_comes_back_is_sent_once(core: Core, stream: FakeStream) -> None:
    (message,) = send(core, stream, "one")
    await core.settle()
    for _ in range(2):
        stream.receive_message("me@example.org/desk", "one", to=str(ALICE), extra=copy_of(message))
    assert latest(core, stream) == [("one", DeliveryState.SENT)]
    assert core.base.outbox.pending(stream.account_id) == []
    assert [e.message.state for e in core.published(MessageChanged)][-1] is DeliveryState.SENT


async def test_what_another_device_wrote_is_ours_and_reads_what_stands_before(core: Core, stream: FakeStream) -> None:
    stream.receive_message("alice@example.net/x", "question")
    assert open_with(core, stream).unread == 1
    stream.receive_message("me@example.org/phone", "answer", to=str(ALICE))
    conversation = open_with(core, stream)
    assert (conversation.unread, conversation.preview, conversation.preview_outgoing) == (0, "answer", True)
    assert latest(core, stream)[-1] == ("answer", DeliveryState.SENT)


async def test_what_waited_takes_its_place_when_it_leaves_and_keeps_its_order(core: Core, stream: FakeStream) -> None:
    stream.lose()
    send(core, stream, "one", "two")
    later = datetime.now(UTC) + timedelta(seconds=1)
    stream.receive_message("alice@example.net/x", "meanwhile", received=later)
    stream.acknowledges = True
    stream.go_online()
    await core.settle()
    assert [body for body, _ in latest(core, stream)] == ["meanwhile", "one", "two"]
    conversation = open_with(core, stream)
    assert (conversation.preview, conversation.preview_outgoing) == ("two", True)


async def test_a_copy_of_what_came_back_does_not_stand_for_sending_it_again(
    core: Core, stream: FakeStream, looking: Looking
) -> None:
    (message,) = send(core, stream, "one")
    await core.settle()
    stream.acknowledge()
    stream.receive_message(str(ALICE), None, type_="error", id_=message.wire_id, extra="<error type='cancel'/>")
    core.services.outbox.retry(message.id)
    stream.sent.clear()
    stream.receive_message("me@example.org/desk", "one", to=str(ALICE), extra=copy_of(message))
    await core.settle()
    again = open_and_read(core, stream)
    stream.lose()  # in the middle of trying again: the archive has the first one only
    looking.there = [message]
    stream.go_online()
    await core.settle()
    assert again.wire_id != message.wire_id
    assert [m.wire_id for m in stream.sent] == [again.wire_id] * 2
    assert latest(core, stream) == [("one", DeliveryState.IN_FLIGHT)]
    both = f"<origin-id xmlns='urn:xmpp:sid:0' id='{message.wire_id}'/>"  # by which others take the two for one
    assert stream.sent[-1].origin_id == message.wire_id
    stream.receive_message("me@example.org/desk", "one", to=str(ALICE), id_=again.wire_id, extra=both)
    assert latest(core, stream) == [("one", DeliveryState.SENT)]
    assert core.base.outbox.pending(stream.account_id) == []
    assert len(core.published(MessageAdded)) == 1


async def test_what_is_said_of_the_first_time_is_told_apart_from_the_second(core: Core, stream: FakeStream) -> None:
    (message,) = send(core, stream, "one")
    await core.settle()
    error = "<error type='cancel'/>"
    stream.receive_message(str(ALICE), None, type_="error", id_=message.wire_id, extra=error)
    core.services.outbox.retry(message.id)
    await core.settle()
    stream.receive_message(str(ALICE), None, type_="error", id_=message.wire_id, extra=error)
    stream.handler.on_acknowledged([message.wire_id])
    assert latest(core, stream) == [("one", DeliveryState.IN_FLIGHT)], "neither an error nor an acknowledgement"
    receipt = f"<received xmlns='urn:xmpp:receipts' id='{message.wire_id}'/>"
    stream.receive_message("alice@example.net/x", None, extra=receipt)
    assert latest(core, stream) == [("one", DeliveryState.DELIVERED)], "but they have it"


async def test_a_feature_with_a_fault_keeps_no_other_from_its_session(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("our bug")

    monkeypatch.setattr(core.features[0], "on_online", fail)
    monkeypatch.setattr(core.features[1], "on_online", lambda *_, **__: told.append("second"))
    send(core, stream, "one")
    await core.settle()
    stream.lose()
    stream.go_online()
    await core.settle()
    assert told == ["second"]
    assert [str(fault) for fault in core.faults] == ["our bug"]
    assert [message.body for message in stream.sent] == ["one", "one"], "nor what is to be sent again"
    assert core.published(ConnectionChanged)[-1].status.state is ConnectionState.ONLINE


async def test_a_disk_that_is_full_while_coming_online_is_told(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def refuse(*_: object, **__: object) -> None:
        raise KnownError(ErrorKind.DISK_FULL)

    monkeypatch.setattr(core.features[0], "on_online", refuse)
    monkeypatch.setattr(core.features[1], "on_online", lambda *_, **__: told.append("second"))
    stream.lose()
    stream.go_online()
    assert told == ["second"]
    assert [event.error.kind for event in core.published(StorageFailed)] == [ErrorKind.DISK_FULL]
    assert core.published(ConnectionChanged)[-1].status.state is ConnectionState.ONLINE


async def test_after_a_fault_while_looking_the_others_look_too_and_it_is_looked_again(
    core: Core, stream: FakeStream, looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whimbrel.core.session._PATIENCE", (0.0,))
    times: list[int] = []

    async def find_one_later(account_id: AccountId, stream: Stream, messages: Sequence[Message]) -> None:
        times.append(len(messages))
        if len(times) == 1:
            raise RuntimeError("our bug")
        await looking.confirm_sent(account_id, stream, messages)

    other = Looking(core)
    monkeypatch.setattr(core.features[0], "confirm_sent", find_one_later)
    monkeypatch.setattr(core.features[1], "confirm_sent", other.confirm_sent)
    one, two, _ = send(core, stream, "one", "two", "three")
    looking.there, other.there = [one], [two]
    await core.settle()
    stream.lose()
    stream.sent.clear()
    stream.go_online()
    await core.settle()
    assert [message.body for message in stream.sent] == ["three"], "what the server has is sent by no fault again"
    assert [str(fault) for fault in core.faults] == ["our bug"]
    assert len(other.asked) == 1, "who could tell is not asked again"


async def test_a_fault_that_stays_does_not_hold_messages_back(
    core: Core, stream: FakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("our bug")

    monkeypatch.setattr("whimbrel.core.session._PATIENCE", (0.0, 0.0))
    send(core, stream, "one")
    await core.settle()
    stream.lose()
    stream.sent.clear()
    monkeypatch.setattr(core.features[0], "confirm_sent", fail)
    stream.go_online()
    await core.settle()
    assert [message.body for message in stream.sent] == ["one"]
    assert [str(fault) for fault in core.faults] == ["our bug"] * 3
