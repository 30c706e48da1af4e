"""Blocking (XEP-0191): refuse everything from an address, where the server can."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from whimbrel.core.action import Action, Outcome
from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.outbox import Outbox
from whimbrel.core.stream import Stream
from whimbrel.core.tasks import Tasks
from whimbrel.features.blocking import wire
from whimbrel.model.account import AccountId
from whimbrel.model.errors import KnownError
from whimbrel.model.events import ActionFailed, BlocklistChanged, ServerSupportLearnt
from whimbrel.model.jid import JID
from whimbrel.model.outbox import OutboxKind, OutboxRow

_log = logging.getLogger(__name__)


class Blocking(Feature):
    """Satisfies core's ``Blocker``.

    The server's list is read with each connection and after each change of ours. A change that still waits for the
    server counts as made.
    """

    name = "blocking"

    def __init__(self, bus: Bus, outbox: Outbox, tasks: Tasks) -> None:
        self._bus = bus
        self._outbox = outbox
        self._tasks = tasks
        action = BlockAddress(bus, self._on_done, self._tell)
        self._actions: dict[OutboxKind, Action] = {OutboxKind.BLOCK: action}
        self._supported: dict[AccountId, bool] = {}
        self._blocked: dict[AccountId, frozenset[JID]] = {}  # as the server has it

    def actions(self) -> Mapping[OutboxKind, Action]:
        """BLOCK."""
        return self._actions

    def on_online(self, account_id: AccountId, stream: Stream, *, resumed: bool) -> None:
        """Ask the server whom it blocks, where it can."""
        supported = wire.NAMESPACE in stream.support.server
        if supported != self.supported(account_id):
            self._supported[account_id] = supported
            self._bus.publish(ServerSupportLearnt(account_id))
        if not supported:
            self._set_blocked(account_id, frozenset())
        elif not resumed:
            self._tasks.start(self._read_list(account_id, stream), name="blocklist")

    def supported(self, account_id: AccountId) -> bool:
        """Whether the account's server can block, as far as is known."""
        return self._supported.get(account_id, False)

    def block(self, account_id: AccountId, jid: JID) -> None:
        """Block an address, now or with the next connection. Raises KnownError DISK_FULL."""
        self._wish(account_id, jid, blocked=True)

    def unblock(self, account_id: AccountId, jid: JID) -> None:
        """Unblock an address, now or with the next connection. Raises KnownError DISK_FULL."""
        self._wish(account_id, jid, blocked=False)

    def blocked(self, account_id: AccountId) -> frozenset[JID]:
        """The addresses that are blocked, as far as is known."""
        blocked = set(self._blocked.get(account_id, ()))
        for row in self._outbox.pending(account_id, OutboxKind.BLOCK):
            (blocked.add if _wants_blocked(row) else blocked.discard)(JID.parse(row.key))
        return frozenset(blocked)

    def is_blocked(self, account_id: AccountId, jid: JID) -> bool:
        """Whether this bare address itself is blocked, not only its provider or one of its devices."""
        return jid.bare in self.blocked(account_id)

    def _wish(self, account_id: AccountId, jid: JID, *, blocked: bool) -> None:
        self._outbox.enqueue(account_id, OutboxKind.BLOCK, str(jid.bare), jid, {"blocked": blocked})
        self._tasks.start(self._tell_later(account_id), name="blocklist")
        self._outbox.kick(account_id)

    async def _tell_later(self, account_id: AccountId) -> None:
        """The caller may be in a transaction: told after it."""
        self._tell(account_id)

    def _tell(self, account_id: AccountId) -> None:
        self._bus.publish(BlocklistChanged(account_id))

    async def _read_list(self, account_id: AccountId, stream: Stream) -> None:
        try:
            answer = await stream.request("get", None, wire.build_list_query())
        except KnownError as error:
            _log.debug("no answer about who is blocked: %s", error)
            return
        self._set_blocked(account_id, wire.parse_list(answer))

    def _on_done(self, stream: Stream, row: OutboxRow) -> None:
        """The server has a change of ours; others may have made more."""
        before, jid = self._blocked.get(row.account_id, frozenset()), frozenset({JID.parse(row.key)})
        self._set_blocked(row.account_id, before | jid if _wants_blocked(row) else before - jid)
        self._tasks.start(self._read_list(row.account_id, stream), name="blocklist")

    def _set_blocked(self, account_id: AccountId, blocked: frozenset[JID]) -> None:
        if blocked != self._blocked.get(account_id, frozenset()):
            self._blocked[account_id] = blocked
            self._tell(account_id)


class BlockAddress:
    """Carries out BLOCK, which blocks or unblocks; the key is the bare address.

    Args:
        on_done: the server has carried out a row.
        on_refused: it has not, and the row is gone.
    """

    def __init__(
        self, bus: Bus, on_done: Callable[[Stream, OutboxRow], None], on_refused: Callable[[AccountId], None]
    ) -> None:
        self._bus = bus
        self._on_done = on_done
        self._on_refused = on_refused

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        """Block or unblock. Doing it twice is doing it once (section 3.3)."""
        build = wire.build_block if _wants_blocked(row) else wire.build_unblock
        await stream.request("set", None, build(JID.parse(row.key)))
        self._on_done(stream, row)
        return Outcome.DONE

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """The person is told."""
        self._bus.publish(ActionFailed(row.account_id, row.kind.value, row.lane, error))
        self._on_refused(row.account_id)


def _wants_blocked(row: OutboxRow) -> bool:
    return row.payload.get("blocked") is not False  # a row of before there was unblocking says nothing
