"""Contacts as the server has them (RFC 6121 sections 2.1.6, 2.6, 3): its word wins over what is on disk."""

from __future__ import annotations

from dataclasses import replace

from whimbrel.core.bus import Bus
from whimbrel.core.outbox import Outbox
from whimbrel.core.subscriptions import groups_of
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.events import ContactChanged, ContactRemoved, RosterReplaced
from whimbrel.model.jid import JID
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.stream import RosterAnswer, RosterPush
from whimbrel.storage.database import Database
from whimbrel.storage.roster import RosterStore

_SEEN = (Subscription.TO, Subscription.BOTH)


class RosterSync:
    """Takes rosters and pushes. Edits of ours that the server has not confirmed stay on top of what it tells."""

    def __init__(self, bus: Bus, database: Database, contacts: RosterStore, outbox: Outbox) -> None:
        self._bus = bus
        self._database = database
        self._contacts = contacts
        self._outbox = outbox

    def version(self, account_id: AccountId) -> str | None:
        """The version on disk; None where there is no roster on disk."""
        return self._contacts.version(account_id)

    def take_answer(self, account_id: AccountId, answer: RosterAnswer) -> None:
        """The first roster of a session. Raises KnownError DISK_FULL."""
        if answer.contacts is None:
            return
        before = {contact.jid: contact for contact in self._contacts.list_contacts(account_id)}
        edits = self._edits(account_id)
        told = [self._merge(c, before.get(c.jid), edits.get(c.jid, c)) for c in answer.contacts]
        after = {contact.jid: contact for contact in told if contact is not None}
        for jid, edit in edits.items():
            if edit is not None and jid not in after:
                after[jid] = before.get(jid, edit)
        with self._database.transaction():
            self._contacts.replace(account_id, list(after.values()), answer.version)
        if after != before:
            self._bus.publish(RosterReplaced(account_id))

    def take_push(self, account_id: AccountId, push: RosterPush) -> None:
        """One change. Raises KnownError DISK_FULL."""
        before = self._contacts.find_contact(account_id, push.jid)
        edits = self._edits(account_id)
        after = None
        if push.contact is not None:
            after = self._merge(push.contact, before, edits.get(push.jid, push.contact))
        elif edits.get(push.jid) is not None:
            after = before  # removed by another client, but our edit adds it again
        with self._database.transaction():
            if after is not None:
                self._contacts.set_contact(after)
            elif before is not None:
                self._contacts.remove_contact(account_id, push.jid)
            if push.version:
                self._contacts.set_version(account_id, push.version)
        if after is not None and after != before:
            self._bus.publish(ContactChanged(after))
        elif after is None and before is not None:
            self._bus.publish(ContactRemoved(account_id, push.jid))

    def take_unsubscribed(self, account_id: AccountId, jid: JID) -> None:
        """They ended, or refused, our view of them (RFC 6121 section 3.2)."""
        before = self._contacts.find_contact(account_id, jid)
        if before is None:
            return
        had = before.removed_by_them or before.subscription in _SEEN
        left = Subscription.FROM if before.subscription in (Subscription.FROM, Subscription.BOTH) else Subscription.NONE
        self._set(before, replace(before, subscription=left, ask=False, removed_by_them=had))

    def restore(self, account_id: AccountId, jid: JID, truth: Contact | None) -> None:
        """The server refused an edit: take the contact as the server has it."""
        self.take_push(account_id, RosterPush(version="", jid=jid, contact=truth))

    def distrust(self, account_id: AccountId) -> None:
        """What is on disk may be wrong: the next session fetches the whole roster."""
        self._contacts.set_version(account_id, "")

    def _set(self, before: Contact, after: Contact) -> None:
        if after != before:
            self._contacts.set_contact(after)
            self._bus.publish(ContactChanged(after))

    def _merge(self, told: Contact, before: Contact | None, edit: Contact | None) -> Contact | None:
        """What the server tells, with our unconfirmed edit (None: a removal) and our own memory of it."""
        if edit is None:
            return None
        lost = before is not None and (
            before.removed_by_them or (before.subscription in _SEEN and told.subscription not in _SEEN)
        )
        removed = lost and not told.ask and told.subscription not in _SEEN
        return replace(told, name=edit.name, groups=edit.groups, removed_by_them=removed)

    def _edits(self, account_id: AccountId) -> dict[JID, Contact | None]:
        """The entries that the person changed and the server has not confirmed; None: removed."""
        edits: dict[JID, Contact | None] = {}
        for row in self._outbox.pending(account_id):
            if row.kind is OutboxKind.ROSTER_SET:
                jid = JID.parse(row.key)
                edits[jid] = Contact(account_id, jid, str(row.payload["name"]), groups_of(row.payload["groups"]))
            elif row.kind is OutboxKind.ROSTER_REMOVE:
                edits[JID.parse(row.key)] = None
        return edits
