"""Gathers what happens to contacts and hands it to the tree in few updates."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact, Presence
from whimbrel.model.events import (
    AccountRemoved,
    BlocklistChanged,
    ConnectionChanged,
    ContactChanged,
    ContactRemoved,
    ConversationChanged,
    PresenceChanged,
    PresencesCleared,
    RosterReplaced,
)
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.models.pace import Pace
from whimbrel.ui.models.people import People, Person, PersonKey


class RosterFeed(QObject):
    """Keeps ``People`` up to date.

    Events are gathered and applied together in a later turn of the event loop, at most every 40 ms (``Pace``), so
    that a burst of presences costs one update of the tree.
    """

    updated = Signal(object, object)  # set[Person] that changed, set[str] of groups that this concerns

    def __init__(self, services: Services, bridge: Bridge, people: People, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._people = people
        self._pace = Pace(self.flush, self)
        self._unread: dict[PersonKey, int] = {}  # also of those who are not contacts (yet)
        self._contacts: dict[PersonKey, Contact | None] = {}
        self._presences: dict[PersonKey, Presence] = {}
        self._read: set[PersonKey] = set()
        self._stale_rosters: set[AccountId] = set()
        self._stale_presences: set[AccountId] = set()
        self._stale_blocklists: set[AccountId] = set()
        self._blocked: dict[AccountId, frozenset[JID]] = {}
        bridge.contact_changed.connect(self._on_contact_changed)
        bridge.contact_removed.connect(self._on_contact_removed)
        bridge.presence_changed.connect(self._on_presence_changed)
        bridge.presences_cleared.connect(self._on_presences_stale)
        bridge.connection_changed.connect(self._on_presences_stale)
        bridge.roster_replaced.connect(self._on_roster_stale)
        bridge.account_removed.connect(self._on_roster_stale)
        bridge.blocklist_changed.connect(self._on_blocklist_changed)
        bridge.conversation_changed.connect(self._on_conversation_changed)

    def load(self) -> None:
        """Read everything there is."""
        self._stale_rosters.update(account.id for account in self._services.accounts.list_accounts())
        self._stale_blocklists |= self._stale_rosters
        for conversation in self._services.conversations.list_conversations():
            self._unread[PersonKey(conversation.account_id, conversation.jid)] = conversation.unread
        self.flush()

    def flush(self) -> None:
        """Apply now what has happened since the last update."""
        self._pace.note()
        changed: set[Person] = set()
        groups: set[str] = set()
        self._take_rosters(changed, groups)
        self._take_contacts(changed, groups)
        self._take_presences(changed)
        self._take_blocklists(changed)
        for key in self._read:
            person = self._people.find(*key)
            if person is not None and person.unread != self._unread[key]:
                person.unread = self._unread[key]
                changed.add(person)
        self._read.clear()
        if changed or groups:
            groups.update(name for person in changed for name in person.groups)
            self.updated.emit(changed, groups)

    def _take_rosters(self, changed: set[Person], groups: set[str]) -> None:
        for account_id in self._stale_rosters:
            contacts = {contact.jid: contact for contact in self._services.roster.list_contacts(account_id)}
            for person in self._people.of_account(account_id):
                if person.contact.jid not in contacts:
                    groups |= self._people.remove(account_id, person.contact.jid)
            for contact in contacts.values():
                self._put(contact, changed, groups)
        self._stale_rosters.clear()

    def _take_contacts(self, changed: set[Person], groups: set[str]) -> None:
        for key, contact in self._contacts.items():
            if contact is None:
                groups |= self._people.remove(*key)
            else:
                self._put(contact, changed, groups)
        self._contacts.clear()

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

    def _take_presences(self, changed: set[Person]) -> None:
        presence = self._services.presence
        for account_id in self._stale_presences:
            known = presence.known(account_id)
            for person in self._people.of_account(account_id):
                self._show(person, known, presence.best(account_id, person.contact.jid), changed)
        self._stale_presences.clear()
        for key, latest in self._presences.items():
            found = self._people.find(*key)
            if found is not None:
                self._show(found, presence.known(key.account_id), latest, changed)
        self._presences.clear()

    def _take_blocklists(self, changed: set[Person]) -> None:
        for account_id in self._stale_blocklists:
            blocked = self._blocked[account_id] = self._services.blocker.blocked(account_id)
            for person in self._people.of_account(account_id):
                if person.blocked != (person.contact.jid in blocked):
                    person.blocked = not person.blocked
                    changed.add(person)
        self._stale_blocklists.clear()

    @staticmethod
    def _show(person: Person, known: bool, presence: Presence, changed: set[Person]) -> None:
        if person.known != known or person.presence != presence:
            person.known, person.presence = known, presence
            changed.add(person)

    def _on_contact_changed(self, event: ContactChanged) -> None:
        self._contacts[PersonKey(event.contact.account_id, event.contact.jid)] = event.contact
        self._pace.request()

    def _on_contact_removed(self, event: ContactRemoved) -> None:
        self._contacts[PersonKey(event.account_id, event.jid)] = None
        self._pace.request()

    def _on_presence_changed(self, event: PresenceChanged) -> None:
        self._presences[PersonKey(event.account_id, event.jid)] = event.presence
        self._pace.request()

    def _on_presences_stale(self, event: PresencesCleared | ConnectionChanged) -> None:
        self._presences = {key: value for key, value in self._presences.items() if key.account_id != event.account_id}
        self._stale_presences.add(event.account_id)
        self._pace.request()

    def _on_roster_stale(self, event: RosterReplaced | AccountRemoved) -> None:
        self._contacts = {key: value for key, value in self._contacts.items() if key.account_id != event.account_id}
        self._stale_rosters.add(event.account_id)
        self._pace.request()

    def _on_blocklist_changed(self, event: BlocklistChanged) -> None:
        self._stale_blocklists.add(event.account_id)
        self._pace.request()

    def _on_conversation_changed(self, event: ConversationChanged) -> None:
        key = PersonKey(event.conversation.account_id, event.conversation.jid)
        if self._unread.get(key, 0) != event.conversation.unread:
            self._unread[key] = event.conversation.unread
            self._read.add(key)
            self._pace.request()
