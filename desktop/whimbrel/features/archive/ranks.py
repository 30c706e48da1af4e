"""Ranks: numbers that grow with an archive's order, whatever clocks say."""

from __future__ import annotations

from collections.abc import Sequence

from whimbrel.model.account import AccountId
from whimbrel.model.archive import ArchiveRange

_ROOM = 2**32  # for what may be missing between two sessions


class Ranks:
    """Gives ranks to what comes in a session; what was missed before it has room beneath."""

    def __init__(self) -> None:
        self._began: dict[AccountId, int] = {}
        self._taken: dict[AccountId, int] = {}

    def begin(self, account_id: AccountId, known: Sequence[ArchiveRange]) -> None:
        """A session begins. ``known``: the ranges of the whole archive."""
        highest = max((one.last.rank for one in known), default=0)
        began = max(highest, self._taken.get(account_id, 0)) + _ROOM
        self._began[account_id] = self._taken[account_id] = began

    def began(self, account_id: AccountId) -> int:
        """What was archived before the session is beneath this."""
        return self._began.get(account_id, _ROOM)

    def take_next(self, account_id: AccountId) -> int:
        """The rank of what has just come live."""
        self._taken[account_id] = self._taken.get(account_id, _ROOM) + 1
        return self._taken[account_id]
