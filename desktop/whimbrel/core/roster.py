"""Contacts (RFC 6121 section 2): what the person does to them. Shown at once, on disk, sent through the outbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from whimbrel.core.bus import Bus
from whimbrel.core.outbox import Outbox
from whimbrel.core.subscriptions import queue_contact, queue_removal, queue_subscription
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ContactChanged, ContactRemoved, RequestRemoved, RosterReplaced
from whimbrel.model.jid import JID
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.database import Database
from whimbrel.storage.requests import RequestStore
from whimbrel.storage.roster import RosterStore

_MANY = 20
"""From so many changed contacts on, one event tells of all."""


class Roster:
    """The contacts of all accounts. Methods that write raise KnownError DISK_FULL.

    What the server refuses is told by ActionFailed, and the contact becomes what the server has.
    """

    def __init__(
        self,
        bus: Bus,
        database: Database,
        accounts: AccountStore,
        contacts: RosterStore,
        requests: RequestStore,
        outbox: Outbox,
    ) -> None:
        self._bus = bus
        self._database = database
        self._accounts = accounts
        self._contacts = contacts
        self._requests = requests
        self._outbox = outbox

    def list_contacts(self, account_id: AccountId | None = None) -> list[Contact]:
        """The contacts of one account or of all."""
        ids = [account.id for account in self._accounts.list_accounts()] if account_id is None else [account_id]
        return [contact for i in ids for contact in self._contacts.list_contacts(i)]

    def list_names(self) -> dict[tuple[AccountId, str], str]:
        """What the contacts of all accounts are called, by account and address."""
        ids = [account.id for account in self._accounts.list_accounts()]
        return {(i, jid): label for i in ids for jid, label in self._contacts.list_names(i)}

    def find(self, account_id: AccountId, jid: JID) -> Contact | None:
        """The contact with this address."""
        return self._contacts.find_contact(account_id, jid.bare)

    def has(self, account_id: AccountId, jid: JID) -> bool:
        """Whether an address is a contact's."""
        return self._contacts.has_contact(account_id, jid)

    def sees_us(self, account_id: AccountId, jid: JID) -> bool:
        """Whether an address is a contact's who may see our presence."""
        return self._contacts.sees_us(account_id, jid)

    def groups(self) -> list[str]:
        """The names of all groups, sorted."""
        return sorted({group for contact in self.list_contacts() for group in contact.groups})

    def add(self, account_id: AccountId, jid: JID, name: str, groups: frozenset[str], message: str) -> None:
        """Add a contact and ask to see their presence. They may see ours: a request of theirs, waiting or to come, is
        accepted (pre-approval, RFC 6121 section 3.4).

        Raises:
            KnownError: ADDRESS_OWN, CONTACT_EXISTS, NOT_FOUND (no such account), DISK_FULL.
        """
        jid = jid.bare
        account = self._accounts.find_account(account_id)
        if account is None:
            raise KnownError(ErrorKind.NOT_FOUND, subject=str(jid))
        if jid == account.jid.bare:
            raise KnownError(ErrorKind.ADDRESS_OWN, subject=str(jid))
        if self.find(account_id, jid) is not None:
            raise KnownError(ErrorKind.CONTACT_EXISTS, subject=str(jid))
        contact = Contact(account_id, jid, name.strip(), clean_groups(groups), ask=True, approved=True)
        with self._database.transaction():
            self._contacts.set_contact(contact)
            queue_contact(self._outbox, contact)
            accepted = self._requests.remove_request(account_id, jid)
            queue_subscription(self._outbox, account_id, jid, "subscribed")
            queue_subscription(self._outbox, account_id, jid, "subscribe", message)
        self._bus.publish(ContactChanged(contact))
        if accepted:
            self._bus.publish(RequestRemoved(account_id, jid))
        self._outbox.kick(account_id)

    def rename(self, account_id: AccountId, jid: JID, name: str) -> None:
        """Give a contact another name ("": none)."""
        self._edit_one(account_id, jid, lambda contact: replace(contact, name=name.strip()))

    def set_groups(self, account_id: AccountId, jid: JID, groups: frozenset[str]) -> None:
        """Put a contact into exactly these groups."""
        self._edit_one(account_id, jid, lambda contact: replace(contact, groups=clean_groups(groups)))

    def move(self, account_id: AccountId, jid: JID, from_group: str | None, to_group: str | None, copy: bool) -> None:
        """Move a contact between groups; with ``copy`` it stays in the old one too. None: no group."""

        def moved(contact: Contact) -> Contact:
            kept = contact.groups if copy or from_group is None else contact.groups - {from_group}
            return replace(contact, groups=kept | clean_groups({to_group} if to_group else ()))

        self._edit_one(account_id, jid, moved)

    def rename_group(self, old: str, new: str, account_id: AccountId | None = None) -> None:
        """Rename a group, of one account or of all; into an existing one, they become one."""
        renamed = clean_groups({new})
        if renamed:
            members = [contact for contact in self.list_contacts(account_id) if old in contact.groups]
            self._edit([replace(c, groups=c.groups - {old} | renamed) for c in members])

    def dissolve_group(self, name: str) -> None:
        """Take every contact out of a group."""
        members = [contact for contact in self.list_contacts() if name in contact.groups]
        self._edit([replace(c, groups=c.groups - {name}) for c in members])

    def remove(self, account_id: AccountId, jid: JID) -> None:
        """Remove a contact with both subscriptions (RFC 6121 section 2.5)."""
        jid = jid.bare
        if self.find(account_id, jid) is None:
            return
        with self._database.transaction():
            self._contacts.remove_contact(account_id, jid)
            queue_removal(self._outbox, account_id, jid)
        self._bus.publish(ContactRemoved(account_id, jid))
        self._outbox.kick(account_id)

    def request_presence(self, account_id: AccountId, jid: JID) -> None:
        """Ask (again) to see a contact's presence."""
        contact = self.find(account_id, jid)
        if contact is None or contact.subscription in (Subscription.TO, Subscription.BOTH):
            return
        asked = replace(contact, ask=True, removed_by_them=False)
        with self._database.transaction():
            self._contacts.set_contact(asked)
            queue_subscription(self._outbox, account_id, asked.jid, "subscribe")
        self._bus.publish(ContactChanged(asked))
        self._outbox.kick(account_id)

    def stop_presence(self, account_id: AccountId, jid: JID) -> None:
        """See a contact's presence no longer, or take the question back (RFC 6121 section 3.3); they stay a contact."""
        contact = self.find(account_id, jid)
        if contact is None or not (contact.ask or contact.subscription in (Subscription.TO, Subscription.BOTH)):
            return
        left = {Subscription.BOTH: Subscription.FROM, Subscription.TO: Subscription.NONE}
        stopped = replace(contact, ask=False, subscription=left.get(contact.subscription, contact.subscription))
        with self._database.transaction():
            self._contacts.set_contact(stopped)
            queue_subscription(self._outbox, account_id, stopped.jid, "unsubscribe")
        self._bus.publish(ContactChanged(stopped))
        self._outbox.kick(account_id)

    def _edit_one(self, account_id: AccountId, jid: JID, change: Callable[[Contact], Contact]) -> None:
        contact = self.find(account_id, jid)
        if contact is not None and (changed := change(contact)) != contact:
            self._edit([changed])

    def _edit(self, changed: list[Contact]) -> None:
        with self._database.transaction():
            for contact in changed:
                self._contacts.set_contact(contact)
                queue_contact(self._outbox, contact)
        accounts = sorted({contact.account_id for contact in changed})
        if len(changed) < _MANY:
            for contact in changed:
                self._bus.publish(ContactChanged(contact))
        else:
            for account_id in accounts:
                self._bus.publish(RosterReplaced(account_id))
        for account_id in accounts:
            self._outbox.kick(account_id)


def clean_groups(groups: Iterable[str]) -> frozenset[str]:
    """Group names without surrounding blanks; empty ones are none."""
    return frozenset(name for group in groups if (name := group.strip()))
