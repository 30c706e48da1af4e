"""Contact requests (RFC 6121 section 3)."""

from __future__ import annotations

from whimbrel.model.account import AccountId
from whimbrel.model.contact import ContactRequest
from whimbrel.model.jid import JID


class Requests:
    """Requests that wait for an answer."""

    def list_requests(self) -> list[ContactRequest]:
        """All unanswered requests, oldest first."""
        raise NotImplementedError

    def accept(self, account_id: AccountId, jid: JID, name: str, groups: frozenset[str]) -> None:
        """Let them see us, add them, and ask back."""
        raise NotImplementedError

    def decline(self, account_id: AccountId, jid: JID) -> None:
        """Refuse a request."""
        raise NotImplementedError

    def block(self, account_id: AccountId, jid: JID) -> None:
        """Refuse a request and block the address."""
        raise NotImplementedError

    def can_block(self, account_id: AccountId) -> bool:
        """Whether the account's server can block."""
        raise NotImplementedError
