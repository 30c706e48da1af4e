"""One sweep over an account's whole archive: the newest page, then what is missing, newest first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from whimbrel.core.tasks import Tasks
from whimbrel.features.archive import ranges, wire
from whimbrel.features.archive.state import Known, ask
from whimbrel.features.archive.writer import CHUNK, PageWriter, Place, Whose, parts
from whimbrel.model.archive import ArchiveRange
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.storage.archive import ArchiveStore

PAGE = 100
"""Asked for at once; Prosody gives 50 at most, ejabberd 250."""
_PAGE_AFTER_CUT = 20
_PAUSE = 0.001  # seconds between pages
_PROBE = 5
_A_SECOND = timedelta(seconds=1)  # servers' stamps may be in whole seconds


class Sweep:
    """Ends where nothing is missing, where the archive gives nothing new, or with an error; goes on from there the
    next time, since every page is kept with its range.

    Args:
        on_page: something was written.
    """

    def __init__(
        self, known: Known, writer: PageWriter, archives: ArchiveStore, tasks: Tasks, on_page: Callable[[], None]
    ) -> None:
        self._known = known
        self._writer = writer
        self._archives = archives
        self._tasks = tasks
        self._on_page = on_page
        self._seen: set[str] = set()
        self._probed: set[str] = set()
        self._gone: set[str] = set()
        self._ahead: tuple[str, asyncio.Task[wire.Page | KnownError]] | None = None

    async def connect(self) -> None:
        """Fetch the newest page, unless that was done in this session. Raises KnownError."""
        known = self._known
        if known.connected:
            return
        known.arrived = None
        page = await ask(
            known.stream, wire.Question(limit=_PAGE_AFTER_CUT if known.resumed and not known.looked else PAGE)
        )
        self._seen |= page.ids
        older = self._ranges()
        below = older[-1] if older else None
        place = Place(all_older=_ends(page), since=await self._passed(page, below), news=known.away)
        self._look_ahead(page, below, place)
        await self._write(page.items, place, newest=True)
        if not page.items and _ends(page) and not older:
            known.absent = await self._is_off()
        known.connected = known.connected or _ends(page)
        self._take_arrived(page)

    def _take_arrived(self, page: wire.Page) -> None:
        """What came live after the newest page was asked for and is not in it comes after it."""
        known = self._known
        last, known.arrived = known.arrived, None
        if known.connected and last is not None and last.id not in page.ids:
            self._archives.extend(known.account_id, known.own.bare, last)

    async def fill_next(self, *, between: bool) -> bool:
        """Fetch a page of the newest hole that is left; False where there is none. Raises KnownError.

        Args:
            between: only a hole between two ranges.
        """
        for hole in ranges.holes(self._ranges()):
            if hole.above.first.id not in self._known.given_up and not (between and hole.below is None):
                self._known.filling = hole.above.first.id
                await self._fill(hole)
                await asyncio.sleep(_PAUSE)
                return True
        self._known.filling = ""
        return False

    def close(self) -> None:
        """Let go of what was asked ahead."""
        self._known.filling = ""
        if self._ahead is not None:
            self._ahead[1].cancel()
            self._ahead = None

    async def _fill(self, hole: ranges.Hole) -> None:
        above, below = hole.above, hole.below
        try:
            page = await self._before(above.first.id)
        except KnownError as error:
            if error.kind is not ErrorKind.NOT_FOUND:
                raise
            await self._detour(hole)
            return
        if not page.items:
            await self._go_by_time(hole)
            return
        brings = self._brings(page)
        since = await self._passed(page, below)
        place = Place(frozenset({above.first.id}), all_older=_ends(page), since=since, news=self._known.away)
        if brings:
            self._look_ahead(page, below, place)
        elif not _ends(page):
            self._known.given_up.add(above.first.id)
            return
        await self._write(page.items, place)

    async def _detour(self, hole: ranges.Hole) -> None:
        """The id to go back from is not there (any more): go forward from the older end, or by time."""
        below = hole.below
        page = None if below is None else await self._after(below, PAGE)
        if below is None or page is None:
            await self._go_by_time(hole)
            return
        brings, met = self._brings(page), _ends(page) or self._reaches(page, hole.above)
        if not brings and not met:
            self._known.given_up.add(hole.above.first.id)
            return
        await self._write(page.items, Place(beneath=frozenset({below.last.id}), news=self._known.away))
        if met:
            self._close_hole(hole)

    async def _go_by_time(self, hole: ranges.Hole) -> None:
        """What the archive has in a hole by its clock: no id is needed.

        An empty page is not believed without it: ejabberd says that nothing is before an id that it does not know.
        """
        above, below = hole.above, hole.below
        start, end = None if below is None else below.stamp, above.first_stamp + _A_SECOND
        page = await ask(self._known.stream, wire.Question(start=start, end=end, limit=PAGE))
        ends = _ends(page) or (page.stable and bool(page.items) and page.items[0].id == above.first.id)
        if not self._brings(page) and not ends:
            self._known.given_up.add(above.first.id)
            return
        beneath = frozenset({below.last.id}) if ends and below is not None else frozenset[str]()
        place = Place(
            frozenset({above.first.id}), beneath, ends and below is None, news=self._known.away, overlaps=True
        )
        await self._write(page.items, place)

    async def _after(self, below: ArchiveRange, limit: int) -> wire.Page | None:
        """What comes after a range; None where the archive does not know its end any more (or gives its own start)."""
        if below.last.id in self._gone:
            return None
        try:
            page = await ask(self._known.stream, wire.Question(before=None, after=below.last.id, limit=limit))
        except KnownError as error:
            if error.kind is not ErrorKind.NOT_FOUND:
                raise
        else:
            stamp = page.items[0].stamp if page.items else None
            if stamp is None or stamp >= below.stamp:
                return page
        self._gone.add(below.last.id)
        return None

    async def _passed(self, page: wire.Page, below: ArchiveRange | None) -> ArchiveRange | None:
        """The older range, where the page lies beside it though its end is not in the page (that id is gone, say).

        By the archive's clock alone that would be a guess, so the archive is asked what comes after that end.
        """
        if (
            below is None
            or below.last.id in page.ids
            or below.last.id in self._probed
            or not any(item.stamp is not None and item.stamp < below.stamp for item in page.items)
        ):
            return None
        self._probed.add(below.last.id)
        after = await self._after(below, _PROBE)
        return below if after is None or not after.items or after.ids & self._seen else None

    async def _is_off(self) -> bool:
        """Whether the archive is empty because nothing is kept."""
        try:
            return wire.parse_is_off(await self._known.stream.request("get", None, wire.build_preferences_query()))
        except KnownError as error:
            if error.kind in (ErrorKind.NOT_CONNECTED, ErrorKind.CONNECTION_LOST):
                raise
            return False

    async def _before(self, id_: str) -> wire.Page:
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[0] == id_:
            answer = await ahead[1]
            if isinstance(answer, KnownError):
                raise answer
            return answer
        if ahead is not None:
            ahead[1].cancel()
        return await ask(self._known.stream, wire.Question(before=id_, limit=PAGE))

    def _look_ahead(self, page: wire.Page, below: ArchiveRange | None, place: Place) -> None:
        """Ask for the next page while this one is written, where there surely is a next one."""
        met = below is not None and (place.since is not None or below.last.id in page.ids)
        if page.items and not met and not place.all_older:
            id_ = page.items[0].id
            self._ahead = id_, self._tasks.start(_quietly(self._known, id_), name="archive page")

    def _brings(self, page: wire.Page) -> bool:
        """Whether a page has an id that was not seen in this sweep: else it would go on for ever."""
        before = len(self._seen)
        self._seen |= page.ids
        return len(self._seen) > before

    def _reaches(self, page: wire.Page, above: ArchiveRange) -> bool:
        """Whether a page that goes forward has come to what is here."""
        if page.ids & {above.first.id, above.last.id}:
            return True
        account_id, archive = self._known.account_id, self._known.own.bare
        known = (self._archives.find_known(account_id, archive, item.id) for item in page.items)
        return any(one is not None and one[1] >= above.first.time for one in known)

    async def _write(self, items: Sequence[wire.Item], place: Place, *, newest: bool = False) -> None:
        """Write a page in parts, the newest first: each is a range beside the one before."""
        whose = Whose(self._known.account_id, self._known.own)
        for part, where in parts(items, place, CHUNK):
            written = self._writer.write(whose, part, where)
            if newest:
                self._known.connected = True
            self._known.count(written.counts, written.beyond)
            self._on_page()
            await asyncio.sleep(0)

    def _close_hole(self, hole: ranges.Hole) -> None:
        """What came forward from the older end has come to the newer one: nothing is missing between."""
        known = self._ranges()
        above = next((one for one in known if one.first.id == hole.above.first.id), None)
        older = [one for one in known if above is not None and one.last.time < above.first.time]
        if above is not None and older:
            joined = ranges.join([one for one in known if one is not above], above, {older[-1].last.id})
            self._archives.set_ranges(self._known.account_id, self._known.own.bare, None, joined)

    def _ranges(self) -> list[ArchiveRange]:
        return self._archives.list_ranges(self._known.account_id, self._known.own.bare)


def _ends(page: wire.Page) -> bool:
    """Whether nothing of what was asked for is left."""
    return page.complete and page.stable


async def _quietly(known: Known, id_: str) -> wire.Page | KnownError:
    """The page before an id, or why there is none: nobody may be waiting for it any more."""
    try:
        return await ask(known.stream, wire.Question(before=id_, limit=PAGE))
    except KnownError as error:
        return error
