"""What is here of one conversation, and fetching more of it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from whimbrel.features.archive import ranges, wire
from whimbrel.features.archive.state import Known, ask
from whimbrel.features.archive.writer import CHUNK, PageWriter, Place, Whose, Written, parts
from whimbrel.model.account import AccountId
from whimbrel.model.archive import ArchiveRange, Beginning, Coverage, Gap, Point
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.storage.archive import ArchiveStore

_A_SECOND = timedelta(seconds=1)  # servers' stamps may be in whole seconds
_PAGE = 50
_MOST_PAGES = 20
_WRONG_CLOCK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Missing:
    """Where to fetch: from ``above`` down to ``below``."""

    above: ArchiveRange | None
    below: ArchiveRange | None


class ConversationReader:
    """Pages of what was said with one address: by the filter ``with``, which every archive must know."""

    def __init__(self, writer: PageWriter, archives: ArchiveStore) -> None:
        self._writer = writer
        self._archives = archives

    def coverage(
        self, account_id: AccountId, archive: JID, peer: JID, known: Known | None, *, loading: bool
    ) -> Coverage:
        """What is here. ``loading``: a page of it is being fetched. ``known`` None: not online since the start."""
        here = self._segments(account_id, archive, peer)
        online = known is not None and known.is_online
        below = _filled_below(known, here)
        current = known is None or not online or known.connected or known.resumed or peer in known.fetched
        coming = online and not current and known is not None and not known.finished
        gaps = [
            Gap(older.last.time, newer.first.time, loading=below is newer) for older, newer in itertools.pairwise(here)
        ]
        if known is not None and known.absent:
            beginning = Beginning.NO_ARCHIVE
        elif not here:
            empty = known is not None and known.is_online and known.connected
            beginning = Beginning.REACHED if empty else Beginning.UNKNOWN
        else:
            beginning = Beginning.REACHED if here[0].reaches_start else Beginning.MORE
        return Coverage(
            since=here[-1].first.time if here and current else None,
            gaps=tuple(gaps),
            beginning=beginning,
            loading=loading or coming or bool(here and below is here[0]),
        )

    async def fetch_newest(self, known: Known, peer: JID, limit: int) -> Written:
        """The newest page. Raises KnownError as :func:`ask`."""
        return (await self._fetch_newest(known, peer, limit))[1]

    async def load(self, known: Known, conversation: Conversation, gap: Gap | None) -> None:
        """A page of a gap (its newest part), or of what is older than all that is here. Raises KnownError."""
        peer = conversation.jid
        here = self._segments(known.account_id, known.own.bare, peer)
        missing = _find_missing(here, gap)
        if missing.above is None:
            await self.fetch_newest(known, peer, _PAGE)
            return
        anchor = self._anchor(known, conversation, missing.above)
        page = None if anchor is None else await _before(known, peer, anchor.id)
        if page is None:  # no such id, or none that the archive knows (any more)
            end = missing.above.first_stamp + _A_SECOND
            page = await ask(known.stream, wire.Question(peer, end=end, limit=_PAGE))
            anchor = None
        until = anchor or missing.above.first
        place = Place(
            above=frozenset({until.id}),
            all_older=_is_end(page) or (bool(page.items) and page.items[0].id == until.id),
            until=until,
            since=missing.below if _reaches(page, missing.below) else None,
            overlaps=anchor is None,
        )
        await self._write(Whose(known.account_id, known.own, peer), page.items, place)

    async def confirm(self, known: Known, peer: JID, messages: Sequence[Message]) -> None:
        """Fetch back until all of our messages were met, or cannot be met any more. Raises KnownError."""
        wanted = {message.wire_id for message in messages}
        since = min(message.time for message in messages) - _WRONG_CLOCK
        page, _ = await self._fetch_newest(known, peer, _PAGE)
        seen: set[str] = set()
        for _ in range(_MOST_PAGES):
            for item in page.items:
                if item.message is not None:
                    wanted.discard(item.message.get("id", ""))
            oldest = page.items[0] if page.items else None
            if not wanted or oldest is None or _is_end(page) or page.ids <= seen:
                return
            if oldest.stamp is not None and oldest.stamp < since:
                return
            seen |= page.ids
            page = await ask(known.stream, wire.Question(peer, before=oldest.id, limit=_PAGE))
            place = Place(above=frozenset({oldest.id}), all_older=_is_end(page), news=known.away)
            written = await self._write(Whose(known.account_id, known.own, peer), page.items, place)
            known.count(written.counts, 0)

    async def _fetch_newest(self, known: Known, peer: JID, limit: int) -> tuple[wire.Page, Written]:
        page = await ask(known.stream, wire.Question(peer, limit=limit))
        place = Place(all_older=_is_end(page), news=known.away)
        written = await self._write(Whose(known.account_id, known.own, peer), page.items, place)
        known.fetched.add(peer)
        return page, written

    async def _write(self, whose: Whose, items: Sequence[wire.Item], place: Place) -> Written:
        counts: dict[ConversationId, int] = {}
        beyond = 0
        for part, where in parts(items, place, CHUNK):
            written = self._writer.write(whose, part, where)
            beyond += written.beyond
            for conversation_id, number in written.counts.items():
                counts[conversation_id] = counts.get(conversation_id, 0) + number
            await asyncio.sleep(0)
        return Written(counts, beyond)

    def _segments(self, account_id: AccountId, archive: JID, peer: JID) -> list[ArchiveRange]:
        """What is here without a hole, oldest first; what is older than the archive's start is not missed."""
        whole = self._archives.list_ranges(account_id, archive)
        here = ranges.unite(whole, self._archives.list_ranges(account_id, archive, peer))
        bottom = max((index for index, one in enumerate(here) if one.reaches_start), default=0)
        return here[bottom:]

    def _anchor(self, known: Known, conversation: Conversation, above: ArchiveRange) -> Point | None:
        """An id of this conversation at or after a range's beginning: only such a one can be asked by here."""
        archive = known.own.bare
        own = self._archives.list_ranges(known.account_id, archive, conversation.jid)
        if any(one.first == above.first for one in own):
            return above.first
        return self._archives.find_oldest(known.account_id, archive, conversation.id, above.first.time)


