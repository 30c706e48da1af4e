"""What comes live extends the newest range, in its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.model.account import AccountId
from whimbrel.model.archive import ArchiveRange, Point
from whimbrel.model.envelope import Source
from whimbrel.storage.archive import ArchiveStore

_WRONG_CLOCK = timedelta(days=1)  # by how much ours may be ahead of the archive's


class ExtendRange(Stage):
    """Runs before ``dedupe``: what is a copy of something else still has a place in the archive.

    What the archive named before lies within a range already. Where the archive was empty, the first message begins
    a range.

    Args:
        is_connected: whether nothing is missing between an account's newest range and now.
    """

    name = "archive"
    after = frozenset({"identify"})
    before = frozenset({"dedupe"})

    def __init__(self, archives: ArchiveStore, is_connected: Callable[[AccountId], bool]) -> None:
        self._archives = archives
        self._is_connected = is_connected

    def process(self, delivery: Delivery) -> Verdict:
        """Extend the range."""
        envelope, stanza_id = delivery.envelope, delivery.stanza_id
        if envelope.source is Source.ARCHIVE or not stanza_id or not self._is_connected(envelope.account_id):
            return Verdict.CONTINUE
        archive = envelope.own_jid.bare
        if self._archives.find_time(envelope.account_id, archive, stanza_id) is not None:
            return Verdict.CONTINUE
        last = Point(stanza_id, envelope.received)
        if not self._archives.extend_newest(envelope.account_id, archive, last):
            begun = ArchiveRange(last, last, envelope.received - _WRONG_CLOCK, reaches_start=True)
            self._archives.set_ranges(envelope.account_id, archive, None, [begun])
        return Verdict.CONTINUE
