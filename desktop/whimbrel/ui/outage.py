"""What is remembered of one connection, so that its state can be said in words that a person has the time to read."""

from __future__ import annotations

import time

from whimbrel.model.account import ConnectionState, ConnectionStatus
from whimbrel.model.errors import ErrorKind
from whimbrel.ui.words import connection_words

_RESTART_SECONDS = 60.0
"""How long a provider that said that it goes is taken to be coming back: then trouble is trouble."""
_FOLLOWS = frozenset({ErrorKind.CONNECTION_REFUSED, ErrorKind.CONNECTION_LOST, ErrorKind.NO_ANSWER})
"""What a program meets that comes back before its provider does."""


class Outage:
    """Whether a connection was online before, and whether it is away because its provider restarts."""

    def __init__(self) -> None:
        self._was_online = False
        self._restart_at: float | None = None  # when the provider said so, on the monotonic clock

    def note(self, status: ConnectionStatus) -> None:
        """Follow the connection: call it with each of its states."""
        kind = status.error.kind if status.error is not None else None
        if status.state in (ConnectionState.ONLINE, ConnectionState.OFFLINE):
            self._was_online = status.state is ConnectionState.ONLINE  # OFFLINE is by choice: then it begins anew
            self._restart_at = None
        elif kind is ErrorKind.SERVER_SHUTDOWN:
            self._restart_at = time.monotonic()
        elif kind is not None and kind not in _FOLLOWS:
            self._restart_at = None

    def words(self, status: ConnectionStatus, now: float | None = None) -> str:
        """The state in words; ``now`` as in :func:`connection_words`."""
        restarting = self._restart_at is not None and time.monotonic() - self._restart_at < _RESTART_SECONDS
        return connection_words(status, now, again=self._was_online, restarting=restarting)
