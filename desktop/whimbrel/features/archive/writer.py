"""Writing a page: its messages, and the range that it is, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from whimbrel.core.incoming import Incoming
from whimbrel.features.archive import ranges, wire
from whimbrel.features.archive.order import Order
from whimbrel.features.archive.ranks import Ranks
from whimbrel.model.account import AccountId
from whimbrel.model.archive import ArchiveRange, Point
from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import Message, MessageId
from whimbrel.storage.archive import ArchiveStore

CHUNK = 25
"""Items written in one turn of the event loop."""
_NEXT = timedelta(microseconds=1)
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Whose:
    """An archive, or what was said in it with one address."""

    account_id: AccountId
    own: JID  # full
    peer: JID | None = None

    @property
    def archive(self) -> JID:
        """Its address."""
        return self.own.bare


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page lies.

    Args:
        above: ids that lie directly after it.
        beneath: ids that lie directly before it.
        all_older: nothing in the archive is older than it, but what is here.
        until: it reaches up to here, which is here.
        since: it reaches down to this range, in which everything is that is older by the archive's clock.
        news: what of it is newer than what was here came in while we were away.
        overlaps: it was asked for by time, so that it may hold something of the range above.
    """

    above: frozenset[str] = frozenset()
    beneath: frozenset[str] = frozenset()
    all_older: bool = False
    until: Point | None = None
    since: ArchiveRange | None = None
    news: bool = False
    overlaps: bool = False

    @property
    def near(self) -> frozenset[str]:
        """The ids directly beside it."""
        return self.above | self.beneath


@dataclass(frozen=True, slots=True)
class _Room:
    """What a page lies between. From the item ``cut`` on, it is newer than ``below``."""

    ceiling: datetime
    below: ArchiveRange | None
    cut: int


@dataclass(frozen=True, slots=True)
class Written:
    """What a page brought: new unread messages by conversation; how many items lay beyond what was here."""

    counts: Mapping[ConversationId, int] = field(default_factory=dict)
    beyond: int = 0


@dataclass(slots=True)
class _Trail:
    """Where a sweep over an account's whole archive is: what the part that was written last tells the next one."""

    oldest: str = ""  # the id of its first item
    lowest: int | None = None  # the rank of that
    range: str = ""  # the id with which the range begins in which it lies
    next: dict[str, datetime] = field(default_factory=dict)  # by address, the time of the oldest that was placed


