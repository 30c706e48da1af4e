"""Keeps messages for as long as the person wants, and no longer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from whimbrel.core.deletion import Deletion, Progress
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.stages import find_stamp
from whimbrel.core.tasks import Tasks
from whimbrel.model.envelope import Source
from whimbrel.model.errors import KnownError

_log = logging.getLogger(__name__)

_AGAIN = 6 * 3600.0
"""Seconds between two looks: what is too old goes within the day, also where the machine slept."""


def _ignore(_done: int) -> None:
    """Nobody wants to know."""


def cut(days: int) -> datetime | None:
    """What was said before this is too old, where messages are kept for so many days; None where all are kept (0)."""
    return datetime.now(UTC) - timedelta(days=days) if days > 0 else None


class TooOld(Stage):
    """What is too old already when it comes is not taken in at all. Runs before a conversation is made for it.

    So it is with what an archive has, and with a message that our server had to keep for so long: stored, it would be
    told of, and be gone with the next look. What comes without a text (a picture that changed years ago, say) is none.

    Args:
        keep_days: for how many days messages are kept; 0: for ever.
    """

    name = "too-old"
    after = frozenset({"errors", "recall"})
    before = frozenset({"dedupe"})

    def __init__(self, keep_days: Callable[[], int]) -> None:
        self._keep_days = keep_days

    def process(self, delivery: Delivery) -> Verdict:
        """Drop it."""
        stamp = None if delivery.bearers else _find_stamp(delivery)
        if stamp is None:
            return Verdict.CONTINUE
        before = cut(self._keep_days())
        if before is None or stamp >= before:
            return Verdict.CONTINUE
        delivery.reason = "older than messages are kept"
        return Verdict.DROP


def _find_stamp(delivery: Delivery) -> datetime | None:
    """When it was sent, as far as our own server says so; None for what was never kept, and for what is no message."""
    if delivery.envelope.source is Source.ARCHIVE:
        return delivery.envelope.stamp
    return None if delivery.body is None else find_stamp(delivery.envelope)


class Retention:
    """Deletes what is too old, at the start and some times a day, in portions. What is not sent is never deleted so.

    Args:
        keep_days: for how many days messages are kept; 0: for ever. Asked each time.
    """

    def __init__(self, tasks: Tasks, deletion: Deletion, keep_days: Callable[[], int]) -> None:
        self._tasks = tasks
        self._deletion = deletion
        self._keep_days = keep_days
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Apply what is chosen now, and from now on."""
        if self._task is not None:
            self._task.cancel()
        self._task = self._tasks.start(self._keep_to_it(), name="what is too old")

    async def count(self, days: int) -> int:
        """How many messages would go, were they kept for so many days. Raises KnownError."""
        before = cut(days)
        return 0 if before is None else await self._deletion.count(None, before, unsent=False)

    async def apply(self, on_progress: Progress = _ignore) -> int:
        """Delete what is too old; returns how many messages. Raises KnownError DISK_FULL."""
        before = cut(self._keep_days())
        if before is None:
            return 0
        return await self._deletion.delete_older(before, None, on_progress, unsent=False)

    async def _keep_to_it(self) -> None:
        while True:
            try:
                await self.apply()
            except KnownError as error:
                _log.warning("What is too old stays until later: %s", error)
            await asyncio.sleep(_AGAIN)
