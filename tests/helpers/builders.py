"""Nouns in few words."""

from __future__ import annotations

from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.jid import JID

ALICE = JID.parse("alice@example.net")
BOB = JID.parse("bob@example.net")
ME = JID.parse("me@example.org")


def contact(
    jid: str,
    name: str = "",
    groups: tuple[str, ...] = (),
    subscription: Subscription = Subscription.BOTH,
    account_id: int = 1,
    *,
    ask: bool = False,
) -> Contact:
    """A contact in few words."""
    return Contact(AccountId(account_id), JID.parse(jid), name, frozenset(groups), subscription, ask=ask)
