"""What a conversation is called."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from whimbrel.core.offers.nicknames import Nicknames
from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID

NOTES_ICON = "bookmark"
"""Stands where an avatar would."""


def is_own(services: Services, account_id: AccountId, jid: JID) -> bool:
    """Whether an address is the account's own: a conversation with it is a place for notes."""
    account = services.accounts.find(account_id)
    return account is not None and account.jid.bare == jid.bare


def notes_words() -> str:
    """What the conversation with oneself is called."""
    return QCoreApplication.translate("Notes", "Notes to self")


def conversation_name(services: Services, account_id: AccountId, jid: JID) -> str:
    """The contact's name, else the address; one's own notes have a name of their own."""
    if is_own(services, account_id, jid):
        return notes_words()
    contact = services.roster.find(account_id, jid)
    return contact.label if contact is not None else str(jid.bare)


def own_nickname(services: Services, account_id: AccountId) -> str:
    """What one calls oneself; "" for nothing."""
    account = services.accounts.find(account_id)
    nicknames = services.find_offer(Nicknames)
    return "" if account is None or nicknames is None else nicknames.find(account_id, account.jid.bare)


def list_names(services: Services) -> dict[tuple[AccountId, str], str]:
    """What all contacts, and one's own notes, are called, at once: by account and address."""
    names = services.roster.list_names()
    for account in services.accounts.list_accounts():
        names[account.id, str(account.jid.bare)] = notes_words()
    return names
