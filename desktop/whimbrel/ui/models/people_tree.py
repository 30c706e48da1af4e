"""A tree of groups and the people in them: the rows, and how they change with little work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID
from whimbrel.ui.models.people import UNGROUPED, Person
from whimbrel.ui.models.reorder import displaced

_MOVES_AT_MOST = 12  # beyond that one change of the layout is cheaper than moving row by row

_ROOT_FLAGS = Qt.ItemFlag.ItemIsDropEnabled
_GROUP_FLAGS = _ROOT_FLAGS | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_CONTACT_FLAGS = _GROUP_FLAGS | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren
_NO_INDEX = QModelIndex()

Index = QModelIndex | QPersistentModelIndex


@dataclass(slots=True, eq=False)
class Group:
    """A group's row and the people whom it shows."""

    id: int  # the internal id of its contacts' indexes; groups themselves have 0
    name: str
    collation: Any
    row: int = 0
    people: list[Person] = field(default_factory=list)
    online: int = 0
    total: int = 0
    counted: bool = False  # whether anybody's presence is known


class PeopleTree(QAbstractItemModel):
    """Groups and people as rows. Subclasses decide who is shown and what is said about them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: list[Group] = []
        self._by_id: dict[int, Group] = {}

    def person(self, index: Index) -> Person | None:
        """Whom a row is about; None for a group."""
        group = self._by_id.get(index.internalId())
        return group.people[index.row()] if group else None

    def group_name(self, index: Index) -> str | None:
        """The group of a row, of a contact's or its own; None outside the rows."""
        if not index.isValid():
            return None
        group_id = index.internalId()
        return self._by_id[group_id].name if group_id else self._groups[index.row()].name

    def group_index(self, name: str) -> QModelIndex:
        """A group's row; invalid where it is not shown."""
        for group in self._groups:
            if group.name == name:
                return self.createIndex(group.row, 0, 0)
        return QModelIndex()

    def contact_index(self, account_id: AccountId, jid: JID) -> QModelIndex:
        """The first row of a contact; invalid where none is shown."""
        for group in self._groups:
            for row, person in enumerate(group.people):
                if person.contact.jid == jid and person.contact.account_id == account_id:
                    return self.createIndex(row, 0, group.id)
        return QModelIndex()

    # QAbstractItemModel

    def index(self, row: int, column: int, parent: Index = _NO_INDEX) -> QModelIndex:
        """Qt: the index of a row."""
        above = parent.row()  # -1 where it is invalid; views ask a lot, so nothing is called twice
        if above < 0:
            return self.createIndex(row, 0, 0) if 0 <= row < len(self._groups) and not column else QModelIndex()
        if parent.internalId() or column:
            return QModelIndex()
        group = self._groups[above]
        return self.createIndex(row, 0, group.id) if 0 <= row < len(group.people) else QModelIndex()

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override] # QObject.parent() has no argument
        """Qt: the group of a contact."""
        group = self._by_id.get(index.internalId())
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
        if index.internalId():
            return _CONTACT_FLAGS
        return _GROUP_FLAGS if index.isValid() else _ROOT_FLAGS

    def insert_group(self, group: Group) -> None:
        """Show a group, with the people it has, at its place by name."""
        row = 0
        while row < len(self._groups) and _comes_before(self._groups[row], group):
            row += 1
        self.beginInsertRows(QModelIndex(), row, row)
        self._groups.insert(row, group)
        self._by_id[group.id] = group
        self._number_groups()
        self.endInsertRows()

    def remove_group(self, group: Group) -> None:
        """Show a group no more."""
        self.beginRemoveRows(QModelIndex(), group.row, group.row)
        self._groups.remove(group)
        del self._by_id[group.id]
        group.people = []
        self._number_groups()
        self.endRemoveRows()

    def _number_groups(self) -> None:
        for row, group in enumerate(self._groups):
            group.row = row

    def remove_people(self, group: Group, wanted: set[Person]) -> None:
        """Take those out of a group who are not wanted there."""
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

    def insert_people(self, group: Group, wanted: list[Person]) -> None:
        """Add those who are missing; the others are in order already."""
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

    def reorder(self, groups: list[tuple[Group, list[Person]]]) -> None:
        """Put people in another order: row by row where few move, else by one change of the layout."""
        moving = [(group, wanted, displaced(group.people, wanted)) for group, wanted in groups]
        if sum(len(people) for _, _, people in moving) > _MOVES_AT_MOST:
            self._change_layout(groups)
            return
        for group, wanted, people in moving:
            self._move_people(group, wanted, people)

    def _move_people(self, group: Group, wanted: list[Person], moving: set[Person]) -> None:
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

    def _change_layout(self, groups: list[tuple[Group, list[Person]]]) -> None:
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

    def repaint(self, changed: set[Person], groups: Iterable[Group]) -> None:
        """Tell views that people, and the tallies of their groups, look different now."""
        for group in groups:
            top = self.createIndex(group.row, 0, 0)
            self.dataChanged.emit(top, top)
            rows = [row for row, person in enumerate(group.people) if person in changed]
            if rows:
                first, last = self.createIndex(rows[0], 0, group.id), self.createIndex(rows[-1], 0, group.id)
                self.dataChanged.emit(first, last)


def _comes_before(one: Group, other: Group) -> bool:
    if UNGROUPED in (one.name, other.name):
        return other.name == UNGROUPED
    order = one.collation.compare(other.collation)
    return bool(order < 0 or (order == 0 and one.name < other.name))
