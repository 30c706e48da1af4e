"""Finding messages, and keeping the index up to date without anybody noticing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from whimbrel.core.bus import Bus
from whimbrel.core.roster import Roster
from whimbrel.core.search_words import FilterKind, Typed, add_times, take_apart
from whimbrel.core.tasks import Tasks
from whimbrel.model.conversation import ConversationId
from whimbrel.model.errors import KnownError
from whimbrel.model.events import AccountRemoved, MessageAdded
from whimbrel.model.message import Direction
from whimbrel.model.search import Hits, Place, SearchQuery
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.reader import Errand, Interrupted
from whimbrel.storage.search import SearchIndex, SearchReader

log = logging.getLogger(__name__)

_PORTION = 24  # messages that are taken in at once: a few milliseconds
_CHECKPOINT = 8  # portions after which the log is emptied in a thread, before a commit on the event loop has to do it
_PAUSE = 0.004  # seconds between two portions, for everything else
_MANY = 200  # new messages after which they are taken in although nobody searches
_AT_ONCE = 40  # portions that a search waits for; the rest comes later
_ME = frozenset({"me", "myself"})


class Search:
    """Finds messages in a thread of its own; the index is brought up to date in portions, on the event loop.

    New messages are taken in when somebody searches, when there are many, and when the program starts.
    """

    def __init__(
        self, bus: Bus, tasks: Tasks, database: Database, conversations: ConversationStore, roster: Roster
    ) -> None:
        self._tasks = tasks
        self._database = database
        self._conversations = conversations
        self._roster = roster
        self._index = SearchIndex(database)
        self._reader = SearchReader(database.reader)
        self._added = 0
        self._working: asyncio.Task[None] | None = None
        bus.subscribe(MessageAdded, self._on_message_added)
        bus.subscribe(AccountRemoved, self._on_account_removed)

    def start(self) -> None:
        """Bring the index up to date, in the background; only with an event loop."""
        self._added = 0
        if self._working is None or self._working.done():
            self._working = self._tasks.start(self._work(), name="search index")

    def is_complete(self) -> bool:
        """Whether all that was here before the index was made can be found. Raises KnownError."""
        return self._index.waiting().backlog == 0

    def request_purge(self) -> None:
        """Messages were deleted: their words are to leave the file too. Raises KnownError."""
        self._index.request_purge()
        self.start()

    def understand(self, text: str, within: ConversationId | None = None) -> SearchQuery:
        """What a person typed, as a query; ``within``: the only conversation that is meant."""
        typed = take_apart(text)
        query = add_times(SearchQuery(typed.terms), typed.filters)
        has = {value.lower().rstrip("s") for value in typed.values(FilterKind.HAS)}
        chosen, direction = self._find_people(typed)
        if within is not None:
            chosen = frozenset({within}) if chosen is None else chosen & {within}
        return SearchQuery(
            query.terms,
            chosen,
            direction,
            has_file="file" in has,
            has_link="link" in has,
            before=query.before,
            after=query.after,
        )

    async def find(self, query: SearchQuery, *, limit: int = 50, before: Place | None = None) -> Hits:
        """The newest messages that a query finds, older than a place where one is given.

        Whoever does not want to know any more cancels the task: what runs for it ends at once. Raises KnownError.
        """
        for _ in range(_AT_ONCE):
            if not self._index.take_in_pending(_PORTION):
                break
            await asyncio.sleep(0)
        errand = Errand()
        try:
            return await asyncio.to_thread(self._reader.find, query, limit, before, errand)
        except asyncio.CancelledError:
            self._database.reader.give_up(errand)
            raise
        except Interrupted:  # the history is being closed
            return Hits(())

    def _find_people(self, typed: Typed) -> tuple[frozenset[ConversationId] | None, Direction | None]:
        """In which conversations, and who of both speaks; None: any."""
        chosen: frozenset[ConversationId] | None = None
        direction = None
        for value in typed.values(FilterKind.IN):
            found = self._find_conversations(value)
            chosen = found if chosen is None else chosen & found
        for value in typed.values(FilterKind.FROM):
            if value.casefold() in _ME:
                direction = Direction.OUT
                continue
            found = self._find_conversations(value)
            chosen = found if chosen is None else chosen & found
            direction = direction or Direction.IN
        return chosen, direction

    def _find_conversations(self, name: str) -> frozenset[ConversationId]:
        """The conversations with whom a name or address may mean; exactly that one where there is one."""
        needle = name.casefold()
        found, exact = set(), set()
        for conversation in self._conversations.list_conversations():
            contact = self._roster.find(conversation.account_id, conversation.jid)
            names = [str(conversation.jid), *([contact.label.casefold()] if contact is not None else [])]
            if any(needle in one for one in names):
                found.add(conversation.id)
            if needle in names:
                exact.add(conversation.id)
        return frozenset(exact or found)

    def _on_message_added(self, event: MessageAdded) -> None:
        self._added += 1
        if self._added >= _MANY:
            self.start()

    def _on_account_removed(self, _event: AccountRemoved) -> None:
        try:
            self.request_purge()
        except KnownError as error:  # what belonged to it cannot be found all the same
            log.warning("The words of a removed account stay in the index for now: %s", error)

    async def _work(self) -> None:
        try:
            for number, step in enumerate(self._steps(), 1):
                if number % _CHECKPOINT == 0 or not step:
                    await asyncio.to_thread(self._database.reader.checkpoint, Errand())
                if not step:
                    break
                await asyncio.sleep(_PAUSE)
        except Interrupted:  # the history is being closed
            return
        except KnownError as error:  # what is noted stays noted
            log.warning("The search index cannot be written: %s", error)

    def _steps(self) -> Iterable[bool]:
        """Do a little at a time, the most urgent first; False once there is nothing to be done."""
        while True:
            yield bool(
                self._index.take_in_pending(_PORTION)
                or self._index.purge()
                or self._index.take_in_backlog(_PORTION)
                or self._index.merge()
            )
