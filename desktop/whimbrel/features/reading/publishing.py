"""Tells one's other devices what was read (XEP-0490 section 3.2): never where others could see it (XEP-0223)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from whimbrel.core.action import Outcome
from whimbrel.core.stream import Stream
from whimbrel.features.reading import wire
from whimbrel.features.reading.positions import Positions
from whimbrel.features.reading.wire import Position
from whimbrel.model.account import AccountId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.model.outbox import OutboxRow
from whimbrel.storage.conversations import ConversationStore

_log = logging.getLogger(__name__)

_SPACING = 2.0
"""Seconds between two publications of a conversation. Who looks at one reads each message as it comes, and a server may
take long over an item."""
_NO_ANSWER = (ErrorKind.NOT_CONNECTED, ErrorKind.CONNECTION_LOST, ErrorKind.NO_ANSWER)


class PublishPosition:
    """READ_STATE: the key is the conversation's address; what is told is up to where it is read when it is sent.

    Args:
        caught_up: waits until the positions of the server were fetched in this session; returns whether what came in
            while we were away is here too.
    """

    def __init__(
        self,
        positions: Positions,
        conversations: ConversationStore,
        caught_up: Callable[[AccountId], Awaitable[bool]],
    ) -> None:
        self._positions = positions
        self._conversations = conversations
        self._caught_up = caught_up
        self._published: dict[tuple[AccountId, JID], float] = {}  # when last, on the clock of time.monotonic()
        self._checked: set[AccountId] = set()  # their node was seen to be private, in this session
        self._configured: set[AccountId] = set()  # their node was made what it is to be, in this session
        self._refused: set[AccountId] = set()  # their node could not be made private

    def begin(self, account_id: AccountId) -> None:
        """A new session: look again."""
        self._checked.discard(account_id)
        self._configured.discard(account_id)
        self._refused.discard(account_id)

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        """Publish, unless it is known or nobody could keep it. Twice is once: the item's id is the conversation's."""
        account_id, jid, own = row.account_id, JID.parse(row.key), stream.status.full_jid
        if own is None:
            raise KnownError(ErrorKind.NOT_CONNECTED)
        if not wire.is_usable(stream.support):
            return Outcome.DONE
        if (wait := self._published.get((account_id, jid), 0.0) + _SPACING - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        caught_up = await self._caught_up(account_id)
        if not caught_up and self._positions.is_awaiting(account_id, jid):
            raise KnownError(ErrorKind.TRY_LATER, "read further elsewhere, as it seems")
        position = self._positions.current(self._conversations.get_conversation(account_id, jid).id, jid)
        if position is None or self._positions.is_told(account_id, position) or account_id in self._refused:
            return Outcome.DONE
        self._published[account_id, jid] = time.monotonic()
        await self._publish(stream, account_id, position, own)
        self._positions.note_told(account_id, position)
        if account_id not in self._checked:
            await self._check(stream, account_id)
        return Outcome.DONE

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """Nobody waits for it."""
        _log.debug("what was read with %s is not told to our other devices: %s", row.key, error)

    async def _publish(self, stream: Stream, account_id: AccountId, position: Position, own: JID) -> None:
        """Publish, on condition that the node is what it is to be; where that is refused, make it so first."""
        configured = account_id in self._configured
        try:
            await stream.request("set", None, wire.build_publication(position, own, configured=configured))
        except KnownError as error:
            if configured or error.kind in _NO_ANSWER:
                raise
            _log.debug("what was read is not taken as it is: %s", error)
            await self._configure(stream)
            self._configured.add(account_id)
            await stream.request("set", None, wire.build_publication(position, own, configured=True))

    async def _configure(self, stream: Stream) -> None:
        """Make the node what it is to be, or make it."""
        try:
            await stream.request("set", None, wire.build_configuration())
        except KnownError as error:
            if error.kind is not ErrorKind.NOT_FOUND:
                raise
            try:
                await stream.request("set", None, wire.build_creation())
            except KnownError as late:  # by another device, meanwhile
                if not wire.is_conflict(late):
                    raise
                await stream.request("set", None, wire.build_configuration())

    async def _check(self, stream: Stream, account_id: AccountId) -> None:
        """Make sure, once a session, that the server keeps to the condition; else take everything back."""
        if not await self._is_exposed(stream):
            self._checked.add(account_id)
            return
        try:
            await stream.request("set", None, wire.build_configuration())
            if not await self._is_exposed(stream):
                self._checked.add(account_id)
                return
        except KnownError as error:
            _log.debug("the node cannot be made private: %s", error)
        self._refused.add(account_id)
        _log.warning("The provider shows to others what was read: it is told to other devices no more")
        await stream.request("set", None, wire.build_deletion())

    async def _is_exposed(self, stream: Stream) -> bool:
        """Whether others see the node, as far as the server tells."""
        try:
            answer = await stream.request("get", None, wire.build_configuration_query())
        except KnownError as error:
            if error.kind in _NO_ANSWER:
                raise
            _log.debug("how the node is configured is not told: %s", error)
            return False
        return wire.parse_access_model(answer) not in ("", wire.PRIVATE)
