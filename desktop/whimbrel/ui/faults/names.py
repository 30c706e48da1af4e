"""What tells who somebody is and whom they know: the names that a report must not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whimbrel.core.services import Services
    from whimbrel.model.jid import JID


def telling_names(services: Services | None) -> frozenset[str]:
    """Addresses, their parts, and names of contacts and groups."""
    if services is None:
        return frozenset()
    names: set[str] = set()
    for account in services.accounts.list_accounts():
        names |= {*_parts(account.jid), account.settings.host}
        for contact in services.roster.list_contacts(account.id):
            names |= {*_parts(contact.jid), contact.name, *contact.name.split(), *contact.groups}
    return frozenset(names - {""})


def _parts(jid: JID) -> set[str]:
    return {str(jid.bare), jid.local, jid.domain}
