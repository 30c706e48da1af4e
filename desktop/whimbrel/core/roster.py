"""Contacts (RFC 6121 section 2)."""

from __future__ import annotations

from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact
from whimbrel.model.jid import JID


class Roster:
    """The contacts of all accounts."""

    def list_contacts(self, account_id: AccountId | None = None) -> list[Contact]:
        """The contacts of one account or of all."""
        raise NotImplementedError

    def find(self, account_id: AccountId, jid: JID) -> Contact | None:
        """The contact with this address."""
        raise NotImplementedError

    def groups(self) -> list[str]:
        """The names of all groups, sorted."""
        raise NotImplementedError

    def add(self, account_id: AccountId, jid: JID, name: str, groups: frozenset[str], message: str) -> None:
        """Add a contact and ask to see their presence. Raises KnownError ADDRESS_OWN, CONTACT_EXISTS, DISK_FULL."""
        raise NotImplementedError

    def rename(self, account_id: AccountId, jid: JID, name: str) -> None:
        """Give a contact another name ("": none)."""
        raise NotImplementedError

    def set_groups(self, account_id: AccountId, jid: JID, groups: frozenset[str]) -> None:
        """Put a contact into exactly these groups."""
        raise NotImplementedError

    def move(self, account_id: AccountId, jid: JID, from_group: str | None, to_group: str | None, copy: bool) -> None:
        """Move a contact between groups; with ``copy`` it stays in the old one too. None: no group."""
        raise NotImplementedError

    def rename_group(self, old: str, new: str, account_id: AccountId | None = None) -> None:
        """Rename a group, of one account or of all."""
        raise NotImplementedError

    def dissolve_group(self, name: str) -> None:
        """Take every contact out of a group."""
        raise NotImplementedError

    def remove(self, account_id: AccountId, jid: JID) -> None:
        """Remove a contact with both subscriptions."""
        raise NotImplementedError

    def request_presence(self, account_id: AccountId, jid: JID) -> None:
        """Ask (again) to see a contact's presence."""
        raise NotImplementedError
