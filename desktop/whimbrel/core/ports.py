"""What the core needs from its surroundings: passwords and the chosen presence; and what a blocker offers."""

from __future__ import annotations

from typing import Protocol

from whimbrel.model.account import AccountId
from whimbrel.model.contact import OwnPresence
from whimbrel.model.jid import JID


class PasswordKeeper(Protocol):
    """Keeps passwords (``platform/secrets.py``)."""

    async def get_password(self, jid: JID) -> str | None:
        """The password of a bare address; None where there is none. Raises KnownError KEYRING_LOCKED."""

    async def set_password(self, jid: JID, password: str) -> bool:
        """Keep a password for good; False where it is kept for this session only."""

    def keep_for_session(self, jid: JID, password: str) -> None:
        """Keep a password until the program ends."""

    async def forget(self, jid: JID) -> None:
        """Remove the password, wherever it is kept."""


class ChosenPresence(Protocol):
    """Keeps the presence that the person chose (``platform/settings.py``)."""

    own_presence: OwnPresence


class Blocker(Protocol):
    """Blocks addresses (XEP-0191), durably; what was asked for last counts at once."""

    def supported(self, account_id: AccountId) -> bool:
        """Whether the account's server can block, as far as is known."""

    def block(self, account_id: AccountId, jid: JID) -> None:
        """Block an address, now or with the next connection. Raises KnownError DISK_FULL."""

    def unblock(self, account_id: AccountId, jid: JID) -> None:
        """Unblock an address, now or with the next connection. Raises KnownError DISK_FULL."""

    def blocked(self, account_id: AccountId) -> frozenset[JID]:
        """The addresses that are blocked, as far as is known (``BlocklistChanged``)."""

    def is_blocked(self, account_id: AccountId, jid: JID) -> bool:
        """Whether this bare address itself is blocked, not only its provider or one of its devices."""
