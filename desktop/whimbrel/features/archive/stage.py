"""What comes live extends the newest range, and has its rank, in its own transaction."""

from __future__ import annotations

from collections.abc import Callable

from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.stages import find_stamp
from whimbrel.features.archive.ranks import Ranks
from whimbrel.model.account import AccountId
from whimbrel.model.archive import Point
from whimbrel.model.envelope import Source
from whimbrel.model.message import ReferenceKind
from whimbrel.storage.archive import ArchiveStore


class ExtendRange(Stage):
    """Runs before ``dedupe``: what is a copy of something else still has a place in the archive.

    What the archive named before lies within a range already. Where the archive was empty, the first message begins
    a range. What the server had kept, or we, may be older than what is here: its page tells where it belongs.

    Args:
        arrived: told what arrived in an account; whether nothing is missing between its newest range and now.
        is_newer: whether what comes in an account, late (True) or at once, is newer than all that is here.
    """

    name = "archive"
    after = frozenset({"recall"})
    before = frozenset({"dedupe"})

    def __init__(
        self,
        archives: ArchiveStore,
        ranks: Ranks,
        arrived: Callable[[AccountId, Point], bool],
        is_newer: Callable[[AccountId, bool], bool],
    ) -> None:
        self._archives = archives
        self._ranks = ranks
        self._arrived = arrived
        self._is_newer = is_newer

    def process(self, delivery: Delivery) -> Verdict:
        """Extend the range."""
        envelope, stanza_id = delivery.envelope, delivery.stanza_id
        if envelope.source is Source.ARCHIVE or not stanza_id or envelope.stamp is not None:
            return Verdict.CONTINUE
        if not self._is_newer(envelope.account_id, find_stamp(envelope) is not None):
            return Verdict.CONTINUE
        archive = envelope.own_jid.bare
        delivery.rank = self._ranks.take_next(envelope.account_id)
        if delivery.rank is None:
            return Verdict.CONTINUE
        last = Point(stanza_id, envelope.received, delivery.rank)
        if not _is_known(delivery) and self._arrived(envelope.account_id, last):
            self._archives.extend(envelope.account_id, archive, last)
        return Verdict.CONTINUE


class Rank(Stage):
    """Runs once a message is stored: where it bears the id of another one, both are where the archive has it now."""

    name = "archive-rank"
    after = frozenset({"archive", "store"})

    def __init__(self, archives: ArchiveStore) -> None:
        self._archives = archives

    def process(self, delivery: Delivery) -> Verdict:
        """Note the rank that :class:`ExtendRange` took."""
        envelope, stanza_id = delivery.envelope, delivery.stanza_id
        if delivery.rank is not None and delivery.message is not None and _is_known(delivery):
            self._archives.set_rank(envelope.account_id, envelope.own_jid.bare, stanza_id, delivery.rank)
        return Verdict.CONTINUE


def _is_known(delivery: Delivery) -> bool:
    """Whether the archive's id is one that a stored message bears."""
    return any(
        bearer.reference in delivery.references and bearer.reference.kind is ReferenceKind.STANZA
        for bearer in delivery.bearers
    )
