"""The contacts of all accounts with their presence and unread counts, in groups and in order. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from whimbrel.model.account import AccountId
from whimbrel.model.contact import OFFLINE, Availability, Contact, Presence
from whimbrel.model.jid import JID

UNGROUPED = ""
"""The name of the group of those that are in none; a person reads "Contacts"."""


class PersonKey(NamedTuple):
    """Whom a row is about."""

    account_id: AccountId
    jid: JID  # bare


@dataclass(slots=True, eq=False)
class Person:
    """A contact and what is known about them. One object, however many groups show it."""

    contact: Contact
    collation: Any  # of the label, comparable by the locale
    haystack: str  # what a search looks at
    order: int = 0  # the place by name among all
    presence: Presence = OFFLINE
    known: bool = False  # whether presence is known at all (else grey)
    unread: int = 0
    blocked: bool = False

    @property
    def key(self) -> PersonKey:
        """Whom this is about."""
        return PersonKey(self.contact.account_id, self.contact.jid)

    @property
    def sort_key(self) -> tuple[int, int]:
        """Presence first, then the name."""
        return self.presence.availability.rank, self.order

    @property
    def is_online(self) -> bool:
        """Whether they can be seen on any resource."""
        return self.presence.availability is not Availability.OFFLINE

    @property
    def groups(self) -> Iterable[str]:
        """The names of the groups that show them."""
        return self.contact.groups or (UNGROUPED,)


class People:
    """Everybody, by key and by group.

    Args:
        collate: gives the comparable key of a name (costly: kept per person).
    """

    def __init__(self, collate: Callable[[str], Any]) -> None:
        self._collate = collate
        self._by_key: dict[PersonKey, Person] = {}
        self._members: dict[str, set[Person]] = {}
        self._renumber = False

    def __iter__(self) -> Iterator[Person]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def find(self, account_id: AccountId, jid: JID) -> Person | None:
        """The person with this address."""
        return self._by_key.get(PersonKey(account_id, jid))

    def of_account(self, account_id: AccountId) -> list[Person]:
        """Everybody of one account."""
        return [person for person in self._by_key.values() if person.contact.account_id == account_id]

    def members(self, group: str) -> set[Person]:
        """Who is in a group; empty where there is no such group."""
        return self._members.get(group, set())

    def group_names(self) -> list[str]:
        """Every group that somebody is in."""
        return list(self._members)

    def put(self, contact: Contact) -> tuple[Person, set[str]]:
        """Add or change a contact; returns the person and the groups that this concerns."""
        key = PersonKey(contact.account_id, contact.jid)
        person = self._by_key.get(key)
        if person is None:
            person = Person(contact, self._collate(contact.label), _haystack(contact))
            self._by_key[key] = person
            self._renumber = True
            concerned = set(person.groups)
        else:
            concerned = set(person.groups) | set(contact.groups or (UNGROUPED,))
            self._leave(person)
            if person.contact.label != contact.label:
                person.collation = self._collate(contact.label)
                self._renumber = True
            person.contact = contact
            person.haystack = _haystack(contact)
        for name in person.groups:
            self._members.setdefault(name, set()).add(person)
        return person, concerned

    def remove(self, account_id: AccountId, jid: JID) -> set[str]:
        """Remove somebody; returns the groups that they were in."""
        person = self._by_key.pop(PersonKey(account_id, jid), None)
        if person is None:
            return set()
        self._leave(person)
        return set(person.groups)

    def settle(self) -> None:
        """Number everybody by name again where that is due; call it before comparing ``sort_key``."""
        if not self._renumber:
            return
        people = sorted(self._by_key.values(), key=lambda person: (str(person.contact.jid), person.contact.account_id))
        people.sort(key=lambda person: person.collation)  # stable: equal names stay in order of address
        for order, person in enumerate(people):
            person.order = order
        self._renumber = False

    def _leave(self, person: Person) -> None:
        for name in person.groups:
            members = self._members[name]
            members.discard(person)
            if not members:
                del self._members[name]


def _haystack(contact: Contact) -> str:
    return f"{contact.name}\n{contact.nick}\n{contact.jid}".casefold()
