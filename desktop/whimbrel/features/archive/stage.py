"""What comes live extends the newest range, in its own transaction."""

from __future__ import annotations

from collections.abc import Callable

from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.model.account import AccountId
from whimbrel.model.archive import Point
from whimbrel.model.envelope import Source
from whimbrel.storage.archive import ArchiveStore


class ExtendRange(Stage):
    """Runs before ``dedupe``: what is a copy of something else still has a place in the archive.

    What the archive named before lies within a range already. Where the archive was empty, the first message begins
    a range.

    Args:
        arrived: told what arrived in an account; whether nothing is missing between its newest range and now.
    """

    name = "archive"
    after = frozenset({"identify"})
    before = frozenset({"dedupe"})

    def __init__(self, archives: ArchiveStore, arrived: Callable[[AccountId, Point], bool]) -> None:
        self._archives = archives
        self._arrived = arrived

    def process(self, delivery: Delivery) -> Verdict:
        """Extend the range."""
        envelope, stanza_id = delivery.envelope, delivery.stanza_id
        if envelope.source is Source.ARCHIVE or not stanza_id:
            return Verdict.CONTINUE
        archive, last = envelope.own_jid.bare, Point(stanza_id, envelope.received)
        if self._archives.find_known(envelope.account_id, archive, stanza_id) is None and self._arrived(
            envelope.account_id, last
        ):
            self._archives.extend(envelope.account_id, archive, last)
        return Verdict.CONTINUE
