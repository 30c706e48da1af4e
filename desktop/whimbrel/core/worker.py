"""Sends an account's outbox rows while its stream is online: in order within a lane, lanes side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from whimbrel.core.action import Action, Outcome
from whimbrel.core.bus import Bus
from whimbrel.core.stream import Stream
from whimbrel.core.tasks import Tasks
from whimbrel.model.account import AccountId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import StorageFailed
from whimbrel.model.outbox import OutboxKind, OutboxRow
from whimbrel.storage.outbox import OutboxStore

_FIRST_DELAY = 5.0
_LONGEST_DELAY = 300.0
_BATCH = 100  # rows that are read at a time

_Lane = tuple[str, bool]
"""What keeps its order: what is said to an address (True); and, apart from it, what is asked about it."""


class OutboxWorker:
    """One account's worker. Between :meth:`start` and :meth:`stop` the stream is online.

    A row goes when the server has it. One that was refused goes too, after its action has set things right. When
    the server does not answer, the lane waits (5 s, doubling up to 300 s) and tries the same row again. A row that is
    replaced while it is being sent has another id, and is sent next. Behind a message of which it is not known whether
    the server has it, nothing of its lane is sent: the order is kept.

    Args:
        give_up: removes a row that was refused, and fails its message.
    """

    def __init__(
        self,
        account_id: AccountId,
        stream: Stream,
        rows: OutboxStore,
        actions: Mapping[OutboxKind, Action],
        give_up: Callable[[OutboxRow, KnownError], None],
        bus: Bus,
        tasks: Tasks,
    ) -> None:
        self._account_id = account_id
        self._stream = stream
        self._rows = rows
        self._actions = actions
        self._give_up = give_up
        self._bus = bus
        self._tasks = tasks
        self._running = False
        self._lanes: dict[_Lane, asyncio.Task[None]] = {}

    def start(self) -> None:
        """The stream is online."""
        self._running = True
        self.kick()

    def stop(self) -> None:
        """The stream is not online any more: what was being asked is asked again next time."""
        self._running = False
        lanes, self._lanes = self._lanes, {}
        for task in lanes.values():
            task.cancel()

    def kick(self) -> None:
        """Look for rows to send."""
        if not self._running:
            return
        for lane in self._rows.list_lanes(self._account_id):
            task = self._lanes.get(lane)
            if task is None or task.done():
                self._lanes[lane] = self._tasks.start(self._run_lane(lane), name="outbox")

    async def _run_lane(self, lane: _Lane) -> None:
        delay = _FIRST_DELAY
        while batch := self._rows.list_waiting(self._account_id, *lane, _BATCH):
            for row in batch:
                if (error := await self._send(row)) is None:
                    delay = _FIRST_DELAY
                    await asyncio.sleep(0)  # a long queue must not hold up the event loop
                    continue
                if error.kind is ErrorKind.NOT_CONNECTED:
                    return
                await asyncio.sleep(delay)
                delay = min(delay * 2, _LONGEST_DELAY)
                break

    async def _send(self, listed: OutboxRow) -> KnownError | None:
        """Send a row as it is now. Returns the error after which it is to be tried again."""
        if attempts := listed.payload.get("attempts"):
            await asyncio.sleep(_FIRST_DELAY * 2 ** int(str(attempts)))
        row = self._rows.find_by_key(self._account_id, listed.kind, listed.key)
        if row is None or row.in_flight or row.unconfirmed:
            return None
        action = self._actions[row.kind]
        try:
            if await action.perform(self._stream, row) is Outcome.DONE:
                self._rows.remove(row.id)
        except KnownError as error:
            if error.kind is ErrorKind.DISK_FULL:
                self._bus.publish(StorageFailed(error))
            if error.mends_itself or error.kind in (ErrorKind.NOT_CONNECTED, ErrorKind.DISK_FULL):
                return error
            return await self._refuse(action, row, error)
        except Exception as error:  # noqa: BLE001 - loud; and what waits behind this row must not wait for ever
            self._bus.on_fault(error)
            return await self._refuse(action, row, KnownError(ErrorKind.REFUSED, f"a fault in Whimbrel: {error!r}"))
        return None

    async def _refuse(self, action: Action, row: OutboxRow, error: KnownError) -> KnownError | None:
        """Give a row up. Returns the error after which that is to be tried again."""
        try:
            self._give_up(row, error)
        except KnownError as failure:
            self._bus.publish(StorageFailed(failure))
            return failure
        try:
            await action.refused(self._stream, row, error)
        except KnownError as failure:
            self._bus.publish(StorageFailed(failure))
        return None
