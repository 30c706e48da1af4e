"""Any sequence of connections, faults and restarts: nothing lost, order kept, nothing twice at once."""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.helpers.builders import ALICE, BOB
from tests.helpers.core import Core
from tests.helpers.fake_stream import FakeStream

from whimbrel.model.account import ConnectionState
from whimbrel.model.envelope import OutgoingMessage
from whimbrel.model.message import DeliveryState, MessageId

JIDS = (ALICE, BOB)


class OutboxSequences(RuleBasedStateMachine):
    """The model: what was submitted, and what the server (the fake) was handed in each stream."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.core = Core(Path(self.folder.name))
        self.account_id = self.run(self._add_account())
        self.submitted: dict[str, list[tuple[MessageId, str]]] = defaultdict(list)
        self.handed: list[OutgoingMessage] = []  # in the present stream
        self.confirmed: set[str] = set()
        self.failed: set[str] = set()
        self.watch()

    async def _add_account(self) -> int:
        return self.core.add_account().id

    def run(self, coroutine):  # type: ignore[no-untyped-def]
        return self.loop.run_until_complete(coroutine)

    @property
    def stream(self) -> FakeStream:
        return self.core.stream(self.account_id)  # type: ignore[arg-type]

    @property
    def online(self) -> bool:
        return self.stream.status.state is ConnectionState.ONLINE

    def watch(self) -> None:
        self.stream.acknowledges = False
        self.stream.sent = self.handed = []

    def turn(self) -> None:
        async def turns() -> None:
            for _ in range(5):
                await asyncio.sleep(0)

        self.run(turns())

    @rule(jid=st.sampled_from(JIDS), turn=st.booleans())
    def submit(self, jid, turn) -> None:  # type: ignore[no-untyped-def]
        async def submit() -> None:
            conversation = self.core.services.conversations.open(self.account_id, jid)  # type: ignore[arg-type]
            message = self.core.services.outbox.submit(conversation.id, f"{len(self.submitted[str(jid)])}")
            self.submitted[str(jid)].append((message.id, message.wire_id))

        self.run(submit())
        if turn:
            self.turn()

    @rule(turn=st.booleans())
    def new_session(self, turn: bool) -> None:
        async def connect() -> None:
            if self.online:
                self.stream.lose()
            self.watch()
            self.stream.go_online()

        self.run(connect())
        if turn:
            self.turn()

    @precondition(lambda self: self.online)
    @rule()
    def lose(self) -> None:
        self.stream.lose()

    @precondition(lambda self: self.stream.status.state is ConnectionState.WAITING)
    @rule()
    def resume(self) -> None:
        async def resume() -> None:
            self.stream.resume()

        self.run(resume())

    @precondition(lambda self: self.online and self.handed)
    @rule(count=st.integers(1, 4))
    def acknowledge(self, count: int) -> None:
        for message in self.handed[:count]:
            self.stream.handler.on_acknowledged([message.wire_id])
            if message.wire_id not in self.failed:
                self.confirmed.add(message.wire_id)

    @precondition(lambda self: self.online and self.handed)
    @rule(data=st.data())
    def bounce(self, data) -> None:  # type: ignore[no-untyped-def]
        message = data.draw(st.sampled_from(self.handed))
        self.stream.receive_message(str(message.to), None, type_="error", id_=message.wire_id)
        self.confirmed.discard(message.wire_id)
        self.failed.add(message.wire_id)

    @rule()
    def kill_and_start(self) -> None:
        self.turn()
        self.core.close()
        self.core = Core(Path(self.folder.name))

        async def start() -> None:
            self.core.services.accounts.start_all()

        self.run(start())
        self.watch()

    @invariant()
    def each_message_is_waiting_with_a_row_or_done(self) -> None:
        rows = {row.key: row for row in self.core.base.outbox.pending(self.account_id)}  # type: ignore[arg-type]
        for messages in self.submitted.values():
            for message_id, wire_id in messages:
                message = self.core.base.stores.messages.find_message(message_id)
                assert message is not None
                assert message.state.is_waiting == (wire_id in rows)
                if wire_id in self.failed:
                    assert message.state is DeliveryState.FAILED
                elif wire_id in self.confirmed:
                    assert message.state is DeliveryState.SENT
                else:
                    assert message.state.is_waiting

    @invariant()
    def one_stream_gets_each_message_once_and_in_order(self) -> None:
        ids = [message.wire_id for message in self.handed]
        assert len(ids) == len(set(ids))
        for jid in JIDS:
            sent = [int(message.body) for message in self.handed if message.to == jid]
            assert sent == sorted(sent)

    def teardown(self) -> None:
        async def finish() -> None:
            self.watch()
            self.stream.acknowledges = True
            if self.online:
                self.stream.lose()
            self.stream.go_online()
            for _ in range(60):
                await asyncio.sleep(0)

        self.run(finish())
        assert self.core.base.outbox.pending(self.account_id) == []  # type: ignore[arg-type]
        assert self.core.faults == []
        self.run(self.core.base.tasks.cancel_all())
        self.core.close()
        self.loop.close()
        self.folder.cleanup()


TestOutboxSequences = OutboxSequences.TestCase
TestOutboxSequences.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
