"""Contacts as the server has them (RFC 6121 sections 2.1.6, 2.6, 3): its word wins over what is on disk."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from whimbrel.core.bus import Bus
from whimbrel.core.outbox import Outbox
from whimbrel.core.subscriptions import cancel_subscription, groups_of
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.events import ContactChanged, ContactRemoved, RosterReplaced
from whimbrel.model.jid import JID
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.stream import RosterAnswer, RosterPush
from whimbrel.storage.database import Database
from whimbrel.storage.roster import RosterStore

_EDITS = (OutboxKind.ROSTER_SET, OutboxKind.ROSTER_REMOVE, OutboxKind.SUBSCRIPTION)
_SEEN = (Subscription.TO, Subscription.BOTH)
_SEES_US = (Subscription.FROM, Subscription.BOTH)


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
        told = [edits.over(c, before.get(c.jid)) for c in answer.contacts]
        after = {contact.jid: contact for contact in told if contact is not None}
        for jid, edit in edits.entries.items():
            if edit is not None and jid not in after:
                after[jid] = before.get(jid, edit)
        if after == before:
            self._contacts.set_version(account_id, answer.version)
            return
        self._contacts.replace(account_id, list(after.values()), answer.version)
        self._bus.publish(RosterReplaced(account_id))

    def take_push(self, account_id: AccountId, push: RosterPush) -> None:
        """One change. Raises KnownError DISK_FULL."""
        before = self._contacts.find_contact(account_id, push.jid)
        edits = self._edits(account_id)
        after = None
        if push.contact is not None:
            after = edits.over(push.contact, before)
        elif edits.entries.get(push.jid) is not None:
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
        left = Subscription.FROM if before.subscription in _SEES_US else Subscription.NONE
        self._set(before, replace(before, subscription=left, ask=False, removed_by_them=had))

    def restore(self, account_id: AccountId, jid: JID, truth: Contact | None) -> None:
        """The server refused an edit: take the contact as the server has it. Whom it lacks is not asked either."""
        if truth is None:
            cancel_subscription(self._outbox, account_id, jid, "subscribe")
        self.take_push(account_id, RosterPush(version="", jid=jid, contact=truth))

    def distrust(self, account_id: AccountId) -> None:
        """What is on disk may be wrong: the next session fetches the whole roster."""
        self._contacts.set_version(account_id, "")

    def _set(self, before: Contact, after: Contact) -> None:
        if after != before:
            self._contacts.set_contact(after)
            self._bus.publish(ContactChanged(after))

    def _edits(self, account_id: AccountId) -> Edits:
        edits = Edits()
        for row in self._outbox.pending(account_id, *_EDITS):
            if row.kind is OutboxKind.ROSTER_SET:
                jid = JID.parse(row.key)
                groups = groups_of(row.payload["groups"])
                edits.entries[jid] = Contact(account_id, jid, str(row.payload["name"]), groups)
            elif row.kind is OutboxKind.ROSTER_REMOVE:
                edits.entries[JID.parse(row.key)] = None
            elif row.kind is OutboxKind.SUBSCRIPTION and row.payload["kind"] == "subscribe":
                edits.asked.add(JID.parse(row.lane))
        return edits


@dataclass(slots=True)
class Edits:
    """What the person changed and the server has not confirmed: entries (None: removed), and whom they asked."""

    entries: dict[JID, Contact | None] = field(default_factory=dict)
    asked: set[JID] = field(default_factory=set)

    def over(self, told: Contact, before: Contact | None) -> Contact | None:
        """A contact as the server tells it, with our edits on top and what only we know of it; None: removed."""
        edit = self.entries.get(told.jid, told)
        if edit is None:
            return None
        sees = told.subscription in _SEEN
        ask = told.ask or (told.jid in self.asked and not sees)
        lost = before is not None and (before.removed_by_them or before.subscription in _SEEN)
        removed = lost and not ask and not sees
        invited = before is not None and before.approved and told.subscription not in _SEES_US
        approved = told.approved or invited  # a server without pre-approval does not tell it
        nick = before.nick if before is not None else ""
        if edit is told and (ask, approved, nick) == (told.ask, told.approved, told.nick) and not removed:
            return told  # a thousand of them come at once
        edited = replace(told, name=edit.name, groups=edit.groups, nick=nick)
        return replace(edited, ask=ask, approved=approved, removed_by_them=removed)
