"""How long to wait before connecting again."""

from __future__ import annotations

import random
from collections.abc import Callable


class Backoff:
    """Doubling waits with jitter: from ``first`` to ``longest`` seconds.

    The jitter takes up to a third off, so that many clients of a server that restarts do not return at once.
    """

    def __init__(
        self, first: float = 1.0, longest: float = 300.0, random_number: Callable[[], float] = random.random
    ) -> None:
        self._first = first
        self._longest = longest
        self._random = random_number
        self._next = first

    def next_wait(self) -> float:
        """Seconds to wait now; the following wait is twice as long."""
        wait = self._next
        self._next = min(self._longest, wait * 2)
        return wait * (1 - self._random() / 3)

    def reset(self) -> None:
        """Begin with the shortest wait again."""
        self._next = self._first
