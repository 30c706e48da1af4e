"""What a timeline holds on to while it changes: its end, or the place of one bubble."""

from __future__ import annotations


class Anchor:
    """Follows the end, or keeps the bubble of ``row`` at ``y`` pixels from the top of the viewport."""

    def __init__(self) -> None:
        self.follow = True
        self.row, self.y = -1, 0

    def hold(self, row: int, y: int) -> None:
        """Keep a bubble where it is; no longer follow the end."""
        self.follow, self.row, self.y = False, row, y

    def reset(self) -> None:
        """Follow the end."""
        self.follow, self.row = True, -1

    def inserted(self, start: int, end: int) -> None:
        """Rows came in."""
        if self.row >= start:
            self.row += end - start + 1

    def removed(self, start: int, end: int, left: int) -> None:
        """Rows went; ``left`` are there now."""
        if self.row > end:
            self.row -= end - start + 1
        elif self.row >= start:
            self.row = min(start, left - 1)

    def moved(self, row: int, target: int) -> None:
        """A row is at ``target`` now; the place of one that is held goes to the row that took it."""
        if row < self.row <= target:
            self.row -= 1
        elif target <= self.row < row:
            self.row += 1