class PageWriter:
    """Puts pages into the pipeline and their ranges into the table."""

    def __init__(self, incoming: Incoming, archives: ArchiveStore, order: Order, ranks: Ranks) -> None:
        self._ranks = ranks
        self._incoming = incoming
        self._order = order
        self._archives = archives
        self._trails: dict[AccountId, _Trail] = {}

    def write(self, whose: Whose, items: Sequence[wire.Item], place: Place) -> Written:
        """Store a page. Raises KnownError DISK_FULL: then nothing of it is stored."""
        known = self._archives.list_ranges(whose.account_id, whose.archive, whose.peer)
        if not items:
            self._write_ranges(whose, _without_items(known, place))
            return Written()
        above = next((one for one in known if one.first.id in place.above), None)
        trail = self._find_trail(whose, place)
        around = next((one for one in known if one.first.id == trail.range), None) if above is None else None
        below = next((one for one in known if one.last.id in place.beneath), None)
        ceiling = None if around is not None else _find_ceiling(known, above, below, place)
        ceiling = ceiling or datetime.now(UTC)
        below = below or self._find_below(whose, known, above, around, ceiling)
        cut = _first_beyond(items, below)
        here = self._find_known(whose, items)
        end = _first_above(items, here, above, ceiling) if place.overlaps else len(items)
        stands = {index: time for index, (_, time) in here.items()}
        times = self._place(whose, items[:end], _Room(ceiling, below, cut), stands, trail)
        times += [stands.get(index, ceiling) for index in range(end, len(items))]
        news = [place.news and below is not None and index >= cut for index in range(len(items))]
        room = _Room(ceiling, below, cut)
        if whose.peer is not None and len(here) == len(items):  # what is here already lies where it stands
            times = [stands[index] for index in range(len(items))]
            room = _Room(max(times), None, cut)
        ranks_ = self._find_ranks(whose, known, end, place, below, trail)
        found = _found(items, times, place, room, ranks_)
        envelopes = list(wire.parse_envelopes(whose.account_id, whose.own, items, times, news))
        ids = {item.id for item in items}
        joined = ranges.join(known, found, place.near | ids, all_older=place.all_older)
        if around is not None and around.first.id not in ids:
            joined, found = list(known), around
        moved: list[Message] = []

        def write_rest() -> None:
            moved.extend(self._straighten(whose, items, ranks_))
            self._order.show(moved)
            self._write_ranges(whose, joined)

        counts = self._incoming.receive_page(envelopes, write_rest)
        if whose.peer is None:
            lies_in = next(one for one in joined if one.first.time <= found.first.time <= one.last.time)
            trail.oldest, trail.range = items[0].id, lies_in.first.id
            trail.lowest = ranks_[0] if ranks_ else None
            self._trails[whose.account_id] = trail
        self._order.tell(moved)
        return Written(counts, sum(index not in here for index in range(cut, len(items))))

    def _write_ranges(self, whose: Whose, known: Sequence[ArchiveRange]) -> None:
        self._archives.set_ranges(whose.account_id, whose.archive, whose.peer, known)

    def _find_trail(self, whose: Whose, place: Place) -> _Trail:
        """The trail that a page goes on with; a new one where it begins elsewhere, or is of one peer."""
        trail = self._trails.get(whose.account_id)
        return trail if trail is not None and whose.peer is None and trail.oldest in place.above else _Trail()

    def _find_below(
        self,
        whose: Whose,
        known: Sequence[ArchiveRange],
        above: ArchiveRange | None,
        around: ArchiveRange | None,
        ceiling: datetime,
    ) -> ArchiveRange | None:
        """The nearest range that is older; for a single peer also one of the whole archive."""
        if around is not None:
            ceiling = around.first.time
        candidates = [one for one in known if one is not above and one.first.time < ceiling]
        if whose.peer is not None:
            whole = self._archives.list_ranges(whose.account_id, whose.archive)
            candidates += [one for one in whole if one.first.time < ceiling]
        return max(candidates, key=lambda one: one.last.time, default=None)

    def _place(
        self,
        whose: Whose,
        items: Sequence[wire.Item],
        room: _Room,
        stands: Mapping[int, datetime],
        trail: _Trail,
    ) -> list[datetime]:
        """A time for each item: in order within its conversation, between what is older and what is newer there."""
        groups: dict[tuple[bool, str], list[int]] = {}
        for index, item in enumerate(items):
            peer = "" if item.message is None else wire.find_peer(item.message, whose.archive)
            groups.setdefault((index >= room.cut, peer), []).append(index)
        times = [room.ceiling] * len(items)
        for (beyond, peer), indices in groups.items():
            fixed = {number: stands[index] for number, index in enumerate(indices) if index in stands}
            ceiling, floor = room.ceiling, None
            if beyond:
                ceiling = self._find_next(whose, peer, room.ceiling, trail)
                floor = self._find_last(whose, peer, room.below, fixed)
            elif room.below is not None:
                ceiling = min(ceiling, room.below.last.time + _NEXT)
            placed = ranges.place([items[index].stamp for index in indices], ceiling, floor, fixed)
            for index, time in zip(indices, placed, strict=True):
                times[index] = time
            if beyond:
                trail.next[peer] = placed[0]
        return times

    def _find_ranks(
        self,
        whose: Whose,
        known: Sequence[ArchiveRange],
        count: int,
        place: Place,
        below: ArchiveRange | None,
        trail: _Trail,
    ) -> list[int]:
        """Ranks for a page's items: next to what the page lies beside; none in the part of one peer."""
        if whose.peer is not None:
            return [0] * count
        above = next((one for one in known if one.first.id in place.above), None)
        if above is None and place.until is None and below is not None and below.last.id in place.beneath:
            return list(range(below.last.rank + 1, below.last.rank + 1 + count))
        end = self._ranks.began(whose.account_id)
        if trail.lowest is not None:
            end = trail.lowest
        elif above is not None:
            end = above.first.rank
        elif place.until is not None:
            end = place.until.rank
        return list(range(end - count, end))

    def _straighten(self, whose: Whose, items: Sequence[wire.Item], ranks_: Sequence[int]) -> list[Message]:
        """Put what is written into the archive's order."""
        if whose.peer is not None:
            return []
        spans: dict[ConversationId, tuple[int, int]] = {}
        for item, rank in zip(items, ranks_, strict=False):  # what lies in the newer range already has its own
            for part in self._archives.set_rank(whose.account_id, whose.archive, item.id, rank):
                spans[part] = spans.get(part, (rank, rank))[0], rank
        return [message for part, span in spans.items() for message in self._order.straighten(part, *span)]

    def _find_next(self, whose: Whose, peer: str, ceiling: datetime, trail: _Trail) -> datetime:
        """The time of what comes next in a conversation."""
        if whose.peer is not None:
            return ceiling
        placed = trail.next.get(peer)
        if placed is not None:
            return placed
        return self._archives.find_first_since(whose.account_id, peer, ceiling) or ceiling

    def _find_last(
        self, whose: Whose, peer: str, below: ArchiveRange | None, fixed: Mapping[int, datetime]
    ) -> datetime | None:
        """The time of what comes before in a conversation; what is here of the page itself stands after it."""
        if below is None:
            return None
        until = min([below.last.time, *(time - _NEXT for time in fixed.values())])
        return self._archives.find_last_until(whose.account_id, peer, until)

    def _find_known(self, whose: Whose, items: Sequence[wire.Item]) -> dict[int, tuple[MessageId, datetime]]:
        """Those that are here already, and their times, by index."""
        found = {}
        for index, item in enumerate(items):
            known = self._archives.find_known(whose.account_id, whose.archive, item.id)
            if known is not None:
                found[index] = known
        return found


