"""Passing messages on."""

from __future__ import annotations

from typing import Protocol

from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID
from whimbrel.model.message import Message


class Forwarding(Protocol):
    """Sends what somebody said to somebody else, as a new message of the person's own."""

    def can_forward(self, message: Message) -> bool:
        """Whether there is something to be passed on."""

    def forward(self, message: Message, account_id: AccountId, to: JID) -> None:
        """Send a message's text and the addresses of its files: on disk once this returns. A draft stays.

        Raises:
            KnownError: DISK_FULL; then nothing changed.
        """
