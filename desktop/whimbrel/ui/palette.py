"""Ctrl+K: go to a chat, a contact, any address, or do something; by typing a part of its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.ui.collation import collator
from whimbrel.ui.names import notes_words
from whimbrel.ui.shortcuts import shown_keys
from whimbrel.ui.theme.theme import SMALL, grown, theme
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.words import unread_words

Key = tuple[AccountId, str]
"""An account and the address of somebody."""
Opener = Callable[[AccountId, JID], None]
MOST = 50
"""So many entries are shown."""
_PORTION = 1000
_LONGEST = 3100  # no address is longer
_WIDTH, _HEIGHT = 480, 380
_BETWEEN = 16  # pixels between a name and its detail
_LEAST_DETAIL = 6  # characters: less says nothing
_ROW_PADDING = 16
_PATIENCE = 250  # ms for messages, before it says that there is nothing
DETAIL_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to go to: what it is called, what it is, and what choosing it does."""

    text: str
    detail: str
    run: Callable[[], None]

    def matches(self, words: list[str]) -> bool:
        """Whether every word is found in it."""
        haystack = f"{self.text}\n{self.detail}".casefold()
        return all(word in haystack for word in words)

    def rank(self, needle: str) -> int:
        """0 for what starts with the text that was typed, 3 where only the detail has it."""
        name = self.text.casefold()
        if name.startswith(needle):
            return 0
        return 1 if f" {needle}" in name else 2 if needle in name else 3


E = TypeVar("E", bound=Entry)


def find(entries: Iterable[E], typed: str) -> list[E]:
    """The entries that match, best first; among equals in the order given. No more are looked at than that needs."""
    needle = typed.strip().casefold()
    words = needle.split()
    if not words:
        return list(islice(entries, MOST))
    found = [entry for entry in entries if entry.matches(words)]
    found.sort(key=lambda entry: entry.rank(needle))
    return found[:MOST]


_STAYS = frozenset({Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason})


def share_line(text: str, detail: str, width: int) -> tuple[str, int]:
    """What is shown of a name where a detail stands in its line too, and how many pixels are left for that.

    The name comes first: it is only cut where it takes most of the line, and then the detail gets what is left.
    """
    names, details = QFontMetrics(theme().font()), QFontMetrics(theme().font(SMALL))
    least = width * 3 // 5
    natural = details.horizontalAdvance(detail) + _BETWEEN if detail else 0
    shown = names.elidedText(text, Qt.TextElideMode.ElideRight, max(least, width - natural))
    room = width - names.horizontalAdvance(shown) - _BETWEEN
    return shown, room if room >= _LEAST_DETAIL * details.averageCharWidth() else 0


