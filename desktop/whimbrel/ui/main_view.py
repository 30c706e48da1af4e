"""What the window holds once there is an account: lists at the left, conversations at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.events import AccountRemoved, ConversationRemoved
from whimbrel.model.jid import JID
from whimbrel.platform.settings import Settings
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.chats.menu import Line
from whimbrel.ui.conversation.composer import Composer
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.conversation.window import ConversationWindow
from whimbrel.ui.conversation_area import ConversationArea
from whimbrel.ui.left_pane import LeftPane
from whimbrel.ui.regions import focus_next
from whimbrel.ui.search.page import SearchPage
from whimbrel.ui.search.results import Result
from whimbrel.ui.split_view import SplitView
from whimbrel.ui.widgets.notice_bar import NoticeBar

_SPLIT_RESTS = 3_000  # milliseconds after which the line between the panes is taken to rest


class MainView(QWidget):
    """Opens conversations, here or in windows of their own, and moves between them and between regions."""

    add_contact_requested = Signal(str)  # an address to begin with, or ""
    details_requested = Signal(object)  # Contact
    link_activated = Signal(str, object)  # an xmpp: link, whose chat it stands in (AccountId)
    window_opened = Signal(object)  # ConversationWindow, before it shows
    window_closed = Signal(object)  # Conversation

    def __init__(
        self, services: Services, bridge: Bridge, settings: Settings, add_menu: QMenu, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._windows: dict[ConversationId, ConversationWindow] = {}
        self.left = LeftPane(services, bridge, settings, add_menu)
        self.area = ConversationArea(self._make_pane)
        self.side = QStackedWidget()
        self.side.addWidget(self.left)
        self.search: SearchPage | None = None
        self.split = SplitView(self.side, self.area)
        self.split.restore(settings.splitter)
        self._split_timer = QTimer(self, singleShot=True, interval=_SPLIT_RESTS)
        self._split_timer.timeout.connect(lambda: setattr(settings, "splitter", self.split.save()))
        self.split.splitter.splitterMoved.connect(lambda _x, _index: self._split_timer.start())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.split)
        self.left.conversation_requested.connect(self.open)
        self.left.window_requested.connect(self.open_window)
        self.left.chats.put_away_requested.connect(self._on_put_away)
        self.left.add_contact_requested.connect(lambda: self.add_contact_requested.emit(""))
        self.area.current_changed.connect(self._on_current_changed)
        self.left.chats.model().rowsInserted.connect(self._mark_current)
        self.area.back_requested.connect(self.back)
        self.split.narrow_changed.connect(self.area.set_back_visible)
        bridge.account_removed.connect(self._on_account_removed)
        bridge.conversation_removed.connect(self._on_conversation_removed)

    def open(self, account_id: AccountId, jid: JID) -> None:
        """Show the conversation with an address; it starts where there is none."""
        self.show_conversation(self._services.conversations.open(account_id, jid))

    def show_conversation(self, conversation: Conversation) -> None:
        """Show a conversation: its window where it has one, else here."""
        window = self._windows.get(conversation.id)
        if window is not None:
            window.show()
            window.raise_()
            window.activateWindow()
            window.pane.take_focus()
            return
        self.area.open(conversation)
        self.split.show_right()

    def search_everywhere(self) -> None:
        """Search all messages, in the place of the lists."""
        if self.search is None:
            self.search = SearchPage(self._services, self._bridge)
            self.search.result_chosen.connect(self.show_result)
            self.search.closed.connect(self._on_search_closed)
            self.side.addWidget(self.search)
        self.side.setCurrentWidget(self.search)
        self.split.show_left()
        self.search.open()

    def show_result(self, result: Result) -> None:
        """Show a message that was found, in its conversation, with what was searched for marked."""
        message = result.hit.message
        conversation = self._services.conversations.find(message.conversation_id)
        if conversation is not None:
            self.show_conversation(conversation)
            pane = self.pane_of(conversation.id)
            if pane is not None:
                pane.show_message(message.id, mark=result.matched)

    def pane_of(self, conversation_id: ConversationId) -> ConversationPane | None:
        """The pane of a conversation that shows, here or in its window."""
        if (window := self._windows.get(conversation_id)) is not None:
            return window.pane
        current = self.area.current
        return self.area.current_pane if current is not None and current.id == conversation_id else None

    @property
    def windows(self) -> list[ConversationWindow]:
        """Those of conversations of their own."""
        return list(self._windows.values())

    def open_window(self, account_id: AccountId, jid: JID, *, quietly: bool = False) -> None:
        """Show the conversation with an address in a window of its own; ``quietly``: the focus stays where it is."""
        conversation = self._services.conversations.open(account_id, jid)
        current = self.area.current
        if current is not None and current.id == conversation.id:
            self.close_conversation()
        self.area.close_conversation(conversation.id)  # what is begun in it is shown once
        if conversation.id not in self._windows:
            window = ConversationWindow(self._services, self._bridge, conversation)
            self._windows[conversation.id] = window
            self._connect_pane(window.pane)
            window.closed.connect(self._on_window_closed)
            window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, quietly)
            self.window_opened.emit(window)
        if quietly:
            self._windows[conversation.id].show()
        else:
            self.show_conversation(conversation)

    def open_current_window(self) -> None:
        """Move the conversation that shows to a window of its own."""
        if self.area.current is not None:
            self.open_window(self.area.current.account_id, self.area.current.jid)

    def close_conversation(self) -> None:
        """Put the conversation away that shows."""
        self.area.close_current()
        self.back()

    def composers(self) -> list[Composer]:
        """Where something may be typed."""
        return [composer for one in (self, *self.windows) for composer in one.findChildren(Composer)]

    def close_conversations(self) -> None:
        """Close every conversation for good: none must read from a history that is closed then."""
        self.area.close_all()
        for window in list(self._windows.values()):
            window.close()

    def back(self) -> None:
        """Return to the lists."""
        self.split.show_left()
        if self.search is not None and self.side.currentWidget() is self.search:
            self.search.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.left.current_list.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, where nothing else takes it, returns from a message that was found to the others."""
        found = self.search is not None and self.side.currentWidget() is self.search
        if event.key() == Qt.Key.Key_Escape and found:
            self.back()
        else:
            super().keyPressEvent(event)

    def go(self, step: int, unread_only: bool = False) -> None:
        """Go to the next (1) or previous (-1) chat in the list's order, round its ends."""
        shown = self.left.chats.shown()
        current = self.area.current
        ids = [conversation.id for conversation in shown]
        at = ids.index(current.id) if current is not None and current.id in ids else -1 if step > 0 else 0
        for offset in range(1, len(shown) + 1):
            candidate = shown[(at + step * offset) % len(shown)]
            if candidate.unread or candidate.marked_unread or not unread_only:
                self.show_conversation(candidate)
                return

    def go_to(self, number: int) -> None:
        """Go to the n-th chat, from 1."""
        shown = self.left.chats.shown()
        if number <= len(shown):
            self.show_conversation(shown[number - 1])

    def act_on_chat(self, line: Line) -> None:
        """Pin, mark, mute or put away the chat that the keyboard is at in the list, else the one that shows."""
        shown = self.left.chats.focused or self.area.current
        chat = None if shown is None else self._services.conversations.find(shown.id)
        if chat is not None:
            self.left.chats.act(line, chat)

    def focus_region(self, step: int) -> None:
        """Move the focus to the next (1) or previous (-1) region, in the order of :meth:`_regions`."""
        focus_next(self._regions(), step)

    def _regions(self) -> list[QWidget]:
        """Search, list, messages, message, the conversation's header, one's own, requests, notices."""
        regions: list[QWidget] = [self.left.search, self.left.current_list]
        if self.search is not None:
            regions += [self.search.field, self.search.list]
        pane = self.area.current_pane
        if pane is not None:
            regions += pane.regions
        return [*regions, self.left.header, self.left.requests, *self.window().findChildren(NoticeBar)]

    def _make_pane(self, conversation: Conversation) -> ConversationPane:
        pane = ConversationPane(self._services, self._bridge, conversation)
        pane.window_requested.connect(lambda c: self.open_window(c.account_id, c.jid))
        pane.close_requested.connect(self.close_conversation)
        self._connect_pane(pane)
        return pane

    def _connect_pane(self, pane: ConversationPane) -> None:
        pane.add_contact_requested.connect(lambda jid: self.add_contact_requested.emit(str(jid)))
        account_id = pane.conversation.account_id
        pane.xmpp_link_activated.connect(lambda url: self.link_activated.emit(url, account_id))
        pane.details_requested.connect(self._on_details_requested)

    def _on_details_requested(self, conversation: Conversation) -> None:
        contact = self._services.roster.find(conversation.account_id, conversation.jid)
        if contact is not None:
            self.details_requested.emit(contact)

    def _on_current_changed(self, conversation_id: ConversationId | None) -> None:
        self.left.chats.select(conversation_id)
        if (current := self.area.current) is not None:
            self.left.contacts.mark(current.account_id, current.jid)

    def _mark_current(self) -> None:
        """A conversation that is new comes to the list after it was opened."""
        current = self.area.current
        if current is not None:
            self.left.chats.select(current.id)

    def _on_search_closed(self) -> None:
        self.side.setCurrentWidget(self.left)
        self.left.current_list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_put_away(self, conversation: Conversation) -> None:
        """It is to be come back to, or not to be seen: so it is not in sight now."""
        if self.area.current is not None and self.area.current.id == conversation.id:
            self.close_conversation()

    def _on_conversation_removed(self, event: ConversationRemoved) -> None:
        if (window := self._windows.get(event.conversation.id)) is not None:
            window.close()
        self.area.close_conversation(event.conversation.id)

    def _on_window_closed(self, conversation: Conversation) -> None:
        self._windows.pop(conversation.id, None)
        self.window_closed.emit(conversation)

    def _on_account_removed(self, event: AccountRemoved) -> None:
        self.area.close_account(event.account_id)
        for window in list(self._windows.values()):
            if window.pane.conversation.account_id == event.account_id:
                window.close()
