"""The tree *Contacts*: groups, and in them the contacts of all accounts, by presence and name."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QCoreApplication,
    QMimeData,
    QModelIndex,
    QObject,
    Qt,
    Signal,
)

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.collation import collator
from whimbrel.ui.contacts.words import describe, group_title, tooltip
from whimbrel.ui.models.people import People, Person
from whimbrel.ui.models.people_tree import Group, Index, PeopleTree
from whimbrel.ui.models.roster_feed import RosterFeed

MIME_TYPE = "application/x-whimbrel-contacts"


class ContactRole(enum.IntEnum):
    """What ``data`` has for delegates and views."""

    PERSON = Qt.ItemDataRole.UserRole + 1  # Person; None for a group
    GROUP = Qt.ItemDataRole.UserRole + 2  # GroupLine; None for a contact


class GroupLine(NamedTuple):
    """What a group's row shows."""

    name: str  # "" for those in no group
    title: str
    tally: str  # "3 of 4"


class Dragged(NamedTuple):
    """A contact that is being moved, and the group that it was taken from."""

    account_id: AccountId
    jid: JID
    group: str


class ContactsModel(PeopleTree):
    """Contacts in groups, kept up to date by the bus.

    What happens is gathered and shown together (``RosterFeed``), so that a burst of presences costs one update.
    Dropping asks by ``move_requested`` and ``new_group_requested``; the model itself moves nobody.
    """

    move_requested = Signal(object, str, bool)  # list[Dragged], to group, copy
    new_group_requested = Signal(object, bool)  # list[Dragged], copy
    filled = Signal(int)  # the number of contacts there are, after each update

    def __init__(self, services: Services, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._collator = collator()
        self._people = People(self._collator.sortKey)
        self._next_id = 1
        self._words: tuple[str, ...] = ()
        self._show_offline = True
        self._feed = RosterFeed(services, bridge, self._people, self)
        self._feed.updated.connect(self._update)
        self._feed.load()

    # What it is asked from outside

    def set_filter(self, text: str) -> None:
        """Show only those whose name or address has every word of ``text``."""
        words = tuple(text.casefold().split())
        if words != self._words:
            self._words = words
            self._update(set(self._people), self._people.group_names())

    @property
    def is_filtered(self) -> bool:
        """Whether a search is on."""
        return bool(self._words)

    def set_show_offline(self, show: bool) -> None:
        """Whether those who are offline are listed (always while searching, and with unread messages)."""
        if show != self._show_offline:
            self._show_offline = show
            self._update(set(self._people), self._people.group_names())

    def contact_count(self) -> int:
        """How many contacts there are, shown or not."""
        return len(self._people)

    def flush(self) -> None:
        """Show now what has happened since the last update."""
        self._feed.flush()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: see ``ContactRole``; texts are plain."""
        if not index.isValid():
            return None
        person = self.person(index)
        if person is not None:
            return _person_data(person, role)
        group = self._groups[index.row()]
        if role == ContactRole.GROUP:
            return GroupLine(group.name, group_title(group.name), _count(group))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return group_title(group.name)
        return _count(group) if role == Qt.ItemDataRole.AccessibleDescriptionRole else None

    # Drag and drop

    def mimeTypes(self) -> list[str]:
        """Qt: ours only."""
        return [MIME_TYPE]

    def supportedDropActions(self) -> Qt.DropAction:
        """Qt: moving, or with Ctrl keeping the old group too."""
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:
        """Qt: the contacts among the rows, and where each was taken from."""
        rows = []
        for index in indexes:
            person, group = self.person(index), self.group_name(index)
            if person is not None:
                rows.append([person.contact.account_id, str(person.contact.jid), group])
        mime = QMimeData()
        mime.setData(MIME_TYPE, json.dumps(rows).encode())
        return mime

    def canDropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Qt: contacts of this tree can be dropped anywhere."""
        return data.hasFormat(MIME_TYPE) and action in (Qt.DropAction.MoveAction, Qt.DropAction.CopyAction)

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Qt: asks for the move. On or between rows: into that group; elsewhere: into a new one."""
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        dragged = self.dragged(data)
        copy = action == Qt.DropAction.CopyAction
        target = self.group_name(parent)
        if target is None:
            self.new_group_requested.emit(dragged, copy)
            return True
        moving = [each for each in dragged if each.group != target]
        if moving:
            self.move_requested.emit(moving, target, copy)
        return bool(moving)

    def dragged(self, data: QMimeData) -> list[Dragged]:
        """The contacts that are being dragged; those that have gone meanwhile are left out."""
        found = []
        for account_id, address, group in json.loads(bytes(data.data(MIME_TYPE).data())):
            jid = JID.parse(address)
            if self._people.find(AccountId(account_id), jid) is not None:
                found.append(Dragged(AccountId(account_id), jid, group))
        return found

    # Showing what has changed

    def _update(self, changed: set[Person], names: Iterable[str]) -> None:
        """Bring the rows of some groups up to date, and repaint those of ``changed`` people."""
        self._people.settle()
        reordered: list[tuple[Group, list[Person]]] = []
        grown: list[tuple[Group, list[Person]]] = []
        shown = {group.name: group for group in self._groups}
        added: list[Group] = []
        for name in set(names):
            members = self._people.members(name)
            wanted = sorted((person for person in members if self._is_shown(person)), key=lambda each: each.sort_key)
            group = shown.get(name)
            if group is None:
                if wanted:
                    added.append(self._make_group(name, wanted, members))
            elif not wanted:
                self.remove_group(group)
            else:
                self._tally(group, members)
                self.remove_people(group, set(wanted))
                present = set(group.people)
                staying = [person for person in wanted if person in present]
                if staying != group.people:
                    reordered.append((group, staying))
                if len(staying) != len(wanted):
                    grown.append((group, wanted))
        self.reorder(reordered)
        for group, wanted in grown:
            self.insert_people(group, wanted)
        for group in added:
            self.insert_group(group)
        self.repaint(changed, {shown[name] for name in names if name in shown and shown[name].people})
        self.filled.emit(len(self._people))

    def _is_shown(self, person: Person) -> bool:
        if self._words:
            return all(word in person.haystack for word in self._words)
        return self._show_offline or person.is_online or not person.known or person.unread > 0

    def _make_group(self, name: str, people: list[Person], members: set[Person]) -> Group:
        group = Group(self._next_id, name, self._collator.sortKey(name), people=people)
        self._next_id += 1
        self._tally(group, members)
        return group

    def _tally(self, group: Group, members: set[Person]) -> None:
        group.total = len(members)
        group.online = sum(person.is_online for person in members)
        group.counted = any(person.known for person in members)


def _count(group: Group) -> str:
    if not group.counted:
        return str(group.total)
    text = QCoreApplication.translate("ContactsModel", "{online} of {total}")
    return text.format(online=group.online, total=group.total)


def _person_data(person: Person, role: int) -> Any:
    if role == ContactRole.PERSON:
        return person
    if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        return person.contact.label
    if role == Qt.ItemDataRole.AccessibleDescriptionRole:
        return describe(person)
    return tooltip(person) if role == Qt.ItemDataRole.ToolTipRole else None
