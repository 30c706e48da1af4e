"""The least work that brings rows into another order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def displaced(present: Sequence[T], wanted: Sequence[T]) -> set[T]:
    """The fewest rows to move so that ``present`` becomes ``wanted``, which has the same elements.

    All but the longest run that is already in order (longest increasing subsequence, O(n log n)).
    """
    place = {element: index for index, element in enumerate(wanted)}
    ends: list[int] = []  # by length: the smallest place that such a run can end with
    end_rows: list[int] = []
    previous = [-1] * len(present)
    for row, element in enumerate(present):
        length = bisect_left(ends, place[element])
        previous[row] = end_rows[length - 1] if length else -1
        if length == len(ends):
            ends.append(place[element])
            end_rows.append(row)
        else:
            ends[length], end_rows[length] = place[element], row
    staying = set()
    row = end_rows[-1] if end_rows else -1
    while row >= 0:
        staying.add(present[row])
        row = previous[row]
    return set(present) - staying
