"""Ranges of an archive that are here: joining what comes in, and telling what is missing. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from whimbrel.model.archive import ArchiveRange

_NEXT = timedelta(microseconds=1)
_SQUEEZED = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Hole:
    """What is missing just below a range: down to ``below``, or down to the archive's start."""

    above: ArchiveRange
    below: ArchiveRange | None


def join(
    ranges: Iterable[ArchiveRange], found: ArchiveRange, near: Collection[str] = (), *, all_older: bool = False
) -> list[ArchiveRange]:
    """Add a range, and make one of it and of those that it touches.

    Args:
        ranges: disjoint.
        found: what came in, without a hole.
        near: ids of what is in ``found`` or directly beside it: ranges that begin or end with one touch it.
        all_older: the archive has nothing between ``found`` and whatever older is here, and nothing older than that.

    Returns:
        Disjoint ranges, oldest first.
    """
    rest = list(ranges)
    merged = replace(found, reaches_start=found.reaches_start or all_older)
    touched = [
        one
        for one in rest
        if one.first.id in near
        or one.last.id in near
        or _overlap(one, found)
        or (all_older and one.first.time <= found.last.time)
    ]
    while touched:
        for one in touched:
            rest.remove(one)
            merged = _unite(merged, one)
        touched = [one for one in rest if _overlap(one, merged)]
    return sorted([*rest, merged], key=lambda one: one.first.time)


def holes(ranges: Sequence[ArchiveRange]) -> list[Hole]:
    """What is missing, newest first. ``ranges``: disjoint, oldest first."""
    found = [Hole(above, below) for below, above in itertools.pairwise(ranges)]
    if ranges and not ranges[0].reaches_start:
        found.insert(0, Hole(ranges[0], None))
    return found[::-1]


def place(
    stamps: Sequence[datetime | None],
    ceiling: datetime,
    floor: datetime | None = None,
    fixed: Mapping[int, datetime] | None = None,
) -> list[datetime]:
    """Times for messages of one conversation, strictly ascending, as near to their stamps as can be.

    All are before ``ceiling`` and, as far as there is room, after ``floor``: a clock that was wrong, or stamps in
    whole seconds, must not change the archive's order. What does not fit is put close together just below what is next,
    so that there is room for the next page too.

    Args:
        stamps: by the archive's clock, in its order; None where one has none.
        fixed: by index, the times of those that are here already; kept where they are in order.
    """
    here = fixed or {}
    times: list[datetime] = []
    top = ceiling
    for index in range(len(stamps) - 1, -1, -1):
        stamp, known = stamps[index], here.get(index)
        time = known if known is not None and known < top else min(stamp or top, top - _NEXT)
        times.append(time)
        top = time
    times.reverse()
    if floor is None:
        return times
    low = sum(time <= floor for time in times)
    if low:
        upper = times[low] if low < len(times) else ceiling
        step = max(_NEXT, min(_SQUEEZED, (upper - floor) / (2 * low)))
        times[:low] = [upper - step * (low - index) for index in range(low)]
    return times


def unite(whole: Iterable[ArchiveRange], part: Iterable[ArchiveRange]) -> list[ArchiveRange]:
    """What is here of one conversation: ranges of the whole archive, and of the conversation alone."""
    united: list[ArchiveRange] = []
    for one in sorted([*whole, *part], key=lambda one: one.first.time):
        if united and one.first.time <= united[-1].last.time:
            united[-1] = _unite(united[-1], one)
        else:
            united.append(one)
    return united


def _overlap(one: ArchiveRange, other: ArchiveRange) -> bool:
    return one.first.time <= other.last.time and other.first.time <= one.last.time


def _unite(one: ArchiveRange, other: ArchiveRange) -> ArchiveRange:
    oldest = min(one, other, key=lambda part: part.first.time)
    return ArchiveRange(
        first=oldest.first,
        last=max(one.last, other.last, key=lambda point: point.time),
        stamp=max(one.stamp, other.stamp),
        first_stamp=oldest.first_stamp,
        reaches_start=one.reaches_start or other.reaches_start,
    )
