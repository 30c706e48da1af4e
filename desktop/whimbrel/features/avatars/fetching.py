"""Fetches pictures by their hash: what was wanted last first, few at once, with pauses, none twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from whimbrel.core.pep import fetch_item
from whimbrel.core.stream import Stream
from whimbrel.core.tasks import Tasks
from whimbrel.features.avatars import wire
from whimbrel.model.account import AccountId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID

_log = logging.getLogger(__name__)

_AT_ONCE = 3
_PAUSE = 0.25
"""Seconds after each answer: a thousand contacts must not cost the server a thousand answers at once."""
_MOST_WAITING = 200
_NO_ANSWER = (ErrorKind.NOT_CONNECTED, ErrorKind.CONNECTION_LOST, ErrorKind.NO_ANSWER, ErrorKind.TRY_LATER)


@dataclass(frozen=True, slots=True)
class Wish:
    """A picture that is to be fetched."""

    account_id: AccountId
    jid: JID  # bare: whose it is
    hash: str
    published: bool  # as XEP-0084 has it
    in_vcard: bool


class Fetcher:
    """Asks for pictures.

    Args:
        find_stream: the stream of an account, where it is online.
        keep: takes a picture whose hash is right.
    """

    def __init__(
        self, tasks: Tasks, find_stream: Callable[[AccountId], Stream | None], keep: Callable[[Wish, bytes], None]
    ) -> None:
        self._tasks = tasks
        self._find_stream = find_stream
        self._keep = keep
        self._waiting: dict[str, Wish] = {}  # the last wanted last
        self._running: set[str] = set()
        self._failed: set[tuple[AccountId, JID, str]] = set()

    def begin(self, account_id: AccountId) -> None:
        """A new session: what could not be had may be had now."""
        self._failed = {failed for failed in self._failed if failed[0] != account_id}

    def want(self, wish: Wish) -> None:
        """Fetch a picture, unless that is being done or was tried in vain."""
        if wish.hash in self._running or (wish.account_id, wish.jid, wish.hash) in self._failed:
            return
        self._waiting.pop(wish.hash, None)
        self._waiting[wish.hash] = wish
        if len(self._waiting) > _MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and len(self._running) < _AT_ONCE:
            hash_, wish = self._waiting.popitem()
            self._running.add(hash_)
            self._tasks.start(self._run(wish), name="avatar")

    async def _run(self, wish: Wish) -> None:
        try:
            stream = self._find_stream(wish.account_id)
            if stream is None:
                return
            data = await self._ask(stream, wish)
            if data is None:
                self._failed.add((wish.account_id, wish.jid, wish.hash))
            else:
                self._keep(wish, data)
            await asyncio.sleep(_PAUSE)
        except asyncio.CancelledError:  # the program ends: nothing else is begun
            self._waiting.clear()
            raise
        except KnownError as error:  # it is wanted again when it is shown again
            _log.debug("no answer about a picture: %s", error)
        finally:
            self._running.discard(wish.hash)
            self._go_on()

    async def _ask(self, stream: Stream, wish: Wish) -> bytes | None:
        """The picture, if it has the hash that was told. Raises KnownError where there was no answer."""
        if wish.published:
            data = await self._ask_published(stream, wish)
            if data is not None:
                return data
        return await self._ask_vcard(stream, wish) if wish.in_vcard else None

    async def _ask_published(self, stream: Stream, wish: Wish) -> bytes | None:
        try:
            item = await fetch_item(stream, wish.jid, wire.DATA, wish.hash)
        except KnownError as error:
            if error.kind in _NO_ANSWER:
                raise
            return None
        return _verified(wire.parse_data(item), wish)

    async def _ask_vcard(self, stream: Stream, wish: Wish) -> bytes | None:
        try:
            answer = await stream.request("get", wish.jid, wire.build_vcard_query())
        except KnownError as error:
            if error.kind in _NO_ANSWER:
                raise
            return None
        return _verified(wire.parse_photo(answer), wish)


def _verified(data: bytes | None, wish: Wish) -> bytes | None:
    if data is None or wire.hash_of(data) != wish.hash:
        _log.debug("a picture is not what was told of it")
        return None
    return data
