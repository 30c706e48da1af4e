"""The heights of the rows of a timeline, in pixels: measured where a row has been laid out, estimated elsewhere."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate


class RowHeights:
    """Heights and tops of rows. Changing is cheap; the tops are summed up again when they are next asked for."""

    def __init__(self, padding: int) -> None:
        self._padding = padding
        self._head = self._tail = 0
        self._heights: list[int] = []
        self._measured: list[bool] = []
        self._tops: list[int] | None = None

    def __len__(self) -> int:
        return len(self._heights)

    def set_ends(self, head: int, tail: int) -> bool:
        """Keep room above the first row and beneath the last; returns whether that is another than before."""
        if (head, tail) == (self._head, self._tail):
            return False
        self._head, self._tail = head, tail
        self._tops = None
        return True

    @property
    def head(self) -> int:
        """The room above the first row, without the padding."""
        return self._head

    def insert(self, row: int, estimates: Sequence[int]) -> None:
        """Make room for new rows before ``row``."""
        self._heights[row:row] = estimates
        self._measured[row:row] = [False] * len(estimates)
        self._tops = None

    def remove(self, first: int, last: int) -> None:
        """Forget the rows from ``first`` to ``last``, both included."""
        del self._heights[first : last + 1]
        del self._measured[first : last + 1]
        self._tops = None

    def reset(self, estimates: Sequence[int]) -> None:
        """Forget everything and start with these."""
        self._heights = list(estimates)
        self._measured = [False] * len(estimates)
        self._tops = None

    def distrust(self, first: int = 0, last: int | None = None) -> None:
        """Take measured heights for estimates from now on (the width changed, say)."""
        end = len(self._heights) if last is None else last + 1
        self._measured[first:end] = [False] * (end - first)

    def is_measured(self, row: int) -> bool:
        """Whether the row's height is known, not guessed."""
        return self._measured[row]

    def move(self, row: int, target: int) -> None:
        """A row is at ``target`` now."""
        self._heights.insert(target, self._heights.pop(row))
        self._measured.insert(target, self._measured.pop(row))
        self._tops = None

    def set(self, row: int, height: int) -> bool:
        """Note a measured height; returns whether it differs from what was known."""
        self._measured[row] = True
        if self._heights[row] == height:
            return False
        self._heights[row] = height
        self._tops = None
        return True

    def height(self, row: int) -> int:
        """The height of a row."""
        return self._heights[row]

    def top(self, row: int) -> int:
        """The top of a row, from the top of the content."""
        return self._sums()[row]

    @property
    def total(self) -> int:
        """The height of the content, with what is kept free above and below."""
        return self.end + self._tail + self._padding

    @property
    def end(self) -> int:
        """The bottom of the last row, from the top of the content."""
        return self._sums()[-1]

    def row_at(self, y: int) -> int:
        """The row that holds ``y``: the nearest one where ``y`` is outside; -1 where there are no rows."""
        if not self._heights:
            return -1
        return min(max(bisect_right(self._sums(), y) - 1, 0), len(self._heights) - 1)

    def _sums(self) -> list[int]:
        if self._tops is None:
            self._tops = list(accumulate(self._heights, initial=self._padding + self._head))
        return self._tops
