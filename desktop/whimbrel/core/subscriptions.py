"""Rows about contacts: what is queued for one address, and what replaces what."""

from __future__ import annotations

from collections.abc import Iterable

from whimbrel.core.outbox import Outbox
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact
from whimbrel.model.jid import JID
from whimbrel.model.outbox import JSON, OutboxKind

_OURS = frozenset({"subscribe", "unsubscribe"})
"""About seeing them; the other kinds are about being seen."""


def queue_subscription(outbox: Outbox, account_id: AccountId, jid: JID, kind: str, message: str = "") -> None:
    """Queue a subscription stanza; it replaces an unsent one of the same direction."""
    outbox.enqueue(account_id, OutboxKind.SUBSCRIPTION, _key(jid, kind), jid, {"kind": kind, "message": message})


def queued_subscription(outbox: Outbox, account_id: AccountId, jid: JID, kind: str) -> str | None:
    """The kind of the unconfirmed stanza of the same direction as ``kind``."""
    row = outbox.find(account_id, OutboxKind.SUBSCRIPTION, _key(jid, kind))
    return str(row.payload["kind"]) if row is not None else None


def cancel_subscription(outbox: Outbox, account_id: AccountId, jid: JID, kind: str) -> None:
    """Drop an unconfirmed stanza of the same direction as ``kind``."""
    outbox.cancel(account_id, OutboxKind.SUBSCRIPTION, _key(jid, kind))


def queue_contact(outbox: Outbox, contact: Contact) -> None:
    """Queue a roster entry as it is to be."""
    groups: list[JSON] = [*sorted(contact.groups)]
    outbox.cancel(contact.account_id, OutboxKind.ROSTER_REMOVE, str(contact.jid))
    outbox.enqueue(
        contact.account_id,
        OutboxKind.ROSTER_SET,
        str(contact.jid),
        contact.jid,
        {"name": contact.name, "groups": groups},
    )


def queue_removal(outbox: Outbox, account_id: AccountId, jid: JID) -> None:
    """Queue the removal of a roster entry; nothing else about it needs to be sent any more."""
    for kind in ("subscribe", "subscribed"):
        cancel_subscription(outbox, account_id, jid, kind)
    outbox.cancel(account_id, OutboxKind.ROSTER_SET, str(jid))
    outbox.enqueue(account_id, OutboxKind.ROSTER_REMOVE, str(jid), jid, {})


def groups_of(payload: JSON) -> frozenset[str]:
    """The groups in a ROSTER_SET's payload."""
    return frozenset(str(group) for group in payload) if isinstance(payload, Iterable) else frozenset()


def _key(jid: JID, kind: str) -> str:
    return f"{jid} {'to' if kind in _OURS else 'from'}"