class EntryDelegate(QStyledItemDelegate):
    """The name at the start, the detail at the end, paler."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tokens = theme().tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(tokens.selection)
            painter.drawRoundedRect(option.rect, 6, 6)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(tokens.hover)
            painter.drawRoundedRect(option.rect, 6, 6)
        area = option.rect.adjusted(10, 0, -10, 0)
        small = theme().font(SMALL)
        detail = str(index.data(DETAIL_ROLE))
        text, room = share_line(str(index.data()), detail, area.width())
        painter.setFont(small)
        painter.setPen(tokens.second_text)
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        detail = QFontMetrics(small).elidedText(detail, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(area, int(QStyle.visualAlignment(option.direction, end)), detail)
        painter.setFont(theme().font())
        painter.setPen(tokens.text)
        start = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, int(QStyle.visualAlignment(option.direction, start)), text)
        painter.restore()


class Palette(QFrame):
    """A line to type in and what it finds, above the window's content. Enter goes, the arrows choose, Esc leaves."""

    def __init__(self, services: Services, opener: Opener, actions: list[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "popup")
        self.setAccessibleName(self.tr("Go to"))
        self._services = services
        self._opener = opener
        self._actions = actions
        self._own = {(account.id, str(account.jid.bare)) for account in services.accounts.list_accounts()}
        self._chats = services.conversations.list_conversations()
        self._chats.sort(key=lambda chat: not (chat.unread or chat.marked_unread))
        self._names: dict[Key, str] | None = None  # of all contacts: not before somebody types
        self._entries: list[Entry] = []
        self._coming: Iterator[Entry] | None = None  # those that are not gathered yet
        self._gathering = QTimer(self, interval=0)
        self._gathering.timeout.connect(self._gather_some)
        self._shown: list[Entry] = []
        self.find_messages: Callable[[str, Callable[[list[Entry]], None]], None] | None = None
        self._before: QWidget | None = None
        self.line_edit = QLineEdit()
        self.line_edit.setAccessibleName(self.tr("Go to"))
        self.line_edit.setPlaceholderText(self.tr("Name or address"))
        self.line_edit.setMaxLength(_LONGEST)
        self.line_edit.textChanged.connect(self._on_text_changed)
        self.line_edit.returnPressed.connect(self._on_return)
        self.line_edit.installEventFilter(self)
        self._over = parent
        parent.installEventFilter(self)  # of another size, it has another place
        self.results = QListWidget()
        self.results.setAccessibleName(self.tr("Results"))
        self.results.setProperty("kind", "results")
        self.results.setUniformItemSizes(True)
        self.results.setMouseTracking(True)
        self.results.setItemDelegate(EntryDelegate(self.results))
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.itemClicked.connect(self._on_clicked)
        self.nothing = Label(self.tr("Nothing found"), tone="second")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._say_nothing = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._say_nothing.timeout.connect(self._show_nothing)
        self._lay_out()
        self._on_text_changed("")

    def shown(self) -> list[Entry]:
        """What was found, in order."""
        return list(self._shown)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt: give the keyboard back, unless something else has taken it."""
        before, self._before = self._before, None
        if before is not None and shiboken6.isValid(before) and self.line_edit.hasFocus():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.find_messages is not None:
            self.find_messages("", lambda _entries: None)  # nobody waits for an answer any more
        super().closeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.line_edit:
            if event.type() == QEvent.Type.Resize:
                self._place()
        elif isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _STAYS:
            self.close()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                row = max(0, min(self.results.count() - 1, self.results.currentRow() + step))
                self.results.setCurrentRow(row)
                return True
        return super().eventFilter(watched, event)

    def _gather(self) -> list[Entry]:
        """Everything; with thousands of contacts it takes some milliseconds."""
        self._load_names()
        if self._coming is None:
            self._coming = self._all()
        self._entries.extend(self._coming)
        self._gathering.stop()
        return self._entries

    def _gather_some(self) -> None:
        """A part of it, for what will be typed: names, then so many a turn."""
        if self._names is None:
            self._load_names()
            return
        if self._coming is None:
            self._coming = self._all()
        before = len(self._entries)
        self._entries.extend(islice(self._coming, _PORTION))
        if len(self._entries) == before:
            self._gathering.stop()

    def _all(self) -> Iterator[Entry]:
        yield from self._people()
        yield from map(self._action, self._actions)

    def _people(self) -> Iterator[Entry]:
        """Chats, unread ones first, else as the list has them; then the other contacts, then one's own notes.

        As much is looked up as is taken.
        """
        shown = set()
        for chat in self._chats:
            key = (chat.account_id, str(chat.jid))
            shown.add(key)
            marks = [unread_words(chat.unread)] if chat.unread else []
            marks += [self.tr("Archived")] if chat.archived else []
            yield self._entry(self._label(key), *key, marks)
        rest = ((key, label) for key, label in self._load_names().items() if key not in shown and key not in self._own)
        by_name = collator().sortKey
        for key, label in sorted(rest, key=lambda one: by_name(one[1])):
            yield self._entry(label, *key)
        for key in sorted(self._own - shown):
            yield self._entry(notes_words(), *key)

    def _label(self, key: Key) -> str:
        account_id, address = key
        if key in self._own:
            return notes_words()
        if self._names is not None:
            return self._names.get(key, address)
        contact = self._services.roster.find(account_id, JID.parse(address))
        return address if contact is None else contact.label

    def _load_names(self) -> dict[Key, str]:
        if self._names is None:
            self._names = self._services.roster.list_names()
        return self._names

    def _entry(self, label: str, account_id: AccountId, address: str, marks: Sequence[str] = ()) -> Entry:
        return Entry(label, " · ".join([*marks, address]), lambda: self._opener(account_id, JID.parse(address)))

    def _action(self, action: QAction) -> Entry:
        return Entry(action.text(), shown_keys(action.shortcut().toString()), action.trigger)

    def _typed_address(self, typed: str) -> list[Entry]:
        """The typed text as an address, once for each account, unless it is found already."""
        try:
            jid = JID.parse(typed.strip()).bare
        except InvalidJID:
            return []
        if not jid.local:
            return []
        accounts = self._services.accounts.list_accounts()
        if any(jid == account.jid for account in accounts):
            return []
        known = {entry.detail.rpartition(" ")[2] for entry in self._shown}
        if str(jid) in known:
            return []
        entries = []
        for account in accounts:
            detail = self.tr("New conversation")
            if len(accounts) > 1:
                detail += f" · {account.jid}"
            entries.append(Entry(str(jid), detail, partial(self._opener, account.id, jid)))
        return entries

    def _on_text_changed(self, typed: str) -> None:
        self._shown = find(self._gather() if typed.strip() else self._all(), typed)
        self._shown += self._typed_address(typed)
        self.results.clear()
        for entry in self._shown:
            self._add_item(entry)
        self.results.setCurrentRow(0)
        if self._shown:
            self._show_nothing()
        else:
            self._say_nothing.start()  # messages may still be found
        if self.find_messages is not None:
            self.find_messages(typed, self._add_messages)

    def _add_item(self, entry: Entry) -> None:
        item = QListWidgetItem(entry.text)
        item.setData(DETAIL_ROLE, entry.detail if entry.detail != entry.text else "")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, entry.text)
        item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, entry.detail)
        item.setSizeHint(QSize(100, self.fontMetrics().height() + _ROW_PADDING))
        self.results.addItem(item)

    def _add_messages(self, entries: list[Entry]) -> None:
        """Messages come a moment later, after everything else, so that nothing moves."""
        for entry in entries:
            self._shown.append(entry)
            self._add_item(entry)
        if self.results.currentRow() < 0:
            self.results.setCurrentRow(0)
        if self._shown:
            self._show_nothing()

    def _show_nothing(self) -> None:
        """Say whether nothing was found."""
        self.nothing.setVisible(not self._shown)
        self.results.setVisible(bool(self._shown))

    def _on_return(self) -> None:
        self._choose(self.results.currentRow())

    def _on_clicked(self, item: QListWidgetItem) -> None:
        self._choose(self.results.row(item))

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._shown):
            entry = self._shown[row]
            self.close()
            entry.run()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self.line_edit)
        layout.addWidget(self.results, 1)
        layout.addWidget(self.nothing, 1)
        self.nothing.hide()
        self._place()

    def _place(self) -> None:
        width = min(grown(_WIDTH), max(280, self._over.width() - 48))
        height = min(grown(_HEIGHT), max(200, self._over.height() - 120))
        self.setGeometry((self._over.width() - width) // 2, 72, width, height)

    def show_up(self) -> None:
        """Appear, ready to type; the keyboard goes back to where it was afterwards."""
        self._before = QApplication.focusWidget()
        self.show()
        self.raise_()
        self.line_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._gathering.start()
