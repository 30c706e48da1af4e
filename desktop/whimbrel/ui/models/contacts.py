"""The tree *Contacts*: groups, and in them the contacts of all accounts, by presence and name."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractItemModel,
    QCollator,
    QCoreApplication,
    QLocale,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.contacts.words import describe, group_title, tooltip
from whimbrel.ui.models.people import UNGROUPED, People, Person
from whimbrel.ui.models.reorder import displaced
from whimbrel.ui.models.roster_feed import RosterFeed

MIME_TYPE = "application/x-whimbrel-contacts"
_MOVES_AT_MOST = 12  # beyond that one change of the layout is cheaper than moving row by row

_ROOT_FLAGS = Qt.ItemFlag.ItemIsDropEnabled
_GROUP_FLAGS = _ROOT_FLAGS | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_CONTACT_FLAGS = _GROUP_FLAGS | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren
_NO_INDEX = QModelIndex()

Index = QModelIndex | QPersistentModelIndex


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


@dataclass(slots=True, eq=False)
class _Group:
    id: int  # the internal id of its contacts' indexes; groups themselves have 0
    name: str
    collation: Any
    row: int = 0
    people: list[Person] = field(default_factory=list)
    online: int = 0
    total: int = 0
    counted: bool = False  # whether anybody's presence is known


class ContactsModel(QAbstractItemModel):
    """Contacts in groups, kept up to date by the bus.

    What happens is gathered and shown together (``RosterFeed``), so that a burst of presences costs one update.
    Dropping asks by ``move_requested`` and ``new_group_requested``; the model itself moves nobody.
    """

    move_requested = Signal(object, str, bool)  # list[Dragged], to group, copy
    new_group_requested = Signal(object, bool)  # list[Dragged], copy
    filled = Signal(int)  # the number of contacts there are, after each update

    def __init__(self, services: Services, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._collator = QCollator(_collation_locale())
        self._collator.setNumericMode(True)
        self._collator.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._people = People(self._collator.sortKey)
        self._groups: list[_Group] = []
        self._by_id: dict[int, _Group] = {}
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

    def person(self, index: Index) -> Person | None:
        """Whom a row is about; None for a group."""
        if not index.isValid() or not index.internalId():
            return None
        return self._by_id[index.internalId()].people[index.row()]

    def group_name(self, index: Index) -> str | None:
        """The group of a row, of a contact's or its own; None outside the rows."""
        if not index.isValid():
            return None
        group_id = index.internalId()
        return self._by_id[group_id].name if group_id else self._groups[index.row()].name

    def flush(self) -> None:
        """Show now what has happened since the last update."""
        self._feed.flush()

    def group_index(self, name: str) -> QModelIndex:
        """A group's row; invalid where it is not shown."""
        for group in self._groups:
            if group.name == name:
                return self.createIndex(group.row, 0, 0)
        return QModelIndex()

    def contact_index(self, account_id: AccountId, jid: JID) -> QModelIndex:
        """The first row of a contact; invalid where none is shown."""
        person = self._people.find(account_id, jid)
        for group in self._groups:
            if person is not None and person in group.people:
                return self.createIndex(group.people.index(person), 0, group.id)
        return QModelIndex()

    # QAbstractItemModel

    def index(self, row: int, column: int, parent: Index = _NO_INDEX) -> QModelIndex:
        """Qt: the index of a row."""
        if column or row < 0:
            return QModelIndex()
        if not parent.isValid():
            return self.createIndex(row, 0, 0) if row < len(self._groups) else QModelIndex()
        if parent.internalId() or row >= len(self._groups[parent.row()].people):
            return QModelIndex()
        return self.createIndex(row, 0, self._groups[parent.row()].id)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override] # QObject.parent() has no argument
        """Qt: the group of a contact."""
        group = self._by_id.get(index.internalId()) if index.isValid() else None
        return self.createIndex(group.row, 0, 0) if group else QModelIndex()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Qt: groups, or the contacts of one."""
        if not parent.isValid():
            return len(self._groups)
        return 0 if parent.internalId() else len(self._groups[parent.row()].people)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Qt: one."""
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Qt: contacts can be dragged; everything can be dropped on."""
        if not index.isValid():
            return _ROOT_FLAGS
        return _CONTACT_FLAGS if index.internalId() else _GROUP_FLAGS

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
        reordered: list[tuple[_Group, list[Person]]] = []
        grown: list[tuple[_Group, list[Person]]] = []
        shown = {group.name: group for group in self._groups}
        added: list[_Group] = []
        for name in set(names):
            members = self._people.members(name)
            wanted = sorted((person for person in members if self._is_shown(person)), key=lambda each: each.sort_key)
            group = shown.get(name)
            if group is None:
                if wanted:
                    added.append(self._make_group(name, wanted, members))
            elif not wanted:
                self._remove_group(group)
            else:
                self._tally(group, members)
                self._remove_people(group, set(wanted))
                present = set(group.people)
                staying = [person for person in wanted if person in present]
                if staying != group.people:
                    reordered.append((group, staying))
                if len(staying) != len(wanted):
                    grown.append((group, wanted))
        self._reorder(reordered)
        for group, wanted in grown:
            self._insert_people(group, wanted)
        for group in added:
            self._insert_group(group)
        self._repaint(changed, {shown[name] for name in names if name in shown and shown[name].people})
        self.filled.emit(len(self._people))

    def _is_shown(self, person: Person) -> bool:
        if self._words:
            return all(word in person.haystack for word in self._words)
        return self._show_offline or person.is_online or not person.known or person.unread > 0

    def _make_group(self, name: str, people: list[Person], members: set[Person]) -> _Group:
        group = _Group(self._next_id, name, self._collator.sortKey(name), people=people)
        self._next_id += 1
        self._tally(group, members)
        return group

    def _tally(self, group: _Group, members: set[Person]) -> None:
        group.total = len(members)
        group.online = sum(person.is_online for person in members)
        group.counted = any(person.known for person in members)

    def _insert_group(self, group: _Group) -> None:
        row = 0
        while row < len(self._groups) and _comes_before(self._groups[row], group):
            row += 1
        self.beginInsertRows(QModelIndex(), row, row)
        self._groups.insert(row, group)
        self._by_id[group.id] = group
        self._number_groups()
        self.endInsertRows()

    def _remove_group(self, group: _Group) -> None:
        self.beginRemoveRows(QModelIndex(), group.row, group.row)
        self._groups.remove(group)
        del self._by_id[group.id]
        group.people = []
        self._number_groups()
        self.endRemoveRows()

    def _number_groups(self) -> None:
        for row, group in enumerate(self._groups):
            group.row = row

    def _remove_people(self, group: _Group, wanted: set[Person]) -> None:
        parent = self.createIndex(group.row, 0, 0)
        last = len(group.people) - 1
        while last >= 0:
            if group.people[last] in wanted:
                last -= 1
                continue
            first = last
            while first > 0 and group.people[first - 1] not in wanted:
                first -= 1
            self.beginRemoveRows(parent, first, last)
            del group.people[first : last + 1]
            self.endRemoveRows()
            last = first - 1

    def _insert_people(self, group: _Group, wanted: list[Person]) -> None:
        parent = self.createIndex(group.row, 0, 0)
        present = set(group.people)
        first = 0
        while first < len(wanted):
            if wanted[first] in present:
                first += 1
                continue
            end = first
            while end < len(wanted) and wanted[end] not in present:
                end += 1
            self.beginInsertRows(parent, first, end - 1)
            group.people[first:first] = wanted[first:end]
            self.endInsertRows()
            first = end

    def _reorder(self, groups: list[tuple[_Group, list[Person]]]) -> None:
        """Put people in another order: row by row where few move, else by one change of the layout."""
        moving = [(group, wanted, displaced(group.people, wanted)) for group, wanted in groups]
        if sum(len(people) for _, _, people in moving) > _MOVES_AT_MOST:
            self._change_layout(groups)
            return
        for group, wanted, people in moving:
            self._move_people(group, wanted, people)

    def _move_people(self, group: _Group, wanted: list[Person], moving: set[Person]) -> None:
        parent = self.createIndex(group.row, 0, 0)
        for place, person in enumerate(wanted):
            if person not in moving:
                continue
            source = group.people.index(person)
            target = group.people.index(wanted[place - 1]) + 1 if place else 0
            if target in (source, source + 1):
                continue
            self.beginMoveRows(parent, source, source, parent, target)
            del group.people[source]
            group.people.insert(target - (target > source), person)
            self.endMoveRows()

    def _change_layout(self, groups: list[tuple[_Group, list[Person]]]) -> None:
        self.layoutAboutToBeChanged.emit()
        places = {group.id: {person: row for row, person in enumerate(wanted)} for group, wanted in groups}
        before: list[QModelIndex] = []
        after: list[QModelIndex] = []
        for index in self.persistentIndexList():
            group_id = index.internalId()
            if group_id in places:
                before.append(index)
                person = self._by_id[group_id].people[index.row()]
                after.append(self.createIndex(places[group_id][person], 0, group_id))
        for group, wanted in groups:
            group.people = wanted
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _repaint(self, changed: set[Person], groups: Iterable[_Group]) -> None:
        for group in groups:
            top = self.createIndex(group.row, 0, 0)
            self.dataChanged.emit(top, top)
            rows = [row for row, person in enumerate(group.people) if person in changed]
            if rows:
                first, last = self.createIndex(rows[0], 0, group.id), self.createIndex(rows[-1], 0, group.id)
                self.dataChanged.emit(first, last)


def _collation_locale() -> QLocale:
    """The person's locale; English for the locale "C", which orders by code point."""
    locale = QLocale()
    return QLocale(QLocale.Language.English) if locale.language() == QLocale.Language.C else locale


def _comes_before(one: _Group, other: _Group) -> bool:
    if UNGROUPED in (one.name, other.name):
        return other.name == UNGROUPED
    order = one.collation.compare(other.collation)
    return bool(order < 0 or (order == 0 and one.name < other.name))


def _count(group: _Group) -> str:
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