def _find_ceiling(
    known: Sequence[ArchiveRange], above: ArchiveRange | None, below: ArchiveRange | None, place: Place
) -> datetime | None:
    """The time of what is next after a page; None where that is now."""
    if above is None and below is not None:
        above = next((one for one in known if one.first.time > below.last.time), None)
    if above is not None:
        return above.first.time
    return None if place.until is None else place.until.time


def _without_items(known: Sequence[ArchiveRange], place: Place) -> list[ArchiveRange]:
    """The ranges after a page that brought nothing but the knowledge that nothing is there."""
    above = next((one for one in known if one.first.id in place.above), None)
    if above is not None:
        rest = [one for one in known if one is not above]
        if place.since is not None:
            above = replace(above, first=place.since.last, first_stamp=place.since.stamp)
        return ranges.join(rest, above, place.near, all_older=place.all_older)
    if place.until is None:
        return list(known)
    first = place.until if place.since is None else place.since.last
    stamp = place.until.time if place.since is None else place.since.stamp
    bridge = ArchiveRange(first, place.until, stamp, stamp)
    return ranges.join(known, bridge, place.near, all_older=place.all_older)


def _first_beyond(items: Sequence[wire.Item], below: ArchiveRange | None) -> int:
    """The index of the first item that is newer than an older range."""
    if below is None:
        return 0
    for index, item in enumerate(items):
        if item.id == below.last.id:
            return index + 1
    return next(
        (index for index, item in enumerate(items) if item.stamp is not None and item.stamp >= below.stamp), len(items)
    )


def _first_above(
    items: Sequence[wire.Item],
    here: Mapping[int, tuple[MessageId, datetime]],
    above: ArchiveRange | None,
    ceiling: datetime,
) -> int:
    """The index of the first item that lies in the newer range already."""
    for index, item in enumerate(items):
        if (above is not None and item.id == above.first.id) or (index in here and here[index][1] >= ceiling):
            return index
    return len(items)


def _found(
    items: Sequence[wire.Item], times: Sequence[datetime], place: Place, room: _Room, ranks_: Sequence[int]
) -> ArchiveRange:
    """The range that a page is: before the newer one, and clear of the older one, though single messages may not be."""
    oldest, latest = min(times), max(times)
    if room.below is not None:
        oldest = max(oldest, room.below.last.time + _NEXT)
    oldest = min(oldest, room.ceiling)
    stamps = [item.stamp for item in items if item.stamp is not None]
    first = Point(items[0].id, oldest, ranks_[0] if ranks_ else 0)
    last = Point(items[-1].id, max(oldest, latest), ranks_[-1] if ranks_ else 0)
    found = ArchiveRange(first, last, stamps[-1] if stamps else _ANY_TIME, stamps[0] if stamps else last.time)
    if room.below is not None and any(item.id == room.below.last.id for item in items):
        found = replace(found, first=room.below.first, first_stamp=room.below.first_stamp)
    if place.until is not None:
        found = replace(found, last=place.until)
    if place.since is not None and place.since.last.time < found.first.time:
        found = replace(found, first=place.since.last, first_stamp=place.since.stamp)
    return found


def parts(items: Sequence[wire.Item], place: Place, size: int) -> Iterator[tuple[Sequence[wire.Item], Place]]:
    """A page in parts, each with its place: from the newest on; from the oldest on where it goes forward.

    What is older than the range that it reaches is in that range.
    """
    if place.since is not None:
        items = [item for item in items if item.stamp is None or item.stamp >= place.since.stamp]
    if len(items) <= size:
        yield items, place
        return
    forward = bool(place.beneath) and not place.above
    starts = range(0, len(items), size)
    for start in starts if forward else reversed(starts):
        part, end = items[start : start + size], start + size
        oldest, latest = start == 0, end >= len(items)
        yield (
            part,
            Place(
                above=place.above if latest else frozenset() if forward else frozenset({items[end].id}),
                beneath=place.beneath if oldest else frozenset({items[start - 1].id}) if forward else frozenset(),
                all_older=place.all_older and oldest,
                until=place.until if latest else None,
                since=place.since if oldest else None,
                news=place.news,
                overlaps=place.overlaps,
            ),
        )
