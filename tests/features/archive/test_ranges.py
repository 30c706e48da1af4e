"""Ranges, whatever comes in which order: disjoint, sorted, and never more than what is here."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from whimbrel.features.archive.ranges import holes, join, place, unite
from whimbrel.model.archive import ArchiveRange, Point

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_NEXT = timedelta(microseconds=1)


def _time(number: int) -> datetime:
    return _BEGIN + timedelta(seconds=number)


def _range(first: int, last: int, *, start: bool = False) -> ArchiveRange:
    return ArchiveRange(
        Point(str(first), _time(first)), Point(str(last), _time(last)), _time(last), _time(first), start
    )


class Model:
    """An archive of numbers, and what is here of it."""

    def __init__(self) -> None:
        self.size = 0
        self.here: set[int] = set()
        self.ranges: list[ArchiveRange] = []
        self.connected = False

    def newest(self, limit: int) -> None:
        items = list(range(max(0, self.size - limit), self.size))
        self._write(items, set(), complete=self.size <= limit)
        self.connected = True

    def fill(self, limit: int, which: int, forward: bool) -> None:
        """A page of one of the holes, from its newer end, or from its older one."""
        missing = holes(self.ranges)
        if not missing:
            return
        hole = missing[which % len(missing)]
        if forward and hole.below is not None:
            begin = int(hole.below.last.id) + 1
            end = min(begin + limit, self.size)
            met = {hole.above.first.id} if end > int(hole.above.first.id) else set()
            self._write(list(range(begin, end)), {hole.below.last.id} | met, complete=False)
        else:
            end = int(hole.above.first.id)
            self._write(list(range(max(0, end - limit), end)), {hole.above.first.id}, complete=end <= limit)

    def arrive(self, count: int) -> None:
        """Live messages, stored; they extend the newest range only where nothing is missing before them."""
        for _ in range(count):
            number, self.size = self.size, self.size + 1
            self.here.add(number)
            if self.connected and self.ranges:
                last = self.ranges[-1]
                self.ranges[-1] = replace(last, last=Point(str(number), _time(number)))

    def away(self, count: int) -> None:
        self.connected = False
        self.size += count

    def _write(self, items: list[int], near: set[str], complete: bool) -> None:
        if not items:
            return
        self.here.update(items)
        self.ranges = join(self.ranges, _range(items[0], items[-1]), near | {str(i) for i in items}, all_older=complete)

    def check(self) -> None:
        spans = [(int(r.first.id), int(r.last.id)) for r in self.ranges]
        assert spans == sorted(spans)
        for (_, last), (first, _) in itertools.pairwise(spans):
            assert last < first
        for first, last in spans:
            assert self.here.issuperset(range(first, last + 1))
        assert all(not r.reaches_start for r in self.ranges[1:])
        if self.ranges and self.ranges[0].reaches_start:
            assert spans[0][0] == 0


_steps = st.lists(
    st.one_of(
        st.tuples(st.just("newest"), st.integers(1, 20)),
        st.tuples(st.just("fill"), st.integers(1, 20), st.integers(0, 5), st.booleans()),
        st.tuples(st.just("arrive"), st.integers(1, 5)),
        st.tuples(st.just("away"), st.integers(0, 60)),
    ),
    max_size=40,
)


@given(_steps)
def test_any_interleaving_leaves_true_ranges_that_heal(steps: list[tuple[object, ...]]) -> None:
    model = Model()
    for name, *arguments in steps:
        getattr(model, str(name))(*arguments)
        model.check()
    model.newest(10)
    for _ in range(model.size + 1):
        model.fill(10, 0, False)
        model.check()
    assert model.here == set(range(model.size))
    assert len(model.ranges) == (1 if model.size else 0)
    assert holes(model.ranges) == []


_spans = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 10)), max_size=8)


@given(_spans, _spans)
def test_united_ranges_cover_what_their_parts_do(whole: list[tuple[int, int]], part: list[tuple[int, int]]) -> None:
    def disjoint(spans: list[tuple[int, int]]) -> list[ArchiveRange]:
        ranges: list[ArchiveRange] = []
        for first, length in spans:
            ranges = join(ranges, _range(first, first + length))
        return ranges

    one, other = disjoint(whole), disjoint(part)
    united = unite(one, other)
    for before, after in itertools.pairwise(united):
        assert before.last.time < after.first.time
    for number in range(70):
        inside = any(r.first.time <= _time(number) <= r.last.time for r in united)
        assert inside == any(r.first.time <= _time(number) <= r.last.time for r in [*one, *other])


_stamps = st.lists(st.one_of(st.none(), st.integers(-5_000, 5_000)), min_size=1, max_size=100)


@given(_stamps, st.integers(-5_000, 4_998), st.integers(1, 5_000))
def test_times_ascend_and_fit_between_their_neighbours(stamps: list[int | None], floor: int, room: int) -> None:
    """Whatever the clocks said: as long as there is a microsecond for each."""
    given_stamps = [None if stamp is None else _time(stamp) for stamp in stamps]
    low, high = _time(floor), _time(floor + room)
    times = place(given_stamps, high, low)
    assert all(before < after for before, after in itertools.pairwise(times))
    assert low < times[0]
    assert times[-1] < high


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=100))
def test_true_stamps_are_kept_but_for_microseconds(stamps: list[int]) -> None:
    stamps.sort()
    times = place([_time(stamp) for stamp in stamps], _time(2_000), _BEGIN - _NEXT)
    for stamp, time in zip(stamps, times, strict=True):
        assert timedelta(0) <= _time(stamp) - time < timedelta(milliseconds=1) or stamp == 0


def test_what_does_not_fit_leaves_room_for_the_next_page() -> None:
    """A clock that was an hour wrong: page after page goes between."""
    floor, ceiling = _time(3_600), _time(3_700)
    for _ in range(20):
        times = place([_time(number) for number in range(50)], ceiling, floor)
        assert floor < times[0] < times[-1] < ceiling
        ceiling = times[0]
