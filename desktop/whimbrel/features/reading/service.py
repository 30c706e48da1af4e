"""What was read on one device is read on the others (XEP-0490)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence

from whimbrel.core.action import Action
from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.outbox import Outbox
from whimbrel.core.pipeline import Stage
from whimbrel.core.stream import Stream
from whimbrel.core.tasks import Tasks
from whimbrel.features.reading import wire
from whimbrel.features.reading.positions import MeetAwaited, Positions, TakePositions
from whimbrel.features.reading.publishing import PublishPosition
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation
from whimbrel.model.errors import KnownError
from whimbrel.model.events import CaughtUp, ConversationChanged, StorageFailed
from whimbrel.model.message import Message
from whimbrel.model.outbox import OutboxKind
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.read_states import ReadStateStore

_log = logging.getLogger(__name__)

_LONGEST_CATCH_UP = 60.0
"""Seconds after which a session counts as caught up, whether anybody says so or not."""
_ONCE_MORE = 5.0
"""Seconds until the positions are fetched again: a server tells of changes only once it knows what we want to hear."""


class Reading(Feature):
    """Publishes what is read here, fetches and hears what is read elsewhere. A position never moves back."""

    name = "reading"
    namespaces = (wire.NOTIFY,)

    def __init__(
        self,
        bus: Bus,
        tasks: Tasks,
        database: Database,
        conversations: ConversationStore,
        messages: MessageStore,
        outbox: Outbox,
    ) -> None:
        self._bus = bus
        self._tasks = tasks
        self._outbox = outbox
        self._positions = Positions(database, ReadStateStore(database), conversations, messages)
        self._publishing = PublishPosition(self._positions, conversations, self._wait_until_fetched)
        self._stages: tuple[Stage, ...] = (TakePositions(self._positions), MeetAwaited(self._positions))
        self._fetching: dict[AccountId, asyncio.Task[None]] = {}
        self._unusable: set[AccountId] = set()  # their server was seen to keep no private items
        self._catching_up: dict[AccountId, float] = {}  # since when, on the clock of time.monotonic()
        bus.subscribe(CaughtUp, self._on_caught_up)

    def stages(self) -> Sequence[Stage]:
        """One before anything else looks at a message, one after it is counted."""
        return self._stages

    def actions(self) -> Mapping[OutboxKind, Action]:
        """READ_STATE."""
        return {OutboxKind.READ_STATE: self._publishing}

    def on_online(self, account_id: AccountId, stream: Stream, *, resumed: bool) -> None:
        """In a new session, fetch what was read elsewhere meanwhile; in a resumed one, all was told (section 3.4)."""
        usable = wire.is_usable(stream.support)
        (self._unusable.discard if usable else self._unusable.add)(account_id)
        if not resumed:
            self._positions.begin(account_id)
            self._publishing.begin(account_id)
            self._catching_up[account_id] = time.monotonic()
            if usable:
                task = self._tasks.start(self._fetch(account_id, stream), name="what was read elsewhere")
                self._fetching[account_id] = task
                self._tasks.start(self._fetch_again(account_id, stream, task), name="what was read since")

    def note_read(self, conversation: Conversation, message: Message) -> None:
        """Tells the other devices."""
        account_id, jid = conversation.account_id, conversation.jid
        if account_id in self._unusable:
            return
        position = self._positions.current(conversation.id, jid)
        if position is not None and not self._positions.is_told(account_id, position):
            self._outbox.enqueue(account_id, OutboxKind.READ_STATE, str(jid), jid, {})

    def _on_caught_up(self, event: CaughtUp) -> None:
        """Messages that were read elsewhere are here now."""
        self._catching_up.pop(event.account_id, None)
        self._take_in(lambda: self._positions.apply_awaited(event.account_id))

    async def _fetch_again(self, account_id: AccountId, stream: Stream, first: asyncio.Task[None]) -> None:
        """What was read between the first answer and the server's knowing of us is told by nobody."""
        await asyncio.sleep(_ONCE_MORE)
        if self._fetching.get(account_id) is first:
            await self._fetch(account_id, stream)

    async def _fetch(self, account_id: AccountId, stream: Stream) -> None:
        own = stream.status.full_jid
        if own is None:
            return
        try:
            answer = await stream.request("get", None, wire.build_items_query())
        except KnownError as error:  # nothing was ever published, or it is asked in the next session
            _log.debug("what was read elsewhere is not known: %s", error)
            return
        positions = wire.parse_items(answer, own)
        for position in positions:
            self._positions.note_told(account_id, position)
        self._take_in(lambda: self._positions.apply(account_id, positions))

    def _take_in(self, apply: Callable[[], list[Conversation]]) -> None:
        try:
            changed = apply()
        except KnownError as error:
            self._bus.publish(StorageFailed(error))
            return
        for conversation in changed:
            self._bus.publish(ConversationChanged(conversation))

    async def _wait_until_fetched(self, account_id: AccountId) -> bool:
        """Wait for the positions of the server; returns whether what came in while we were away is here too."""
        task = self._fetching.get(account_id)
        if task is not None and not task.done():
            await asyncio.wait({task})
        since = self._catching_up.get(account_id)
        return since is None or time.monotonic() - since > _LONGEST_CATCH_UP
