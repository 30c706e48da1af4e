"""When to connect again, and where: at once, after a wait, or where the server sends us."""

from __future__ import annotations

import time

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.xmpp.backoff import Backoff

_AT_ONCE_SECONDS = 5.0  # returning at once may not happen more often
_STEADY_SECONDS = 60.0  # online for this long: whatever ends it counts as something new
_MOST_HOPS = 3  # that servers may send us from one to the next, with no session between that lasted


class Returning:
    """What comes after a stream's end. Being online for a while begins everything anew."""

    def __init__(self, backoff: Backoff) -> None:
        self._backoff = backoff
        self._online_at: float | None = None
        self._at_once_at = float("-inf")
        self._hurry = False
        self._hops = 0
        self._elsewhere = ""  # where the server sent us

    def comes_back(self, error: KnownError) -> bool:
        """Whether connecting is tried again without anybody's decision: a disk that is full may have room later."""
        return error.mends_itself or error.kind is ErrorKind.DISK_FULL

    def succeeded(self) -> None:
        """Online."""
        self._online_at = time.monotonic()
        self._hurry = False

    def hurry(self) -> None:
        """Something changed: the next wait is over before it begins, and short ones follow."""
        self._backoff.reset()
        self._hurry = True

    def reset(self) -> None:
        """Begin with short waits again."""
        self._backoff.reset()

    def send_to(self, elsewhere: str) -> None:
        """The server sends us elsewhere (RFC 6120 section 4.9.3.19), or ("") does not."""
        self._elsewhere = elsewhere

    def take_elsewhere(self) -> str:
        """Where the server sent us: once."""
        elsewhere, self._elsewhere = self._elsewhere, ""
        return elsewhere

    def next_wait(self, error: KnownError, *, lost: bool) -> float:
        """Seconds to wait now; ``lost``: a session that can be resumed was online until now."""
        now, online_at, self._online_at = time.monotonic(), self._online_at, None
        hurry, self._hurry = self._hurry, False
        steady = online_at is not None and now - online_at >= _STEADY_SECONDS
        if steady:
            self._hops = 0
        if steady or (online_at is not None and _only_lost(error)):
            self._backoff.reset()
        if hurry or self._was_sent():
            return 0.0
        if lost and _only_lost(error) and now - self._at_once_at >= _AT_ONCE_SECONDS:
            self._at_once_at = now
            return 0.0
        return self._backoff.next_wait()

    def _was_sent(self) -> bool:
        self._hops = self._hops + 1 if self._elsewhere else 0
        if 0 < self._hops <= _MOST_HOPS:
            return True
        self._elsewhere = ""
        return False


def _only_lost(error: KnownError) -> bool:
    return error.kind is ErrorKind.CONNECTION_LOST
