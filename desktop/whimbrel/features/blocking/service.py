"""Blocking (XEP-0191): refuse everything from an address, where the server can."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from whimbrel.core.action import Action, Outcome
from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.outbox import Outbox
from whimbrel.core.stream import Stream
from whimbrel.core.tasks import Tasks
from whimbrel.features.blocking import wire
from whimbrel.model.account import AccountId
from whimbrel.model.errors import KnownError
from whimbrel.model.events import ActionFailed, ServerSupportLearnt
from whimbrel.model.jid import JID
from whimbrel.model.outbox import OutboxKind, OutboxRow

_log = logging.getLogger(__name__)


class Blocking(Feature):
    """Satisfies core's ``Blocker``."""

    name = "blocking"

    def __init__(self, bus: Bus, outbox: Outbox, tasks: Tasks) -> None:
        self._bus = bus
        self._outbox = outbox
        self._tasks = tasks
        self._actions: dict[OutboxKind, Action] = {OutboxKind.BLOCK: BlockAddress(bus)}
        self._supported: dict[AccountId, bool] = {}

    def actions(self) -> Mapping[OutboxKind, Action]:
        """BLOCK."""
        return self._actions

    def on_online(self, account_id: AccountId, stream: Stream) -> None:
        """Ask the server whether it can block."""
        self._tasks.start(self._ask(account_id, stream), name="blocking support")

    def supported(self, account_id: AccountId) -> bool:
        """Whether the account's server can block, as far as is known."""
        return self._supported.get(account_id, False)

    def block(self, account_id: AccountId, jid: JID) -> None:
        """Block an address, now or with the next connection. Raises KnownError DISK_FULL."""
        self._outbox.enqueue(account_id, OutboxKind.BLOCK, str(jid.bare), jid, {})
        self._outbox.kick(account_id)

    async def _ask(self, account_id: AccountId, stream: Stream) -> None:
        own = stream.status.full_jid
        if own is None:
            return
        try:
            answer = await stream.request("get", JID("", own.domain), wire.build_support_query())
        except KnownError as error:
            _log.debug("no answer about blocking: %s", error)
            return
        supported = wire.parse_support(answer)
        if supported != self.supported(account_id):
            self._supported[account_id] = supported
            self._bus.publish(ServerSupportLearnt(account_id))


class BlockAddress:
    """Carries out BLOCK; the key is the bare address."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        """Block. Blocking twice is blocking once (section 3.3)."""
        await stream.request("set", None, wire.build_block(JID.parse(row.key)))
        return Outcome.DONE

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """The person is told."""
        self._bus.publish(ActionFailed(row.account_id, row.kind.value, row.lane, error))
