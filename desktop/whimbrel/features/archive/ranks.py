"""Ranks: numbers that grow with an archive's order, whatever clocks say."""

from __future__ import annotations

from whimbrel.model.account import AccountId

_ROOM = 2**32  # for what may be missing between two sessions


class Ranks:
    """Gives ranks to what comes in a session; what was missed before it has room beneath."""

    def __init__(self) -> None:
        self._began: dict[AccountId, int] = {}
        self._taken: dict[AccountId, int] = {}

    def begin(self, account_id: AccountId, highest: int) -> None:
        """A session begins. ``highest``: the highest rank that is on disk."""
        began = max(highest, self._taken.get(account_id, 0)) + _ROOM
        self._began[account_id] = self._taken[account_id] = began

    def began(self, account_id: AccountId) -> int:
        """What was archived before the session is beneath this."""
        return self._began.get(account_id, _ROOM)

    def take_next(self, account_id: AccountId) -> int | None:
        """The rank of what has just come live; None before a session began: a page tells, then."""
        if account_id not in self._taken:
            return None
        self._taken[account_id] += 1
        return self._taken[account_id]
