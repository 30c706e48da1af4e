"""Where in a stretch of a conversation messages are known to be missing."""

from __future__ import annotations

from whimbrel.model.archive import Coverage, Gap
from whimbrel.model.message import Message


class Missing:
    """Places the gaps of a conversation's history between its messages.

    A gap stands above the first message that is at or after its end. Where two gaps fall between the same two
    messages, the newer one shows: it is the one that is fetched first.
    """

    def __init__(self, coverage: Coverage) -> None:
        self.coverage = coverage

    def above(self, message: Message, previous: Message | None) -> Gap | None:
        """The gap just above a message; ``previous`` is the message above it, None where there is none at all."""
        for gap in reversed(self.coverage.gaps):
            if gap.before <= message.time and (previous is None or previous.time < gap.before):
                return gap
        return None

    def below(self, last: Message | None) -> Gap | None:
        """The gap beneath the newest message."""
        gaps = self.coverage.gaps
        return gaps[-1] if gaps and (last is None or last.time < gaps[-1].before) else None
