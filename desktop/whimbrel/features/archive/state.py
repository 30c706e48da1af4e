"""What is known of an account's archive while the program runs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from whimbrel.core.stream import Stream
from whimbrel.features.archive import wire
from whimbrel.model.account import AccountId, ConnectionState
from whimbrel.model.archive import Point
from whimbrel.model.conversation import ConversationId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID


@dataclass(slots=True)
class Known:
    """One account's. ``connected``: the newest range reaches to now, and what comes live extends it."""

    account_id: AccountId
    stream: Stream
    connected: bool = False
    finished: bool = False  # nothing is left to be fetched, or nothing that can be had
    absent: bool = False  # there is no archive, or it is switched off
    resumed: bool = False  # the session was: nothing was missed
    looked: bool = False  # once more, a moment after it was caught up: some servers tell late what they have
    away: bool = False  # something was here when the session began: what is newer is news
    arrived: Point | None = None  # what came live last while not connected
    fetched: set[JID] = field(default_factory=set)  # whose newest messages were asked for in this session
    given_up: set[str] = field(default_factory=set)  # ids below which the archive gives nothing more
    filling: str = ""  # the id below which is being fetched
    counts: dict[ConversationId, int] = field(default_factory=dict)
    beyond: int = 0  # messages that came in by catching up, not told yet
    told: bool = False  # that all of it is here
    task: asyncio.Task[Any] | None = None

    @property
    def is_online(self) -> bool:
        """Whether the archive can be asked."""
        return self.stream.status.state is ConnectionState.ONLINE

    @property
    def own(self) -> JID:
        """Our full address. Raises KnownError NOT_CONNECTED."""
        own = self.stream.status.full_jid
        if own is None or not self.is_online:
            raise KnownError(ErrorKind.NOT_CONNECTED)
        return own

    def count(self, counts: Mapping[ConversationId, int], beyond: int) -> None:
        """Note what a page brought, to be told when all is here."""
        self.beyond += beyond
        for conversation_id, number in counts.items():
            self.counts[conversation_id] = self.counts.get(conversation_id, 0) + number

    def forget_session(self) -> None:
        """Another session begins: what was missed between is not known."""
        self.connected = self.finished = self.absent = self.told = self.resumed = self.looked = False
        self.fetched.clear()
        self.given_up.clear()

    def look_again(self) -> None:
        """The session was resumed: what came since the cut is here, but not surely in the archive's order."""
        self.connected = self.finished = self.told = self.looked = False
        self.resumed = True


async def ask(stream: Stream, question: wire.Question) -> wire.Page:
    """Ask our own archive.

    Raises:
        KnownError: NOT_FOUND where an id is not there (any more), else as :meth:`Stream.collect`.
    """
    query_id = wire.new_query_id()
    query = wire.build_query(query_id, question)
    answer, messages = await stream.collect(None, query, wire.belongs_to(query_id))
    return wire.parse_page(answer, messages)
