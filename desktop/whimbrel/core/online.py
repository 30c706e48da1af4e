"""The streams that are online, for features that ask something of the network by themselves."""

from __future__ import annotations

from whimbrel.core.stream import Stream
from whimbrel.model.account import AccountId, ConnectionState
from whimbrel.model.errors import ErrorKind, KnownError


class OnlineStreams:
    """The last stream of each account."""

    def __init__(self) -> None:
        self._streams: dict[AccountId, Stream] = {}

    def note(self, account_id: AccountId, stream: Stream) -> None:
        """An account came online."""
        self._streams[account_id] = stream

    def find(self, account_id: AccountId) -> Stream | None:
        """The stream of an account, where it is online."""
        stream = self._streams.get(account_id)
        return stream if stream is not None and stream.status.state is ConnectionState.ONLINE else None

    def get(self, account_id: AccountId) -> Stream:
        """The stream of an account. Raises KnownError NOT_CONNECTED."""
        if (stream := self.find(account_id)) is None:
            raise KnownError(ErrorKind.NOT_CONNECTED)
        return stream
