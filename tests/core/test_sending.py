"""What the person sends: on disk first, in order, once, over lost connections and killed programs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.helpers.builders import ALICE, BOB, contact
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed, MessageAdded, MessageChanged, MessageRemoved
from whimbrel.model.message import DeliveryState, Message, ReferenceKind
from whimbrel.storage.connection import Cursor


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(tmp_path)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


class Commits:
    """Counts what is committed from now on: whole transactions, and writes outside of one."""

    def __init__(self, core: Core) -> None:
        self.count = 0
        self._depth = 0
        self._execute = core.database.execute
        core.database.execute = self._count  # type: ignore[method-assign]

    def _count(self, sql: str, parameters: Sequence[object] = ()) -> Cursor:
        self._depth += sql == "BEGIN IMMEDIATE"
        self._depth -= sql == "COMMIT"
        writes = sql.startswith(("INSERT", "UPDATE", "DELETE"))
        self.count += sql == "COMMIT" or (writes and not self._depth)
        return self._execute(sql, parameters)


def open_with(core: Core, stream: FakeStream, jid: object = ALICE) -> Conversation:
    assert jid in (ALICE, BOB)
    return core.services.conversations.open(stream.account_id, ALICE if jid is ALICE else BOB)


def states(core: Core, conversation: Conversation) -> list[DeliveryState]:
    return [m.state for m in core.services.conversations.latest(conversation.id, 1000)]


def only(core: Core, conversation: Conversation) -> Message:
    (message,) = core.services.conversations.latest(conversation.id, 1000)
    return message


async def test_submit_writes_message_and_row_and_drops_the_draft_at_once(core: Core) -> None:
    stream = core.stream(core.add_account().id)
    conversation = open_with(core, stream)
    core.services.conversations.set_draft(conversation.id, "hello")
    message = core.services.outbox.submit(conversation.id, "hello\nthere")
    assert core.services.conversations.draft(conversation.id) == ""
    assert only(core, conversation) == message
    assert (message.state, str(message.sender)) == (DeliveryState.QUEUED, "me@example.org")
    kinds, values = [ReferenceKind.ORIGIN], [message.wire_id]
    (bearer,) = core.base.stores.references.find_bearers(message.account_id, kinds, values)
    assert (bearer.message_id, bearer.reference.scope) == (message.id, message.sender)
    assert core.published(MessageAdded) == [MessageAdded(message, notify=False)]
    assert core.services.conversations.list_conversations()[0].preview == "hello there"
    assert stream.sent == []


@pytest.mark.parametrize("body", ["", " ", "\n\t"])
async def test_nothing_is_not_a_message(core: Core, body: str) -> None:
    stream = core.online()
    with pytest.raises(ValueError, match="empty"):
        core.services.outbox.submit(open_with(core, stream).id, body)


async def test_full_disk_keeps_the_draft(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = core.online()
    conversation = open_with(core, stream)
    core.services.conversations.set_draft(conversation.id, "precious")

    def refuse(*_: object) -> None:
        raise KnownError(ErrorKind.DISK_FULL)

    monkeypatch.setattr(core.base.stores.conversations, "set_last_message", refuse)
    with pytest.raises(KnownError, match="disk-full"):
        core.services.outbox.submit(conversation.id, "precious")
    assert core.services.conversations.draft(conversation.id) == "precious"
    assert core.services.conversations.latest(conversation.id, 10) == []
    assert core.base.outbox.pending(stream.account_id) == []


async def test_in_flight_is_on_disk_before_it_is_sent(core: Core) -> None:
    stream = core.online()
    stream.acknowledges = False
    conversation = open_with(core, stream)
    seen: list[DeliveryState] = []
    send = stream.send_message

    def watching(message: object) -> None:
        seen.extend(states(core, conversation))
        send(message)  # type: ignore[arg-type]

    stream.send_message = watching  # type: ignore[method-assign, assignment]
    core.services.outbox.submit(conversation.id, "x")
    await settle()
    assert seen == [DeliveryState.IN_FLIGHT]
    stream.acknowledge()
    assert states(core, conversation) == [DeliveryState.SENT]
    assert core.base.outbox.pending(stream.account_id) == []
    told = [event.message.state for event in core.published(MessageChanged)]
    assert told == [DeliveryState.IN_FLIGHT, DeliveryState.SENT]


async def test_written_offline_goes_out_in_order_when_online(core: Core) -> None:
    stream = core.stream(core.add_account().id)
    conversation = open_with(core, stream)
    for number in range(5):
        core.services.outbox.submit(conversation.id, str(number))
    stream.go_online()
    await settle()
    assert [message.body for message in stream.sent] == ["0", "1", "2", "3", "4"]
    assert set(states(core, conversation)) == {DeliveryState.SENT}


async def test_a_new_stream_sends_the_unacknowledged_again_with_the_same_id(core: Core) -> None:
    stream = core.online()
    stream.acknowledges = False
    conversation = open_with(core, stream)
    message = core.services.outbox.submit(conversation.id, "x")
    await settle()
    stream.lose()
    await settle()
    assert len(stream.sent) == 1
    stream.go_online()
    await settle()
    assert [m.wire_id for m in stream.sent] == [message.wire_id] * 2


async def test_a_resumed_stream_sends_nothing_again(core: Core) -> None:
    stream = core.online()
    stream.acknowledges = False
    conversation = open_with(core, stream)
    core.services.outbox.submit(conversation.id, "x")
    await settle()
    stream.lose()
    stream.resume()
    await settle()
    assert len(stream.sent) == 1
    stream.acknowledge()
    assert states(core, conversation) == [DeliveryState.SENT]


async def test_an_iq_that_waits_delays_its_own_lane_only(core: Core) -> None:
    stream = core.online(contact("alice@example.net"), contact("bob@example.net"))
    stream.hangs.add(ALICE)
    core.services.roster.rename(stream.account_id, ALICE, "A")
    core.services.roster.request_presence(stream.account_id, ALICE)
    core.services.outbox.submit(open_with(core, stream, ALICE).id, "to alice")
    core.services.roster.rename(stream.account_id, BOB, "B")
    await settle()
    assert stream.log == ["message alice@example.net to alice", "set bob@example.net"], "words wait for no roster edit"
    stream.lose()
    stream.hangs.clear()
    stream.go_online()
    await settle()
    assert stream.log[2:] == ["set alice@example.net"]


async def test_one_answer_that_confirms_many_messages_is_one_transaction(core: Core) -> None:
    stream = core.online()
    stream.acknowledges = False
    conversation = open_with(core, stream)
    for number in range(300):
        core.services.outbox.submit(conversation.id, f"number {number}")
    async with asyncio.timeout(20):
        await core.tasks.wait_all()
    assert len(stream.sent) == 300
    commits = Commits(core)
    stream.handler.on_acknowledged([message.wire_id for message in stream.sent])
    assert commits.count == 1
    assert set(states(core, conversation)) == {DeliveryState.SENT}
    assert core.base.outbox.pending(stream.account_id) == []


async def test_an_early_receipt_is_not_undone_by_the_acknowledgement(core: Core) -> None:
    stream = core.online(contact("alice@example.net"))
    stream.acknowledges = False
    conversation = open_with(core, stream)
    message = core.services.outbox.submit(conversation.id, "x")
    await settle()
    stream.receive_message(
        "alice@example.net/x", None, extra=f"<received xmlns='urn:xmpp:receipts' id='{message.wire_id}'/>"
    )
    stream.acknowledge()
    assert states(core, conversation) == [DeliveryState.DELIVERED]
    stream.lose()
    stream.go_online()
    await settle()
    assert len(stream.sent) == 1


async def test_retry_and_discard(core: Core) -> None:
    stream = core.online()
    stream.acknowledges = False
    conversation = open_with(core, stream)
    message = core.services.outbox.submit(conversation.id, "x")
    await settle()
    core.services.outbox.discard(message.id)
    assert states(core, conversation) == [DeliveryState.IN_FLIGHT]
    error = "<error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    stream.receive_message("alice@example.net", "x", type_="error", id_=message.wire_id, extra=error)
    core.services.outbox.retry(message.id)
    await settle()
    assert len(stream.sent) == 2
    core.services.outbox.retry(message.id)
    await settle()
    assert len(stream.sent) == 2
    stream.receive_message("alice@example.net", None, type_="error", id_=stream.sent[-1].wire_id, extra=error)
    core.services.outbox.discard(message.id)
    assert states(core, conversation) == []
    assert [event.message.id for event in core.published(MessageRemoved)] == [message.id]
    assert core.services.conversations.find(conversation.id).preview == ""  # type: ignore[union-attr]


async def test_what_bounces_with_wait_is_tried_again_a_few_times(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whimbrel.core.worker._FIRST_DELAY", 0.0)
    stream = core.online()
    conversation = open_with(core, stream)
    core.services.outbox.submit(conversation.id, "x")
    for attempt in range(1, 5):
        await settle()
        assert len(stream.sent) == attempt
        stream.receive_message(
            "alice@example.net", None, type_="error", id_=stream.sent[-1].wire_id, extra="<error type='wait'/>"
        )
    await settle()
    assert len({sent.wire_id for sent in stream.sent}) == 4
    assert states(core, conversation) == [DeliveryState.FAILED]


async def test_a_message_that_the_stream_refuses_fails(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = core.online()

    def refuse(_: object) -> None:
        raise KnownError(ErrorKind.TOO_LARGE)

    monkeypatch.setattr(stream, "send_message", refuse)
    conversation = open_with(core, stream)
    core.services.outbox.submit(conversation.id, "x")
    await settle()
    assert (only(core, conversation).state, only(core, conversation).error) == (DeliveryState.FAILED, "too-large")
    assert core.base.outbox.pending(stream.account_id) == []


async def test_a_fault_of_ours_fails_its_message_and_holds_up_no_other(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = core.online()
    send = stream.send_message

    def fail(message: OutgoingMessage) -> None:
        if message.body == "first":
            raise RuntimeError("our bug")
        send(message)

    monkeypatch.setattr(stream, "send_message", fail)
    conversation = open_with(core, stream)
    for body in ("first", "second"):
        core.services.outbox.submit(conversation.id, body)
    await settle()
    assert states(core, conversation) == [DeliveryState.FAILED, DeliveryState.SENT]
    assert [str(fault) for fault in core.faults] == ["our bug"]
    monkeypatch.undo()
    core.services.outbox.retry(core.services.conversations.latest(conversation.id, 10)[0].id)
    await settle()
    assert states(core, conversation) == [DeliveryState.SENT, DeliveryState.SENT]


async def test_what_may_work_later_is_tried_again(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whimbrel.core.worker._FIRST_DELAY", 0.0)
    stream = core.online(contact("alice@example.net"))
    stream.errors["set_contact"] = [KnownError(ErrorKind.NO_ANSWER), KnownError(ErrorKind.TRY_LATER)]
    core.services.roster.rename(stream.account_id, ALICE, "A")
    await settle()
    assert [name for _, name, _ in stream.set_contacts] == ["A"]
    assert core.published(ActionFailed) == []


@pytest.mark.parametrize("kill_at", ["queued", "in-flight", "sent"])
async def test_killed_at_any_step_nothing_is_lost(tmp_path: Path, kill_at: str) -> None:
    first = Core(tmp_path)
    stream = first.stream(first.add_account().id) if kill_at == "queued" else first.online()
    stream.acknowledges = kill_at == "sent"
    message = first.services.outbox.submit(open_with(first, stream).id, "precious")
    await settle()
    first.close()

    second = Core(tmp_path)
    second.services.accounts.start_all()
    again = second.stream(stream.account_id)
    conversation = open_with(second, again)
    expected = {"queued": "queued", "in-flight": "unconfirmed", "sent": "sent"}[kill_at]
    assert only(second, conversation).state.value == expected
    again.go_online()
    await settle()
    assert [m.wire_id for m in again.sent] == ([] if kill_at == "sent" else [message.wire_id])
    assert states(second, conversation) == [DeliveryState.SENT]
    second.close()


async def test_what_is_written_stands_last_also_where_the_clock_was_set_back(core: Core) -> None:
    stream = core.online()
    conversation = open_with(core, stream)
    ahead = datetime.now(UTC) + timedelta(hours=1)
    stream.receive_message("alice@example.net/x", "theirs", received=ahead)
    stream.lose()
    core.services.outbox.submit(conversation.id, "ours")
    core.services.outbox.submit(conversation.id, "ours too")
    stream.receive_message("alice@example.net/x", "theirs too")
    bodies = [message.body for message in core.services.conversations.latest(conversation.id, 9)]
    assert bodies == ["theirs", "ours", "ours too", "theirs too"]
