"""*XML console*: what an account's stream says and hears, live, and a place to say something by hand."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QListView, QSplitter, QVBoxLayout, QWidget

from whimbrel.core.offers.stanzas import SeenXml, StanzaFault, Stanzas
from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.errors import KnownError
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.console.model import IQ, MESSAGE, MOST_KEPT, OTHER, PRESENCE, StanzaModel
from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.flow_row import FlowRow
from whimbrel.ui.widgets.plain_text import PlainText
from whimbrel.ui.widgets.search_field import SearchField

_PACE = 100  # milliseconds between two looks at what came
_AT_ONCE = 100  # of what came: the rest with the next look
_MOST_COPIED = 500  # stanzas at once


_EXAMPLE = "<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>"


@dataclass(frozen=True, slots=True)
class ConsoleState:
    """What a console showed, for one that takes its place."""

    account_id: AccountId | None
    model: StanzaModel
    came: tuple[SeenXml, ...]
    kind: str
    query: str
    is_paused: bool


def show_console(services: Services, window: QWidget) -> ConsoleWindow:
    """Bring the console of a main window to the front; made where there is none."""
    console = window.findChild(ConsoleWindow) or ConsoleWindow(services, window)
    console.show()
    console.raise_()
    console.activateWindow()
    return console


class ConsoleWindow(QWidget):
    """A window of its own. It watches while it is open, and only then."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "base")
        self.setWindowTitle(self.tr("XML console"))
        self.setAccessibleName(self.tr("XML console"))
        self._services = services
        self._stanzas = services.offer(Stanzas)
        self._stop: Callable[[], None] | None = None
        self._bridge = Bridge(services.bus, self)
        self._bridge.account_added.connect(self._on_accounts)
        self._bridge.account_removed.connect(self._on_accounts)
        self._came: deque[SeenXml] = deque(maxlen=MOST_KEPT)
        self._timer = QTimer(self, singleShot=True, interval=_PACE)
        self._timer.timeout.connect(self._take)
        self.model = StanzaModel()
        self.account = QComboBox()
        self.kind = QComboBox()
        self.search = SearchField("Ctrl+F")
        self.pause = secondary_button(self.tr("Pause"))
        self.pause.setCheckable(True)
        self.clear = secondary_button(self.tr("Clear"))
        self.copy = secondary_button(self.tr("Copy"))
        self.list = QListView()
        self.details = PlainText(self.tr("Stanza"), lines=1)
        self.details.setReadOnly(True)
        self.input = PlainText(self.tr("Stanza to send"), lines=2, grows=False)
        self.input.setPlaceholderText(_EXAMPLE)
        self.send = primary_button(self.tr("Send"))
        self.error = ErrorBox()
        self._fill()
        self._lay_out()
        self._connect()
        self.resize(820, 700)
        self._watch()
        self.list.setFocus()

    def state(self) -> ConsoleState:
        """What it shows."""
        kind, query, is_paused = str(self.kind.currentData()), self.search.text(), self.pause.isChecked()
        return ConsoleState(self._account_id, self.model, tuple(self._came), kind, query, is_paused)

    def restore(self, state: ConsoleState) -> None:
        """Go on where another one was."""
        self.account.setCurrentIndex(max(0, self.account.findData(state.account_id)))
        self.kind.setCurrentIndex(self.kind.findData(state.kind))
        self.search.setText(state.query)
        self.pause.setChecked(state.is_paused)
        if self._account_id == state.account_id:
            self.model.take_over(state.model)
            self._came.extend(state.came)
            self._timer.start()
            self.list.scrollToBottom()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end()
        self._bridge.close()
        super().closeEvent(event)

    def _fill(self) -> None:
        self.account.setAccessibleName(self.tr("Account"))
        self._list_accounts()
        self.kind.setAccessibleName(self.tr("Kind"))
        for words, kind in (
            (self.tr("Everything"), ""),
            (self.tr("Messages"), MESSAGE),
            (self.tr("Presence"), PRESENCE),
            (self.tr("Questions (iq)"), IQ),
            (self.tr("Other"), OTHER),
        ):
            self.kind.addItem(words, kind)
        self.search.setAccessibleName(self.tr("Filter"))
        self.search.setPlaceholderText(self.tr("Filter"))
        self.list.setModel(self.model)
        self.list.setProperty("kind", "lines")
        self.list.setAccessibleName(self.tr("Stanzas"))
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # XML is
        for field in (self.details, self.input):
            field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.list.setFont(self.details.document().defaultFont())

    def _lay_out(self) -> None:
        tools = QWidget()
        flow = FlowRow(tools)
        flow.setSpacing(4)
        for widget in (self.account, self.kind, self.pause, self.clear, self.copy):
            flow.addWidget(widget)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.details, 1)
        column.addWidget(Field(self.tr("Stanza to send"), self.input))
        column.addWidget(self.error)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.send)
        column.addLayout(row)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(below)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(tools)
        layout.addWidget(split, 1)

    def _connect(self) -> None:
        self.account.currentIndexChanged.connect(self._on_account)
        self.kind.currentIndexChanged.connect(self._on_filter)
        self.search.textChanged.connect(self._on_filter)
        self.pause.toggled.connect(self._on_paused)
        self.clear.clicked.connect(self._on_clear)
        self.copy.clicked.connect(self._on_copy)
        self.send.clicked.connect(self._on_send)
        self.list.selectionModel().selectionChanged.connect(self._show_details)
        self.model.modelReset.connect(self._show_details)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.search.setFocus)
        QShortcut(QKeySequence("Ctrl+Return"), self.input, self._on_send, context=Qt.ShortcutContext.WidgetShortcut)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.close)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.list, self._on_copy)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)

    # accounts

    def _list_accounts(self) -> None:
        for account in self._services.accounts.list_accounts():
            self.account.addItem(str(account.jid), account.id)
        self.account.setVisible(self.account.count() > 1)

    def _on_accounts(self) -> None:
        """Another account came, or one went: what is watched stays, where it is there."""
        watched = self._account_id
        with QSignalBlocker(self.account):
            self.account.clear()
            self._list_accounts()
            self.account.setCurrentIndex(max(0, self.account.findData(watched)))
        if self._account_id != watched:
            self._on_account()

    # watching

    @property
    def _account_id(self) -> AccountId | None:
        chosen = self.account.currentData()
        return AccountId(chosen) if isinstance(chosen, int) else None

    def _watch(self) -> None:
        if self._account_id is not None:
            self._stop = self._stanzas.watch(self._account_id, self._on_seen)

    def _end(self) -> None:
        if self._stop is not None:
            self._stop()
            self._stop = None

    def _on_account(self) -> None:
        self._end()
        self._on_clear()
        self._watch()

    def _on_seen(self, seen: SeenXml) -> None:
        self._came.append(seen)
        if not self._timer.isActive() and not self.pause.isChecked():
            self._timer.start()

    def _take(self) -> None:
        """Show what came since the last look; stay at the end where that shows."""
        bar = self.list.verticalScrollBar()
        is_at_end = bar.value() >= bar.maximum()
        self.model.add([self._came.popleft() for _ in range(min(_AT_ONCE, len(self._came)))])
        if self._came and not self.pause.isChecked():
            self._timer.start()
        if is_at_end:
            self.list.scrollToBottom()

    # what the person does

    def _on_filter(self) -> None:
        self.model.set_filter(str(self.kind.currentData()), self.search.text())
        self.list.scrollToBottom()

    def _on_paused(self, paused: bool) -> None:
        if not paused:
            self._take()

    def _on_clear(self) -> None:
        self._came.clear()
        self.model.clear()

    def _selected(self) -> list[QModelIndex]:
        return sorted(self.list.selectionModel().selectedIndexes(), key=QModelIndex.row)

    def _show_details(self) -> None:
        texts = [self.model.row(index.row()).pretty() for index in self._selected()[:20]]
        self.details.setPlainText("\n\n".join(texts))

    def _on_copy(self) -> None:
        """Copy what is selected; all that shows where nothing is."""
        numbers = [index.row() for index in self._selected()] or range(self.model.rowCount())
        texts = [self.model.row(number).text for number in list(numbers)[-_MOST_COPIED:]]
        QGuiApplication.clipboard().setText("\n".join(texts))

    def _on_send(self) -> None:
        text = self.input.toPlainText()
        fault = self._stanzas.check(text)
        if fault is not None:
            self.error.show_text(self._words(fault))
            return
        if self._account_id is None:
            return
        try:
            self._stanzas.send(self._account_id, text)
        except KnownError as error:
            self.error.show_error(error)
            return
        self.error.clear()
        self.input.clear()
        self.list.selectionModel().clear()
        self.list.selectionModel().setCurrentIndex(QModelIndex(), QItemSelectionModel.SelectionFlag.NoUpdate)

    def _words(self, fault: StanzaFault) -> str:
        return {
            StanzaFault.EMPTY: self.tr("Write a stanza first."),
            StanzaFault.TOO_LONG: self.tr("This is too long for a stanza."),
            StanzaFault.NOT_WELL_FORMED: self.tr("This is not well-formed XML. Look for a tag that is not closed."),
            StanzaFault.NOT_ONE: self.tr("Write one stanza, and nothing beside it."),
            StanzaFault.NO_STANZA: self.tr("A stanza is a message, a presence or an iq."),
            StanzaFault.NO_TYPE: self.tr("An iq needs a type: get, set, result or error."),
            StanzaFault.NO_PAYLOAD: self.tr("An iq that asks for something has exactly one element inside."),
        }[fault]
