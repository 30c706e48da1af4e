"""Search everywhere: what is typed, filters as chips, and what is found, the newest first."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QVBoxLayout, QWidget

from whimbrel.core.search import Search
from whimbrel.core.search_words import Filter, take_apart
from whimbrel.core.services import Services
from whimbrel.model.errors import KnownError
from whimbrel.model.events import MessageChanged, MessageRemoved
from whimbrel.model.search import Hits, Place
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.search.asking import Asking
from whimbrel.ui.search.chips import Chips
from whimbrel.ui.search.field import SearchField
from whimbrel.ui.search.filter_words import FilterWords, make_language
from whimbrel.ui.search.naming import Naming
from whimbrel.ui.search.results import Result, ResultRole, ResultsDelegate, ResultsModel
from whimbrel.ui.search.suggestions import Suggestions
from whimbrel.ui.theme.theme import SMALL, theme
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.widgets.buttons import icon_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.widgets.margins import set_margins

_PAGE = 50


class SearchPage(QWidget):
    """``result_chosen`` carries a :class:`Result`; ``closed``: back to the lists."""

    result_chosen = Signal(object)
    closed = Signal()

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Search everywhere"))
        self._search = services.offer(Search)
        self._naming = Naming(services)
        self._end: Place | None = None
        self._wrong: frozenset[Filter] = frozenset()
        words = FilterWords(services)
        self._words = words
        self.field = SearchField(Suggestions(services))
        self.field.setAccessibleName(self.tr("Search all messages"))
        self.field.setPlaceholderText(self.tr("Search all messages"))
        self.field.setClearButtonEnabled(True)
        self.close_button = icon_button("close", self.tr("Close search"), size=16)
        self.chips = Chips(words)
        self.trouble = Label(size=SMALL, tone="error", wrap=True, name=self.tr("Trouble with a filter"))
        self.trouble.hide()
        self.status = Label(size=SMALL, tone="second", wrap=True)
        self.error = ErrorBox()
        self.model = ResultsModel(self)
        self.model.want_more = self._ask_older
        self.list = self._make_list()
        self._asking = Asking(
            self._search, self, self._on_found, self._on_failed, _PAGE, language=make_language(services)
        )
        self._lay_out()
        self._connect(bridge)
        self._say_hint()

    def open(self, text: str = "") -> None:
        """Come up, ready to type; what was searched for before is still there, to be typed over."""
        if text:
            self.field.setText(text)
        self._search.start()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def leave(self) -> None:
        """Nobody looks any more."""
        self._asking.give_up()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows lead from the field into the list, and back from its first row; Enter opens there."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            row = self.list.currentIndex().row()
            if watched is self.field and event.key() == Qt.Key.Key_Down and self.model.rowCount():
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
                self.list.setCurrentIndex(self.model.index(max(row, 0), 0))
                return True
            if watched is self.list and event.key() == Qt.Key.Key_Up and row <= 0:
                self.field.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if watched is self.list and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _make_list(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        delegate = ResultsDelegate(view)
        view.setItemDelegate(delegate)
        view.setProperty("kind", "found")
        view.setAccessibleName(self.tr("Messages found"))
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.clicked.connect(self._choose)
        view.installEventFilter(self)

        def measure() -> None:
            delegate.measure()
            view.scheduleDelayedItemsLayout()
            view.viewport().update()

        theme().changed.connect(measure)
        view.destroyed.connect(lambda: theme().changed.disconnect(measure))
        return view

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.field, 1)
        head.addWidget(self.close_button)
        top = QVBoxLayout()
        set_margins(top, 12, 12, 8, 8)
        top.setSpacing(8)
        top.addLayout(head)
        top.addWidget(self.chips)
        top.addWidget(self.trouble)
        top.addWidget(self.status)
        top.addWidget(self.error)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)

    def _connect(self, bridge: Bridge) -> None:
        self.field.textChanged.connect(self._on_text_changed)
        self.field.returnPressed.connect(self._on_return)
        self.field.installEventFilter(self)
        self.close_button.clicked.connect(self.leave)
        self.chips.added.connect(self._add_filter)
        self.chips.removed.connect(self._remove_filter)
        bridge.message_removed.connect(self._on_message_removed)
        bridge.message_changed.connect(self._on_message_changed)

    def _on_text_changed(self, text: str) -> None:
        self._wrong &= set(take_apart(text).filters)
        self.chips.show_filters(take_apart(text).filters, self._wrong)
        self._asking.ask(text)

    def _on_found(self, hits: Hits) -> None:
        self.error.clear()
        self._show_troubles()
        self._end = hits.end
        results = self._naming.results(hits.hits, self._asking.query.terms)
        self.model.show(results, more=hits.more)
        self.list.scrollToTop()
        query = self._asking.query
        if query.is_empty and query.conversations is None and not self._asking.troubles:
            self._say_hint()
            return
        if not results:
            words = self.tr("Nothing found")
        elif hits.more:
            words = self.tr("More than %Ln messages, the newest first", "", len(results))
        else:
            words = self.tr("1 message") if len(results) == 1 else self.tr("%Ln messages", "", len(results))
        if not self._search.is_complete():
            words += "\n" + self.tr("Older messages are still being prepared for searching.")
        self.status.setText(words)
        announce(self.status, words)

    def _on_failed(self, error: KnownError) -> None:
        self.model.show([], more=False)  # what another question found
        self.status.setText("")
        self.error.show_error(error)

    def _ask_older(self) -> None:
        if self._end is not None:
            self._asking.ask_older(self._end, self._on_found_older)

    def _on_found_older(self, hits: Hits) -> None:
        self._end = hits.end
        self.model.append(self._naming.results(hits.hits, self._asking.query.terms), more=hits.more)

    def _say_hint(self) -> None:
        self.status.setText(self.tr("Words, their beginnings, or “a phrase” in quotes. Filters narrow it down."))

    def _on_return(self) -> None:
        """Open the first result; or search at once."""
        if self._asking.is_waiting:
            self._asking.ask_now()
        elif self.model.rowCount():
            index = self.list.currentIndex()
            self._choose(index if index.isValid() else self.model.index(0, 0))

    def _choose(self, index: QModelIndex) -> None:
        result = index.data(ResultRole.RESULT) if index.isValid() else None
        if isinstance(result, Result):
            self.list.setCurrentIndex(index)
            self.result_chosen.emit(result)

    def _show_troubles(self) -> None:
        """Say in a line what is wrong with filters."""
        troubles = self._asking.troubles
        self._wrong = frozenset(one.filter for one in troubles)
        self.chips.show_filters(take_apart(self.field.text()).filters, self._wrong)
        words = "\n".join(dict.fromkeys(map(self._words.explain, troubles)))
        if words and words != self.trouble.text():
            announce(self.trouble, words)
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))

    def _add_filter(self, typed: str) -> None:
        text = self.field.text().rstrip()
        space = "" if typed.endswith(":") else " "
        self.field.setText(f"{text} {typed}{space}".lstrip())
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.end(False)
        self.field.suggest()

    def _remove_filter(self, one: Filter) -> None:
        self.field.remove(one)
        if not self.chips.isAncestorOf(self.focusWidget() or self.field):
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_message_removed(self, event: MessageRemoved) -> None:
        self.model.remove(event.message.id)

    def _on_message_changed(self, event: MessageChanged) -> None:
        shown = next((one for one in self.model.results() if one.hit.message.id == event.message.id), None)
        if event.message.retracted:
            self.model.remove(event.message.id)
        elif shown is not None and shown.hit.message.body != event.message.body:  # it may not be one any more
            self._asking.ask(self.field.text())
