"""What carries out the rows of one kind of the outbox."""

from __future__ import annotations

import enum
from typing import Protocol

from whimbrel.core.stream import Stream
from whimbrel.model.errors import KnownError
from whimbrel.model.outbox import OutboxRow


class Outcome(enum.Enum):
    """What became of a row."""

    DONE = "done"  # the server has it
    HANDED_OVER = "handed-over"  # the server's acknowledgement is still to come


class Action(Protocol):
    """Carries out the rows of one kind. Doing it twice must be the same as once."""

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        """Do it. Raises KnownError: NOT_CONNECTED and what mends itself is tried again, anything else is a refusal."""

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """The server refused, and the row is gone: put right what was shown already."""
