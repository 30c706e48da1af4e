"""Finding messages, and keeping the index up to date without anybody noticing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from whimbrel.core.bus import Bus
from whimbrel.core.roster import Roster
from whimbrel.core.search_meaning import Interpreter, Language, Meaning
from whimbrel.core.tasks import Tasks
from whimbrel.model.conversation import ConversationId
from whimbrel.model.errors import KnownError
from whimbrel.model.events import AccountRemoved, MessageAdded
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


class Search:
    """Finds messages in a thread of its own; the index is brought up to date in portions, on the event loop.

    New messages are taken in when somebody searches, when there are many, and when the program starts.
    """

    def __init__(
        self, bus: Bus, tasks: Tasks, database: Database, conversations: ConversationStore, roster: Roster
    ) -> None:
        self._tasks = tasks
        self._database = database
        self._interpreter = Interpreter(conversations, roster)
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
        return self.interpret(text, within).query

    def interpret(self, text: str, within: ConversationId | None = None, language: Language | None = None) -> Meaning:
        """What a person typed in their language, and what is wrong with it. Raises KnownError."""
        return self._interpreter.interpret(text, within, language or Language())

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
