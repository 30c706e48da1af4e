"""The left pane: own header, search, the tabs *Chats* and *Contacts*, requests."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu, QStackedWidget, QVBoxLayout, QWidget

from whimbrel.core.services import Services
from whimbrel.model.contact import Contact
from whimbrel.model.conversation import Conversation
from whimbrel.platform.settings import Settings
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.chats.list import ChatsList
from whimbrel.ui.contacts.requests_bar import RequestsBar
from whimbrel.ui.contacts.tree import ContactsTree
from whimbrel.ui.shortcuts import KeysShown
from whimbrel.ui.status.header import OwnHeader
from whimbrel.ui.theme.theme import grown
from whimbrel.ui.widgets.search_field import SearchField
from whimbrel.ui.widgets.tabs import Tabs
from whimbrel.ui.words import unread_words

CHATS, CONTACTS = 0, 1
_MIN_WIDTH = 240
_MARGIN = 12


class LeftPane(QWidget):
    """Asks for conversations by ``conversation_requested`` and ``window_requested`` (account id, address)."""

    conversation_requested = Signal(object, object)
    window_requested = Signal(object, object)
    add_contact_requested = Signal()

    def __init__(
        self, services: Services, bridge: Bridge, settings: Settings, add_menu: QMenu, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setProperty("surface", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.header = OwnHeader(services, bridge, add_menu)
        self.search = SearchField("")
        KeysShown("palette", self, self.search.set_hint)
        self.tabs = Tabs([self.tr("Chats"), self.tr("Contacts")])
        self.tabs.setAccessibleName(self.tr("Lists"))
        self.requests = RequestsBar(services, bridge)
        self.chats = ChatsList(services, bridge)
        self.contacts = ContactsTree(services, bridge, settings)
        self.lists = QStackedWidget()
        self.lists.addWidget(self.chats)
        self.lists.addWidget(self.contacts)
        self._lay_out()
        self._connect()
        self.tabs.setCurrentIndex(settings.last_tab)
        self._on_unread_changed(self.chats.chats.unread)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the tabs and for some of a name, also in large text."""
        hint = super().minimumSizeHint()
        return QSize(max(grown(_MIN_WIDTH), self.tabs.minimumSizeHint().width() + 2 * _MARGIN), hint.height())

    @property
    def current_list(self) -> ChatsList | ContactsTree:
        """The list that shows."""
        return self.contacts if self.lists.currentIndex() == CONTACTS else self.chats

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(_MARGIN, 8, _MARGIN, 0)
        top.setSpacing(4)
        top.addWidget(self.search)
        top.addSpacing(4)
        top.addWidget(self.tabs)
        line = QFrame()
        line.setProperty("surface", "line")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addLayout(top)
        layout.addWidget(line)
        layout.addSpacing(6)
        layout.addWidget(self.requests)
        layout.addSpacing(4)
        layout.addWidget(self.lists, 1)

    def _connect(self) -> None:
        self.search.textChanged.connect(self.chats.set_filter)
        self.search.textChanged.connect(self.contacts.set_filter)
        self.search.list_requested.connect(self._on_list_requested)
        self.search.returnPressed.connect(self._on_search_entered)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.chats.conversation_requested.connect(self._on_chat_requested)
        self.chats.window_requested.connect(self._on_chat_window_requested)
        self.contacts.conversation_requested.connect(self._on_contact_requested)
        self.contacts.window_requested.connect(self._on_contact_window_requested)
        self.contacts.add_requested.connect(self.add_contact_requested)
        self.chats.chats.unread_changed.connect(self._on_unread_changed)

    def _on_tab_changed(self, index: int) -> None:
        self.lists.setCurrentIndex(index)
        self._settings.last_tab = index

    def _on_unread_changed(self, unread: int) -> None:
        self.tabs.set_count(CHATS, unread, unread_words(unread))

    def _on_list_requested(self) -> None:
        """Lead into the list, to its first row where none is chosen."""
        view = self.current_list
        view.setFocus(Qt.FocusReason.TabFocusReason)
        if not view.currentIndex().isValid() and view.model().rowCount():
            view.setCurrentIndex(view.model().index(0, 0))

    def _on_search_entered(self) -> None:
        if not self.search.text().strip():
            return
        opened = self.chats.open_first() if self.current_list is self.chats else self.contacts.open_current()
        if opened:
            self.search.clear()

    def _on_chat_requested(self, conversation: Conversation) -> None:
        self.conversation_requested.emit(conversation.account_id, conversation.jid)

    def _on_chat_window_requested(self, conversation: Conversation) -> None:
        self.window_requested.emit(conversation.account_id, conversation.jid)

    def _on_contact_requested(self, contact: Contact) -> None:
        self.conversation_requested.emit(contact.account_id, contact.jid)

    def _on_contact_window_requested(self, contact: Contact) -> None:
        self.window_requested.emit(contact.account_id, contact.jid)
