"""What comes live extends the newest range, and has its rank, in its own transaction."""

from __future__ import annotations

from collections.abc import Callable

from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.features.archive.ranks import Ranks
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

    def __init__(self, archives: ArchiveStore, ranks: Ranks, arrived: Callable[[AccountId, Point], bool]) -> None:
        self._archives = archives
        self._ranks = ranks
        self._arrived = arrived

    def process(self, delivery: Delivery) -> Verdict:
        """Extend the range."""
        envelope, stanza_id = delivery.envelope, delivery.stanza_id
        if envelope.source is Source.ARCHIVE or not stanza_id:
            return Verdict.CONTINUE
        archive = envelope.own_jid.bare
        last = Point(stanza_id, envelope.received, self._ranks.take_next(envelope.account_id))
        if self._archives.find_known(envelope.account_id, archive, stanza_id) is None and self._arrived(
            envelope.account_id, last
        ):
            self._archives.extend(envelope.account_id, archive, last)
        return Verdict.CONTINUE


class Rank(Stage):
    """Runs once a message is stored: what came live is after all that is there, until a page tells otherwise."""

    name = "archive-rank"
    after = frozenset({"archive", "store"})

    def __init__(self, archives: ArchiveStore, ranks: Ranks) -> None:
        self._archives = archives
        self._ranks = ranks

    def process(self, delivery: Delivery) -> Verdict:
        """Note the rank that :class:`ExtendRange` took."""
        envelope, stanza_id = delivery.envelope, delivery.stanza_id
        if envelope.source is not Source.ARCHIVE and stanza_id and delivery.message is not None:
            rank = self._ranks.taken(envelope.account_id)
            self._archives.set_rank(envelope.account_id, envelope.own_jid.bare, stanza_id, rank)
        return Verdict.CONTINUE