async def _before(known: Known, peer: JID, id_: str) -> wire.Page | None:
    """The page before an id; None where there is none, or the archive does not know the id. Raises KnownError."""
    try:
        page = await ask(known.stream, wire.Question(peer, before=id_, limit=_PAGE))
    except KnownError as error:
        if error.kind is not ErrorKind.NOT_FOUND:
            raise
        return None
    return page if page.items else None


def _find_missing(here: Sequence[ArchiveRange], gap: Gap | None) -> _Missing:
    if not here:
        return _Missing(None, None)
    if gap is None:
        return _Missing(here[0], None)
    index = next((index for index, one in enumerate(here) if one.first.time >= gap.before), len(here) - 1)
    return _Missing(here[index], here[index - 1] if index else None)


def _filled_below(known: Known | None, here: Sequence[ArchiveRange]) -> ArchiveRange | None:
    """The range below which the sweep is fetching now."""
    if known is None or not known.is_online or not known.filling:
        return None
    return next((one for one in here if one.first.id == known.filling), None)


def _is_end(page: wire.Page) -> bool:
    """Whether nothing is older than a page."""
    return page.stable and (page.complete or not page.items)


def _reaches(page: wire.Page, below: ArchiveRange | None) -> bool:
    """Whether a page has come to an older range, by its end's id or by the archive's clock."""
    if below is None:
        return False
    return (
        _is_end(page)
        or below.last.id in page.ids
        or any(item.stamp is not None and item.stamp < below.stamp for item in page.items)
    )
