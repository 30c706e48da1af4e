"""Presence: everybody's (best of several resources) and our own."""

from __future__ import annotations

from whimbrel.model.account import AccountId
from whimbrel.model.contact import OwnPresence, Presence
from whimbrel.model.jid import JID


class Presences:
    """Who is there, and what we show of ourselves."""

    def best(self, account_id: AccountId, jid: JID) -> Presence:
        """The best presence of an address: highest priority first, then availability."""
        raise NotImplementedError

    def resources(self, account_id: AccountId, jid: JID) -> list[Presence]:
        """The presence of each resource of an address, best first."""
        raise NotImplementedError

    def known(self, account_id: AccountId) -> bool:
        """Whether presence is known at all; not so without a connection."""
        raise NotImplementedError

    @property
    def own(self) -> OwnPresence:
        """What the person chose."""
        raise NotImplementedError

    @property
    def effective(self) -> OwnPresence:
        """What is shown: the choice, or away while idle."""
        raise NotImplementedError

    def set_own(self, presence: OwnPresence) -> None:
        """Choose a presence; OFFLINE disconnects."""
        raise NotImplementedError

    def set_idle(self, idle: bool) -> None:
        """The person left the computer, or came back."""
        raise NotImplementedError
