"""The stanzas that were seen: the last ones only, shown by kind and text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from whimbrel.core.offers.stanzas import SeenXml
from whimbrel.platform.redaction import without_secrets

MOST_KEPT = 2_000
_MOST_CHARACTERS = 16_000_000  # of all that is kept
_LONGEST = 65_536  # characters of one
_LONGEST_LINE = 300
_KIND = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_NOTHING = QModelIndex()

MESSAGE, PRESENCE, IQ, OTHER = "message", "presence", "iq", "other"
KINDS = (MESSAGE, PRESENCE, IQ, OTHER)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was said, without what signs in."""

    moment: datetime
    is_ours: bool
    kind: str
    text: str
    folded: str

    @classmethod
    def of(cls, seen: SeenXml) -> Row:
        """What is shown of it."""
        text = without_secrets(seen.text[:_LONGEST])
        if len(seen.text) > _LONGEST:
            text += " …"
        found = _KIND.match(text)
        kind = found[1] if found is not None and found[1] in KINDS else OTHER
        return cls(seen.moment, seen.is_ours, kind, text, text.casefold())

    def line(self) -> str:
        """It in one line."""
        arrow = "→" if self.is_ours else "←"
        return f"{arrow} {self.moment:%H:%M:%S}  {' '.join(self.text[:_LONGEST_LINE].split())}"

    def pretty(self) -> str:
        """It in indented lines, where it is whole."""
        try:
            element = ET.fromstring(f"<stream xmlns:stream='http://etherx.jabber.org/streams'>{self.text}</stream>")
        except ET.ParseError:
            return self.text
        return _indented(self.text) if len(element) else self.text


class StanzaModel(QAbstractListModel):
    """Rows that pass the filter, the oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self._all: deque[Row] = deque()
        self._size = 0
        self._shown: list[Row] = []
        self._kind = ""
        self._query = ""

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._shown[index.row()].line()
        return None

    def row(self, number: int) -> Row:
        """What stands in a line."""
        return self._shown[number]

    def add(self, seen: Sequence[SeenXml]) -> None:
        """Add what came since; the oldest goes."""
        rows = [Row.of(each) for each in seen[-MOST_KEPT:]]
        self._all.extend(rows)
        self._size += sum(len(row.text) for row in rows)
        gone = 0
        while len(self._all) > MOST_KEPT or self._size > _MOST_CHARACTERS:
            oldest = self._all.popleft()
            self._size -= len(oldest.text)
            gone += gone < len(self._shown) and self._shown[gone] is oldest
        if gone:
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            del self._shown[:gone]
            self.endRemoveRows()
        kept = set(map(id, islice(reversed(self._all), len(rows))))
        passing = [row for row in rows if id(row) in kept and self._passes(row)]
        if passing:
            first = len(self._shown)
            self.beginInsertRows(QModelIndex(), first, first + len(passing) - 1)
            self._shown.extend(passing)
            self.endInsertRows()

    def set_filter(self, kind: str, query: str) -> None:
        """Show what is of a kind ("": any) and has these words."""
        self._kind, self._query = kind, query.casefold().strip()
        self.beginResetModel()
        self._shown = [row for row in self._all if self._passes(row)]
        self.endResetModel()

    def take_over(self, former: StanzaModel) -> None:
        """Have all that another one has."""
        self.beginResetModel()
        self._all, self._size = former._all.copy(), former._size
        self._shown = [row for row in self._all if self._passes(row)]
        self.endResetModel()

    def clear(self) -> None:
        """Forget all."""
        self.beginResetModel()
        self._all.clear()
        self._shown.clear()
        self._size = 0
        self.endResetModel()

    def __len__(self) -> int:
        return len(self._all)

    def _passes(self, row: Row) -> bool:
        return (not self._kind or row.kind == self._kind) and self._query in row.folded


def _indented(text: str) -> str:
    """Each tag on a line of its own, as deep as it stands; texts stay as they are, with what is around them."""
    lines: list[str] = []
    depth = 0
    was_opened = False
    for part in re.findall(r"<[^>]*>|[^<]+", text):
        if part.startswith("</"):
            depth -= 1
            if was_opened:
                lines[-1] += part
            else:
                lines.append("  " * depth + part)
            was_opened = False
        elif part.startswith("<"):
            lines.append("  " * depth + part)
            was_opened = not part.endswith("/>")
            depth += was_opened
        elif lines and was_opened:
            lines[-1] += part
        else:
            lines.append("  " * depth + part)
    return "\n".join(lines)
