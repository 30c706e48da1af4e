"""Accounts: signing in, starting, changing, removing."""

from __future__ import annotations

from whimbrel.model.account import Account, AccountId, ConnectionSettings, ConnectionStatus
from whimbrel.model.jid import JID


class Accounts:
    """The accounts of this profile and their connections."""

    def list_accounts(self) -> list[Account]:
        """All accounts, in the order in which they were added."""
        raise NotImplementedError

    def find(self, account_id: AccountId) -> Account | None:
        """One account."""
        raise NotImplementedError

    def status(self, account_id: AccountId) -> ConnectionStatus:
        """The state of an account's connection."""
        raise NotImplementedError

    async def sign_in(self, jid: JID, password: str, settings: ConnectionSettings, remember: bool) -> Account:
        """Add an account, connect it and wait until it is online; leaves nothing behind where it fails."""
        raise NotImplementedError

    async def set_password(self, account_id: AccountId, password: str, remember: bool) -> None:
        """Give a password that was asked for again, and connect with it."""
        raise NotImplementedError

    def change_settings(self, account_id: AccountId, settings: ConnectionSettings) -> None:
        """Connect in another way from now on."""
        raise NotImplementedError

    async def remove(self, account_id: AccountId) -> None:
        """Stop the account and remove its secrets and everything stored of it."""
        raise NotImplementedError

    def retry_now(self, account_id: AccountId) -> None:
        """Connect at once instead of waiting."""
        raise NotImplementedError

    def start_all(self) -> None:
        """Connect every account, unless the person chose to be offline."""
        raise NotImplementedError

    async def stop_all(self) -> None:
        """Close every stream properly."""
        raise NotImplementedError
