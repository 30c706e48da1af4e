"""Brings what has happened to contacts into the people of the tree."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.models.feed import Changes, Feed
from whimbrel.ui.models.people import People, Person, PersonKey


class RosterFeed(QObject):
    """Keeps ``People`` up to date, in few updates (``Feed``)."""

    updated = Signal(object, object)  # set[Person] that changed, set[str] of groups that this concerns

    def __init__(self, services: Services, bridge: Bridge, people: People, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._people = people
        self._unread: dict[PersonKey, int] = {}  # also of those who are not contacts (yet)
        self._blocked: dict[AccountId, frozenset[JID]] = {}
        self._feed = Feed(bridge, self._apply, self)

    def load(self) -> None:
        """Read everything there is."""
        for conversation in self._services.conversations.list_conversations():
            self._unread[PersonKey(conversation.account_id, conversation.jid)] = conversation.unread
        accounts = {account.id for account in self._services.accounts.list_accounts()}
        self._apply(Changes(rosters=accounts, blocklists=set(accounts)))

    def flush(self) -> None:
        """Apply now what has happened since the last update."""
        self._feed.flush()

    def _apply(self, changes: Changes) -> None:
        changed: set[Person] = set()
        groups: set[str] = set()
        self._take_rosters(changes.rosters, changed, groups)
        self._take_contacts(changes.contacts, changed, groups)
        self._take_presences(changes, changed)
        self._take_blocklists(changes.blocklists, changed)
        self._take_unread(changes, changed)
        if changed or groups:
            groups.update(name for person in changed for name in person.groups)
            self.updated.emit(changed, groups)

    def _take_rosters(self, accounts: set[AccountId], changed: set[Person], groups: set[str]) -> None:
        for account_id in accounts:
            contacts = {contact.jid: contact for contact in self._services.roster.list_contacts(account_id)}
            for person in self._people.of_account(account_id):
                if person.contact.jid not in contacts:
                    groups |= self._people.remove(account_id, person.contact.jid)
            for contact in contacts.values():
                self._put(contact, changed, groups)

    def _take_contacts(self, contacts: dict[PersonKey, Contact | None], changed: set[Person], groups: set[str]) -> None:
        for key, contact in contacts.items():
            if contact is None:
                groups |= self._people.remove(*key)
            else:
                self._put(contact, changed, groups)

    def _put(self, contact: Contact, changed: set[Person], groups: set[str]) -> None:
        old = self._people.find(contact.account_id, contact.jid)
        if old is not None and old.contact == contact:
            return
        person, concerned = self._people.put(contact)
        if old is None:
            person.known = self._services.presence.known(contact.account_id)
            person.presence = self._services.presence.best(contact.account_id, contact.jid)
            person.unread = self._unread.get(person.key, 0)
            person.blocked = contact.jid in self._blocked.get(contact.account_id, ())
        changed.add(person)
        groups |= concerned

    def _take_presences(self, changes: Changes, changed: set[Person]) -> None:
        for account_id in changes.all_presences:
            for person in self._people.of_account(account_id):
                self._take_presence(person, changed)
        for key in changes.presences:
            found = self._people.find(*key)
            if found is not None:
                self._take_presence(found, changed)

    def _take_presence(self, person: Person, changed: set[Person]) -> None:
        account_id, jid = person.key
        known = self._services.presence.known(account_id)
        presence = self._services.presence.best(account_id, jid)
        if person.known != known or person.presence != presence:
            person.known, person.presence = known, presence
            changed.add(person)

    def _take_blocklists(self, accounts: set[AccountId], changed: set[Person]) -> None:
        for account_id in accounts:
            blocked = self._blocked[account_id] = self._services.blocker.blocked(account_id)
            for person in self._people.of_account(account_id):
                if person.blocked != (person.contact.jid in blocked):
                    person.blocked = not person.blocked
                    changed.add(person)

    def _take_unread(self, changes: Changes, changed: set[Person]) -> None:
        for conversation in changes.conversations.values():
            key = PersonKey(conversation.account_id, conversation.jid)
            self._unread[key] = conversation.unread
            person = self._people.find(*key)
            if person is not None and person.unread != conversation.unread:
                person.unread = conversation.unread
                changed.add(person)
