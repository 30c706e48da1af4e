"""Making sure of the server: "online" means that its last answer is younger than the check interval."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from whimbrel.model.errors import ErrorKind
from whimbrel.xmpp.client import Client

_MUCH = 64 * 1024  # bytes in one deadline: the answer may be behind them
_MOST_EXTENSIONS = 6


class Liveness:
    """Watches one stream: each question has a deadline, and one is asked when the last answer is old.

    Args:
        ask: asks the server something, and tells ``asked``.
        interval: seconds without an answer after which it is asked.
        deadline: seconds that an answer may take; while much else arrives, more.
    """

    def __init__(self, client: Client, ask: Callable[[], None], *, interval: float, deadline: float) -> None:
        self._client = client
        self._ask = ask
        self._interval = interval
        self._deadline = deadline
        self._loop = asyncio.get_running_loop()
        self._open: deque[float] = deque()  # when what is not answered was asked
        self._answered_at = self._loop.time()
        self._heard = client.bytes_heard
        self._extensions = 0
        self._timer: asyncio.Handle | None = None
        self._timer_due = 0.0  # kept here: qasync's handles do not tell
        self._arm()

    def check(self) -> None:
        """Ask now, unless an answer is waited for."""
        if not self._open:
            self._ask()

    def asked(self) -> None:
        """The server was asked something that it answers in order."""
        if not self._open:
            self._heard, self._extensions = self._client.bytes_heard, 0
        self._open.append(self._loop.time())
        self._arm()

    def answered(self) -> None:
        """The server answered the oldest question."""
        self._answered_at = self._loop.time()
        self._heard, self._extensions = self._client.bytes_heard, 0
        if self._open:
            self._open.popleft()

    def close(self) -> None:
        """The stream ended."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _due(self) -> float:
        """When something is to be done. A server that works through many questions answers one after the other."""
        if not self._open:
            return self._answered_at + self._interval
        return max(self._open[0], self._answered_at) + self._deadline

    def _arm(self) -> None:
        due = self._due()
        if self._timer is None or self._timer_due > due:
            self.close()
            self._timer_due = due
            self._timer = self._loop.call_at(due, self._check)

    def _check(self) -> None:
        self._timer = None
        if self._loop.time() >= self._due():
            if not self._open:
                self._ask()
            elif not self._may_be_behind():
                self._client.fail(ErrorKind.CONNECTION_LOST, "the server does not answer any more")
                return
        self._arm()

    def _may_be_behind(self) -> bool:
        """Whether so much came since the question that its answer may be behind that; then it gets more time."""
        heard, self._heard = self._client.bytes_heard - self._heard, self._client.bytes_heard
        self._extensions += 1
        if heard < _MUCH or self._extensions > _MOST_EXTENSIONS:
            return False
        self._open[0] = self._loop.time()
        return True
