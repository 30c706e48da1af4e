"""A conversation: head, messages, composer. Hosted by the main window or by a window of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from whimbrel.model.account import ConnectionState
from whimbrel.model.contact import Availability
from whimbrel.model.conversation import Conversation
from whimbrel.model.errors import KnownError
from whimbrel.model.events import (
    ConnectionChanged,
    ContactChanged,
    ContactRemoved,
    PresenceChanged,
    PresencesCleared,
    RosterReplaced,
)
from whimbrel.model.message import Message, MessageId
from whimbrel.ui.conversation.composer import Composer
from whimbrel.ui.conversation.extensions import EXTENSIONS
from whimbrel.ui.conversation.go_to_date import GoToDateDialog
from whimbrel.ui.conversation.header import ConversationHeader
from whimbrel.ui.conversation.history_loader import HistoryLoader
from whimbrel.ui.conversation.history_marks import HistoryMarks
from whimbrel.ui.conversation.links import is_openable
from whimbrel.ui.conversation.timeline_view import TimelineView
from whimbrel.ui.models.timeline import TimelineModel
from whimbrel.ui.models.timeline_row import local_day
from whimbrel.ui.names import NOTES_ICON, conversation_name, is_own
from whimbrel.ui.outage import Outage
from whimbrel.ui.widgets.buttons import link_button
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.words import presence_word

if TYPE_CHECKING:
    from whimbrel.core.services import Services
    from whimbrel.ui.bridge import Bridge


class ConversationPane(QWidget):
    """One conversation, complete."""

    add_contact_requested = Signal(object)  # JID
    xmpp_link_activated = Signal(str)  # an xmpp: address: for who opens conversations
    window_requested = Signal(object)  # Conversation
    details_requested = Signal(object)  # Conversation
    close_requested = Signal()

    def __init__(
        self, services: Services, bridge: Bridge, conversation: Conversation, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.services = services
        self.bridge = bridge
        self.conversation = conversation
        self._viewed = False
        self._label = ""
        self._outage = Outage()
        self.setProperty("surface", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = TimelineModel(services, bridge, conversation, self)
        self.header = ConversationHeader(conversation.jid)
        self.stranger_bar = self._build_stranger_bar()
        self.error_box = ErrorBox()
        self.view = TimelineView(self.model)
        self.composer = Composer(services, conversation)
        self.extensions = tuple(extension(self) for extension in EXTENSIONS)
        self.history = HistoryLoader(services, bridge, conversation, self.model, self)
        self._build()
        self._connect(bridge)
        self._extend()
        self._refresh_contact()
        for extension in self.extensions:
            extension.restore()

    def take_focus(self) -> None:
        """Give the keyboard to the line where one writes. No focus proxy: Tab would pass over all that is above it."""
        self.composer.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_stranger_bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("surface", "notice")
        button = link_button(self.tr("Add contact…"))
        button.clicked.connect(lambda: self.add_contact_requested.emit(self.conversation.jid))
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 4, 16, 4)
        row.addWidget(Label(self.tr("Not in your contacts")))
        row.addWidget(button)
        row.addStretch(1)
        return bar

    def _build(self) -> None:
        line = QFrame()
        line.setProperty("surface", "line")
        around = QVBoxLayout()
        around.setContentsMargins(16, 8, 16, 0)
        around.addWidget(self.error_box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.header, line, self.stranger_bar):
            layout.addWidget(widget)
        layout.addWidget(self._build_stage(), 1)
        layout.addLayout(around)
        layout.addWidget(self.composer)

    def _build_stage(self) -> QWidget:
        """The view with its buttons beside it, since assistive technology sees nothing but rows inside a view."""
        stage = QWidget()
        layout = QVBoxLayout(stage)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.history_marks = HistoryMarks(self.view, self.history, stage)
        self.view.jump_button.setParent(stage)
        return stage

    def _connect(self, bridge: Bridge) -> None:
        self.header.window_requested.connect(lambda: self.window_requested.emit(self.conversation))
        self.header.details_requested.connect(lambda: self.details_requested.emit(self.conversation))
        self.header.date_requested.connect(self.ask_date)
        self.header.close_requested.connect(self.close_requested)
        self.view.link_activated.connect(self.open_link)
        self.view.retry_requested.connect(self._retry)
        self.view.edit_requested.connect(self._edit)
        self.view.discard_requested.connect(self._discard)
        self.view.typed.connect(self.composer.insert)
        self.view.at_end_changed.connect(self._update_viewed)
        self.model.coverage_changed.connect(self._refresh_contact)
        self.composer.sent.connect(self._on_sent)
        bridge.contact_changed.connect(self._on_contact_event)
        bridge.contact_removed.connect(self._on_contact_event)
        bridge.presence_changed.connect(self._on_contact_event)
        bridge.roster_replaced.connect(self._on_account_event)
        bridge.presences_cleared.connect(self._on_account_event)
        bridge.connection_changed.connect(self._on_account_event)

    @property
    def regions(self) -> list[QWidget]:
        """What F6 walks through here, some of which may be hidden."""
        return [self.view, self.composer.editor, self.header, self.stranger_bar, self.error_box]

    def _extend(self) -> None:
        """Let features in."""
        self.model.set_sources(self.extensions)
        self.composer.set_extensions(self.extensions)
        self.view.extensions = self.extensions
        for extension in self.extensions:
            extension.status_changed.connect(self._refresh_contact)

    def show_message(self, message_id: MessageId, *, mark: str = "") -> bool:
        """Go to a message of this conversation, with its surroundings, and light it for a moment.

        Args:
            mark: what was looked for, marked in its text.

        Returns:
            Whether it is in this conversation.
        """
        return self.view.show_message(message_id, mark)

    def show_date(self, day: date) -> bool:
        """Go to the first message of a day, or else after it; returns whether there is a message at all."""
        moment = datetime.combine(day, time.min).astimezone(UTC)
        message_id = self.model.first_since(moment)
        return message_id is not None and self.view.show_message(message_id)

    def ask_date(self) -> None:
        """Ask for a day, and go there."""
        oldest = self.services.conversations.first_since(self.conversation.id, datetime.fromtimestamp(0, UTC))
        today = datetime.now().astimezone().date()
        row = self.view.row_at(0)
        shown = local_day(self.model.message(row)) if row >= 0 else today
        dialog = GoToDateDialog(local_day(oldest) if oldest is not None else today, shown, self)
        dialog.chosen.connect(self.show_date)
        dialog.open()

    def open_link(self, url: str) -> None:
        """Open a link of a message: web and mail outside, xmpp here; nothing else, whoever asks."""
        if not is_openable(url):
            return
        if url.lower().startswith("xmpp:"):
            self.xmpp_link_activated.emit(url)
        else:
            QDesktopServices.openUrl(QUrl(url))

    def show_unread(self) -> None:
        """Before it shows again: what came meanwhile is in view; where nothing did, all stays where it was."""
        conversation = self.services.conversations.find(self.conversation.id)
        if conversation is not None and conversation.unread and not self.isVisible():
            self.view.follow_end(from_unread=True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.services.history.set_shown(self.conversation.id, True)
        self._update_viewed()
        self.history_marks.place()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.services.history.set_shown(self.conversation.id, False)
        self._update_viewed()
        self.history_marks.place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves what a feature began."""
        leaving = next((one for one in self.extensions if one.needs_escape()), None)
        if event.key() == Qt.Key.Key_Escape and leaving is not None:
            leaving.leave()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            leaves = any(one.needs_escape() for one in self.extensions)
            if event.key() == Qt.Key.Key_Escape and leaves:
                event.accept()
                return True
        done = super().event(event)
        if event.type() in (QEvent.Type.WindowActivate, QEvent.Type.WindowDeactivate):
            self._update_viewed()
        return done

    def close_quietly(self) -> None:
        """Keep the draft and stop counting as viewed; call it before the pane is taken away."""
        for extension in self.extensions:
            extension.on_closed()
        self.composer.save_draft()
        self._set_viewed(False)
        self.services.history.set_shown(self.conversation.id, False)

    def _update_viewed(self) -> None:
        self._set_viewed(self.isVisible() and self.isActiveWindow() and self.view.at_end)

    def _set_viewed(self, viewed: bool) -> None:
        if viewed == self._viewed:
            return
        self._viewed = viewed
        self.model.set_viewed(viewed)
        try:
            self.services.unread.set_viewed(self.conversation.id, viewed)
        except KnownError as error:
            self.error_box.show_error(error)

    def _on_sent(self, message: Message) -> None:
        self.model.flush()
        self.view.follow_end()

    def _retry(self, message_id: MessageId) -> None:
        self._try(lambda: self.services.outbox.retry(message_id))

    def _discard(self, message_id: MessageId) -> None:
        self._try(lambda: self.services.outbox.discard(message_id))

    def _edit(self, message_id: MessageId) -> None:
        """Take a failed message back into the composer; it goes once its text is safely in the draft."""
        row = self.model.row_of(message_id)
        if row >= 0 and self.composer.take_back(self.model.message(row).body):
            self._discard(message_id)

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except KnownError as error:
            self.error_box.show_error(error)
        else:
            self.error_box.clear()

    def _on_contact_event(self, event: ContactChanged | ContactRemoved | PresenceChanged) -> None:
        account_id, jid = (
            (event.contact.account_id, event.contact.jid)
            if isinstance(event, ContactChanged)
            else (event.account_id, event.jid)
        )
        if (account_id, jid) == (self.conversation.account_id, self.conversation.jid):
            self._refresh_contact()

    def _on_account_event(self, event: RosterReplaced | PresencesCleared | ConnectionChanged) -> None:
        if event.account_id == self.conversation.account_id:
            self._refresh_contact()

    def _refresh_contact(self) -> None:
        account_id, jid = self.conversation.account_id, self.conversation.jid
        contact = self.services.roster.find(account_id, jid)
        label, own = conversation_name(self.services, account_id, jid), is_own(self.services, account_id, jid)
        self.stranger_bar.setVisible(contact is None and not own)
        self.header.set_emblem(NOTES_ICON if own else "")
        self.header.set_details(contact is not None and not own)
        if label != self._label:
            self._label = label
            self.model.set_namer(lambda message: label)
            self.setWindowTitle(label)
        connection = self.services.accounts.status(account_id)
        self._outage.note(connection)
        if self.services.presence.known(account_id):
            best = self.services.presence.best(account_id, jid)
            # strangers do not tell us, and one knows of oneself
            hidden = own or (contact is None and best.availability is Availability.OFFLINE)
            words = "" if hidden else presence_word(best.availability)
            updating = self.tr("Updating…") if self.model.is_updating else ""
            told = next((status for one in self.extensions if (status := one.status())), "")
            status = told or " · ".join(filter(None, [words, updating or ("" if own else best.status)]))
            self.header.show_contact(label, None if hidden else best.availability, status)
        else:
            online = connection.state is ConnectionState.ONLINE
            self.header.show_contact(label, None, "" if online else self._outage.words(connection))
