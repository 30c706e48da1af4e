"""Deleting what was said, from this computer only: a conversation, or all that is older than a moment."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from whimbrel.core.bus import Bus
from whimbrel.core.outbox import preview
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.search import Search
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.envelope import Source
from whimbrel.model.events import ConversationChanged, ConversationRemoved, MessageRemoved
from whimbrel.model.message import Direction, ReferenceKind
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.deletion import DeletionStore, Removed
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.reader import Errand, Interrupted

T = TypeVar("T")

_PORTION = 50  # messages that go at once: a few milliseconds
_PAUSE = 0.004  # seconds between two portions, for everything else

Progress = Callable[[int], None]
"""How many messages are gone."""


class StaysDeleted(Stage):
    """What the person deleted on this device comes back neither from an archive nor by being sent again.

    Runs before ``dedupe``, which makes a conversation for whatever comes.
    """

    name = "stays-deleted"
    after = frozenset({"errors", "recall"})
    before = frozenset({"dedupe"})

    def __init__(self, deletions: DeletionStore) -> None:
        self._deletions = deletions

    def process(self, delivery: Delivery) -> Verdict:
        """Drop it."""
        envelope, peer = delivery.envelope, delivery.peer
        asked = delivery.standing.ask
        until = None if peer is None else asked(self._deletions.find_until, envelope.account_id, peer)
        if until is None or peer is None or delivery.bearers:
            return Verdict.CONTINUE
        archived = envelope.stamp if envelope.source is Source.ARCHIVE else None
        proving = [
            reference
            for reference in delivery.references
            if delivery.outgoing or reference.kind is not ReferenceKind.WIRE  # others may use one twice
        ]
        if (archived is None or archived >= until) and not self._deletions.was_deleted(
            envelope.account_id, peer, proving
        ):
            return Verdict.CONTINUE
        delivery.reason = "deleted on this device"
        return Verdict.DROP


class Deletion:
    """Deletes in portions, so that the program stays quick. What was deleted before a crash is gone, the rest stays.

    The provider's archive and the others' devices keep what they have; nothing of it comes back from there. What waits
    to be sent in what is deleted is not sent any more.
    """

    def __init__(
        self,
        bus: Bus,
        database: Database,
        conversations: ConversationStore,
        messages: MessageStore,
        search: Search,
    ) -> None:
        self._bus = bus
        self._folder = database.folder
        self._reader = database.reader
        self._store = DeletionStore(database)
        self._conversations = conversations
        self._messages = messages
        self._search = search

    async def count(
        self,
        conversation_id: ConversationId | None = None,
        before: datetime | None = None,
        *,
        unsent: bool = True,
    ) -> int:
        """How many messages would go: of a conversation (None: of all), from before a moment. Raises KnownError.

        ``unsent``: also those that wait to be sent, or failed.
        """
        errand = Errand()
        counting = partial(self._store.count, conversation_id, before, errand, unsent=unsent)
        return await self._ask(counting, errand, 0)

    async def delete_conversation(self, conversation_id: ConversationId, on_progress: Progress) -> int:
        """Delete a conversation with its draft, all messages, and the copies of their files; returns how many messages.

        A message that comes meanwhile stays, and the conversation with it. Cancelling keeps what is not deleted yet.
        Raises KnownError DISK_FULL.
        """
        conversation = self._conversations.find_conversation(conversation_id)
        if conversation is None:
            return 0
        try:
            done = await self._delete(conversation_id, None, on_progress, 0)
            if self._store.remove_conversation(conversation_id):
                self._bus.publish(ConversationRemoved(conversation))
        finally:
            self._show(conversation)
            self._search.request_purge()
        return done

    async def delete_all(self, on_progress: Progress) -> int:
        """Delete every conversation, as :meth:`delete_conversation` does each; returns how many messages."""
        done = 0

        def progress(gone: int) -> None:
            on_progress(done + gone)

        for conversation in self._conversations.list_conversations():
            done += await self.delete_conversation(conversation.id, progress)
        return done

    async def delete_older(
        self,
        before: datetime,
        conversation_id: ConversationId | None,
        on_progress: Progress,
        *,
        unsent: bool = True,
    ) -> int:
        """Delete what was said before a moment, in a conversation or in all; conversations stay in the list.

        Cancelling keeps what is not deleted yet. ``unsent``: also what waits to be sent, or failed.
        Raises KnownError DISK_FULL.
        """
        concerned = [conversation_id] if conversation_id is not None else await self._list_older(before)
        done = 0
        try:
            for each in concerned:
                conversation = self._conversations.find_conversation(each)
                if conversation is None:
                    continue
                try:
                    done = await self._delete(each, before, on_progress, done, unsent=unsent)
                finally:
                    self._show(conversation)
        finally:
            if concerned:
                self._search.request_purge()
        return done

    async def _list_older(self, before: datetime) -> list[ConversationId]:
        errand = Errand()
        none: list[ConversationId] = []
        return await self._ask(partial(self._store.list_older, before, errand), errand, none)

    async def _ask(self, reading: Callable[[], T], errand: Errand, otherwise: T) -> T:
        """Read in a thread; ``otherwise`` where the history is being closed."""
        try:
            return await asyncio.to_thread(reading)
        except asyncio.CancelledError:
            self._reader.give_up(errand)
            raise
        except Interrupted:
            return otherwise

    async def _delete(
        self,
        conversation_id: ConversationId,
        before: datetime | None,
        on_progress: Progress,
        done: int,
        *,
        unsent: bool = True,
    ) -> int:
        up_to = self._store.last_id()
        while (removed := self._store.remove(conversation_id, before, up_to, _PORTION, unsent=unsent)).messages:
            for message in removed.messages:
                self._bus.publish(MessageRemoved(message))
            await self._remove_files(removed)
            done += len(removed.messages)
            on_progress(done)
            await asyncio.sleep(_PAUSE)
        return done

    async def _remove_files(self, removed: Removed) -> None:
        """Only copies of ours: what the person saved elsewhere is theirs."""
        root = self._folder.resolve()
        paths = [Path(path) for path in removed.paths if not self._store.is_used(path)]
        ours = [path for path in paths if path.resolve().is_relative_to(root)]
        if ours:
            await asyncio.to_thread(_unlink, ours)

    def _show(self, before: Conversation) -> None:
        """Say what the list of chats shows of a conversation now."""
        latest = self._messages.list_latest(before.id, 1)
        if not latest:
            self._conversations.set_last_message(before.id, None, "", False)
            self._conversations.set_unread(before.id, 0)
        else:
            self._conversations.recount_unread(before.id)
        for last in latest:
            outgoing = last.direction is Direction.OUT
            self._conversations.set_last_message(before.id, last.time, preview(last.body), outgoing)
        if (now := self._conversations.find_conversation(before.id)) is not None and now != before:
            self._bus.publish(ConversationChanged(now))


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):  # gone already, or held by another program: the cache's limit finds it
            path.unlink()
