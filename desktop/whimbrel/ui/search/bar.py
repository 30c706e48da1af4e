"""Ctrl+F: a line in a conversation that finds in it, with the number of places and the way between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from whimbrel.core.search import Search
from whimbrel.core.search_marks import find_marks
from whimbrel.core.search_meaning import Trouble
from whimbrel.core.services import Services
from whimbrel.model.errors import KnownError
from whimbrel.model.events import MessageChanged, MessageRemoved
from whimbrel.model.message import MessageId
from whimbrel.model.search import Hit, Hits
from whimbrel.ui.conversation.extension import Extension
from whimbrel.ui.search.asking import Asking
from whimbrel.ui.search.asking_dialogs import ask_delete, ask_export
from whimbrel.ui.search.field import SearchField
from whimbrel.ui.search.filter_words import FilterWords, make_language
from whimbrel.ui.search.suggestions import Suggestions
from whimbrel.ui.shortcuts import Keys, keys_of, shown_keys
from whimbrel.ui.theme.theme import SMALL
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.widgets.buttons import icon_button
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.widgets.margins import set_margins

if TYPE_CHECKING:
    from whimbrel.ui.conversation.pane import ConversationPane

_MOST = 1_000  # places that are counted


class SearchBar(QFrame):
    """The line itself: ``moved`` carries 1 for an older place, -1 for a newer one."""

    moved = Signal(int)
    closed = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "base")
        self._words = FilterWords(services)
        self.field = SearchField(Suggestions(services, places=False))
        self.field.setAccessibleName(self.tr("Search in this conversation"))
        self.field.setPlaceholderText(self.tr("Search in this conversation"))
        self.field.installEventFilter(self)
        self.count = Label(tone="second", name=self.tr("Matches"))
        self.count.setMinimumWidth(72)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.older = icon_button("arrow-up", self.tr("Previous match"), size=16)
        self.newer = icon_button("arrow-down", self.tr("Next match"), size=16)
        self.close_button = icon_button("close", self.tr("Close search"), size=16)
        self.older.clicked.connect(lambda: self.moved.emit(1))
        self.newer.clicked.connect(lambda: self.moved.emit(-1))
        self.close_button.clicked.connect(self.closed)
        self.trouble = Label(size=SMALL, tone="error", wrap=True, name=self.tr("Trouble with a filter"))
        self.trouble.hide()
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.field, 1)
        for widget in (self.count, self.older, self.newer, self.close_button):
            line.addWidget(widget)
        layout = QVBoxLayout(self)
        set_margins(layout, 16, 8, 8, 8)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.trouble)
        self.hide()

    def show_troubles(self, troubles: Sequence[Trouble]) -> None:
        """Say in a line what is wrong with filters."""
        words = "\n".join(dict.fromkeys(map(self._words.explain, troubles)))
        if words and words != self.trouble.text():
            announce(self.trouble, words)
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))

    def show_place(self, at: int, count: int, *, more: bool) -> None:
        """Show at which of so many places the view is, from 0; and whether there are more than are counted."""
        total = self.tr("more than %1") if more else "%1"
        number = QLocale().toString
        words = self.tr("%1 of %2").replace("%1", number(at + 1)).replace("%2", total.replace("%1", number(count)))
        self._show(words if count else self.tr("Not found"), at < count - 1, at > 0)

    def show_nothing(self) -> None:
        """Nothing is searched for."""
        self._show("", older=False, newer=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes to the place before, with Shift to the one after, as the arrows do; not in the popup."""
        if self.field.popup.isVisible():
            return super().eventFilter(watched, event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter or event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.moved.emit(-1 if event.key() == Qt.Key.Key_Down or (enter and shifted) else 1)
                return True
        return super().eventFilter(watched, event)

    def _show(self, words: str, older: bool, newer: bool) -> None:
        self.count.setText(words)
        self.older.setEnabled(older)
        self.newer.setEnabled(newer)
        if words:
            announce(self.count, words)


class SearchHere(Extension):
    """Puts the line beneath the head of a conversation, when it is asked for."""

    def __init__(self, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._bar: SearchBar | None = None
        self._asking: Asking | None = None
        self._hits: tuple[Hit, ...] = ()
        self._more = False
        self._at = 0
        Keys("find", pane, self.open)
        pane.header.search_requested.connect(self.open)
        menu, first = pane.header.menu, pane.header.menu.actions()[0]
        # The key is only shown: as the action's own it would be ambiguous beside the pane's.
        search = QAction(self._search_words(), menu)
        menu.aboutToShow.connect(lambda: search.setText(self._search_words()))
        search.triggered.connect(lambda _checked=False: self.open())
        export = QAction(self.tr("Export conversation…"), menu)
        export.triggered.connect(lambda _checked=False: ask_export(pane.services, pane.conversation, pane.window()))
        delete = QAction(self.tr("Delete conversation…"), menu)
        delete.triggered.connect(lambda _checked=False: ask_delete(pane.services, pane.conversation, pane.window()))
        menu.insertActions(first, [search, export, delete])
        menu.insertSeparator(first)

    def _search_words(self) -> str:
        words = self.tr("Search in this conversation")
        return f"{words}\t{shown_keys(keys_of('find').toString())}"

    @property
    def bar(self) -> SearchBar | None:
        """The line, once it was asked for."""
        return self._bar

    def open(self, text: str = "") -> None:
        """Show the line, ready to type."""
        bar = self._bar if self._bar is not None else self._make()
        if text:
            bar.field.setText(text)
        elif bar.isHidden() and bar.field.text() and self._asking is not None:
            self._asking.ask(bar.field.text(), self.pane.conversation.id)
        bar.show()
        bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        bar.field.selectAll()

    def needs_escape(self) -> bool:
        return self._bar is not None and self._bar.isVisible()

    def leave(self) -> None:
        if self._bar is not None and self._asking is not None:
            self._asking.give_up()
            self._bar.hide()
            self.pane.view.spotlight.clear()  # what was searched for is not marked any more
            self.pane.take_focus()

    def _make(self) -> SearchBar:
        services = self.pane.services
        bar = SearchBar(services)
        self._bar = bar
        search = services.offer(Search)
        search.start()
        self._asking = Asking(search, self, self._on_found, self._on_failed, _MOST, language=make_language(services))
        layout = self.pane.layout()
        if isinstance(layout, QBoxLayout):
            layout.insertWidget(1, bar)  # beneath the head
        bar.field.textChanged.connect(self._on_text_changed)
        bar.moved.connect(self._move)
        bar.closed.connect(self.leave)
        bar.show_nothing()
        self.pane.bridge.message_removed.connect(self._on_message_removed)
        self.pane.bridge.message_changed.connect(self._on_message_changed)
        return bar

    def _on_text_changed(self, text: str) -> None:
        if self._asking is not None:
            self._asking.ask(text, self.pane.conversation.id)

    def _on_found(self, hits: Hits) -> None:
        self._hits, self._more, self._at = hits.hits, hits.more, 0
        if self._bar is not None and self._asking is not None:
            self._bar.show_troubles(self._asking.troubles)
        if self._bar is not None and not self._bar.field.text().strip():
            self._bar.show_nothing()
            return
        self._show()

    def _on_failed(self, error: KnownError) -> None:
        self._hits, self._more, self._at = (), False, 0  # what another question found
        if self._bar is not None:
            self._bar.show_nothing()
        self.pane.error_box.show_error(error)

    def _move(self, step: int) -> None:
        if self._asking is not None and self._asking.is_waiting:
            self._asking.ask_now()
        elif 0 <= self._at + step < len(self._hits):
            self._at += step
            self._show()

    def _show(self) -> None:
        if self._bar is None:
            return
        self._bar.show_place(self._at, len(self._hits), more=self._more)
        if self._hits and self._asking is not None:
            message = self._hits[self._at].message
            spans = find_marks(message.body, self._asking.query.terms)
            self.pane.show_message(message.id, mark=message.body[slice(*spans[0])] if spans else "")

    def _on_message_removed(self, event: MessageRemoved) -> None:
        self._forget(event.message.id)

    def _on_message_changed(self, event: MessageChanged) -> None:
        """What is retracted, or says something else now, is no place any more; the view stays where it is."""
        message = event.message
        if self._asking is None or message.id not in {hit.message.id for hit in self._hits}:
            return
        self._hits = tuple(replace(hit, message=message) if hit.message.id == message.id else hit for hit in self._hits)
        terms, files = self._asking.query.terms, any(h.files for h in self._hits if h.message.id == message.id)
        if message.retracted or (terms and not files and not find_marks(message.body, terms)):
            self._forget(message.id)

    def _forget(self, message_id: MessageId) -> None:
        """A message is gone: it is no place any more."""
        before = sum(hit.message.id == message_id for hit in self._hits[: self._at])
        left = tuple(hit for hit in self._hits if hit.message.id != message_id)
        if len(left) != len(self._hits) and self._bar is not None:
            self._hits, self._at = left, max(0, min(self._at - before, len(left) - 1))
            self._bar.show_place(self._at, len(left), more=self._more)
