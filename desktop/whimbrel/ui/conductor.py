"""Brings the window's parts together once the core is there: which page shows, what follows on what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit

from whimbrel.core.services import Services
from whimbrel.model.account import Account, AccountId
from whimbrel.model.contact import Contact
from whimbrel.model.conversation import ConversationId
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.events import ActionFailed, StorageFailed
from whimbrel.model.jid import JID
from whimbrel.platform.full_screen import is_screen_full
from whimbrel.platform.session_state import OpenState
from whimbrel.ui.announcements import Announcements
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.commands import Commands
from whimbrel.ui.dialogs import Dialogs
from whimbrel.ui.errors import explain
from whimbrel.ui.joining import told_of
from whimbrel.ui.link_following import LinkFollowing
from whimbrel.ui.main_view import MainView
from whimbrel.ui.menus import COMES_LATER, NEEDS_ACCOUNT
from whimbrel.ui.notification_rules import Rules, Shows
from whimbrel.ui.notifications import Notifications
from whimbrel.ui.reopening import Reopening
from whimbrel.ui.theme.avatar import set_picture_source
from whimbrel.ui.tray import Tray

if TYPE_CHECKING:
    from whimbrel.platform.notify import Notifier
    from whimbrel.platform.secrets import Secrets
    from whimbrel.ui.accounts.start_page import StartPage
    from whimbrel.ui.main_window import MainWindow

_ASKS = frozenset({ErrorKind.PASSWORD_WRONG, ErrorKind.PASSWORD_NEEDED})


class Conductor(QObject):
    """Owns the pages, the dialogs, the commands, the tray and the notifications of one main window."""

    quit_requested = Signal()

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        bridge: Bridge,
        secrets: Secrets,
        notifier: Shows | None = None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._bridge = bridge
        self.lost = OpenState()  # what was open in a run that did not end
        self._start: StartPage | None = None
        self.view: MainView | None = None
        self.dialogs = Dialogs(window, services, bridge, secrets)
        self.commands = Commands(window, services, self.dialogs, self.open, lambda: self.view)
        self.links = LinkFollowing(window, services, self.dialogs, lambda: self.view)
        self.tray = Tray(window, services.presence.own)
        self._notifier: Notifier | None = None  # our own
        self.notifications = self._make_notifications(notifier)
        self._connect_core()
        self.refresh_page()
        if self.view is not None:
            self._reopen()

    # pages

    def refresh_page(self) -> None:
        """Show the start page as long as there is no account."""
        has_account = bool(self._services.accounts.list_accounts())
        if has_account and self.dialogs.is_signing_in and self.view is None:
            return  # not behind a dialog that may yet take the account back
        actions = self._window.actions_by_name
        actions.set_enabled(NEEDS_ACCOUNT, has_account)
        actions.set_enabled(COMES_LATER, False)
        actions.set_enabled(("add_account", "settings"), True)
        if has_account:
            self._show_main()
        else:
            self._show_start()

    def _show_main(self) -> None:
        if self.view is None:
            self.view = self._make_view()
            self._window.pages.addWidget(self.view)
        if self._window.pages.currentWidget() is not self.view:
            self._window.pages.setCurrentWidget(self.view)
            self.view.left.search.setFocus()
            self.links.resume()

    def _reopen(self) -> None:
        """Open what was open; after a crash, only where the person wants it: it may have been the cause."""
        if not self.offer_lost(self._window.session.before):
            self._reopening.reopen()

    def offer_lost(self, state: OpenState) -> bool:
        """Tell that the last run did not end, where it did not, and offer what was open in it; returns whether."""
        troubles = self._window.troubles
        bar = troubles.make_ended_bar(self._open_lost if state else None) if troubles is not None else None
        if bar is not None:
            self.lost = state
            self._window.add_bar(bar)
        return bar is not None

    def _open_lost(self) -> None:
        if self.view is not None:
            self._reopening.open_again(self.lost)

    def _show_start(self) -> None:
        if self._start is None:
            from whimbrel.ui.accounts.start_page import StartPage

            self._start = StartPage()
            self._start.sign_in_requested.connect(self.dialogs.sign_in)
            self._start.create_requested.connect(self.dialogs.create_account)
            self._window.pages.addWidget(self._start)
        if self._window.pages.currentWidget() is not self._start:
            self._window.pages.setCurrentWidget(self._start)
            self._start.setFocus()

    def _make_view(self) -> MainView:
        actions = self._window.actions_by_name
        add_menu = QMenu(self._window)
        for name in ("new_conversation", "add_contact", "add_account"):
            add_menu.addAction(actions[name])
        view = MainView(self._services, self._bridge, self._window.settings, add_menu)
        self._reopening = Reopening(view, self._services.conversations, self._window.session)
        view.left.header.sign_in_requested.connect(self.dialogs.sign_in)
        view.left.header.accounts_requested.connect(self.dialogs.accounts)
        view.left.header.menu.profile_requested.connect(self.dialogs.profile)
        view.left.requests.review_requested.connect(self.dialogs.review_requests)
        view.left.chats.chats.unread_changed.connect(self._on_unread_changed)
        view.left.header.watch.failed.connect(self._on_failed)
        view.left.chats.failed.connect(lambda error: self._window.say(explain(error)))
        view.add_contact_requested.connect(self.dialogs.add_contact)
        view.details_requested.connect(self._on_details_requested)
        view.link_activated.connect(self.links.follow)
        rules = Rules(self._services, self._window.settings, is_screen_full)
        Announcements(self._window, self._services, self._bridge, view.left.header.watch, rules)
        self._window.show_offline.toggled.connect(view.left.contacts.set_show_offline)
        self._on_unread_changed(view.left.chats.chats.unread)
        return view

    # what may be asked for

    def open(self, account_id: AccountId, jid: JID) -> None:
        """Show the conversation with an address."""
        if self.view is not None:
            try:
                self.view.open(account_id, jid)
            except KnownError as error:
                self._window.say(explain(error))

    def open_conversation(self, conversation_id: ConversationId) -> None:
        """Show a conversation and come to the front (from a notification)."""
        conversation = self._services.conversations.find(conversation_id)
        if conversation is not None and self.view is not None:
            self._window.come_to_front()
            self.view.show_conversation(conversation)

    def open_link(self, uri: str) -> None:
        """Do what an ``xmpp:`` link asks for."""
        self.links.follow(uri)

    def on_close(self) -> bool:
        """The window was asked to close; returns whether that means to quit."""
        if not self.tray.is_there:
            return True
        keep_running = self._window.settings.close_to_tray
        if keep_running is None:
            self.dialogs.ask_close(self._on_close_chosen)
        elif keep_running:
            self._window.hide()
        return keep_running is False

    def finish(self) -> None:
        """Close what else is open; nothing is shown any more, and nothing read from a history that is being closed."""
        if self.view is not None:
            self.view.close_conversations()
        set_picture_source(None)
        self._bridge.close()
        self.notifications.finish()
        for timer in self._window.findChildren(QTimer):
            timer.stop()

    async def withdraw(self) -> None:
        """Take notifications away: whoever answered one now would answer nobody."""
        if self._notifier is not None:
            await self._notifier.stop()

    # wiring

    def _make_notifications(self, notifier: Shows | None) -> Notifications:
        if notifier is None:
            from whimbrel.platform.notify import Notifier

            self._notifier = made = Notifier(self.tray.show_message, self)
            self.tray.message_activated.connect(made.activated)
            notifier = made
        shown = Notifications(
            self._services, self._bridge, self._window.settings, notifier, self, is_screen_full=is_screen_full
        )
        shown.failed.connect(lambda error: self._window.say(explain(error)))
        shown.attention_shown.connect(lambda: QApplication.alert(self._window))
        shown.conversation_requested.connect(self.open_conversation)
        shown.window_requested.connect(self._window.come_to_front)
        shown.requests_requested.connect(self._on_requests_requested)
        return shown

    def _connect_core(self) -> None:
        self._bridge.account_added.connect(self.refresh_page)
        self._bridge.account_removed.connect(self.refresh_page)
        self._bridge.request_added.connect(self._on_request_added)
        self._bridge.action_failed.connect(self._on_action_failed)
        self._bridge.storage_failed.connect(self._on_storage_failed)
        self.dialogs.account_dialog_closed.connect(self.refresh_page)
        self.tray.window_requested.connect(self._window.come_to_front)
        self.tray.settings_requested.connect(self._on_settings_requested)
        self.tray.quit_requested.connect(self.quit_requested)
        self.tray.presence_chosen.connect(self._services.presence.set_own)
        self._bridge.own_presence_changed.connect(lambda _: self.tray.set_presence(self._services.presence.own))

    def _on_unread_changed(self, unread: int) -> None:
        self._window.setWindowTitle(f"({unread}) Whimbrel" if unread else "Whimbrel")
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.setBadgeNumber(unread)
        self.tray.set_unread(unread)

    def _on_failed(self, account: Account, error: KnownError) -> None:
        if error.kind in _ASKS and not self.dialogs.is_signing_in:
            self.dialogs.sign_in(account, error, asked_for=not self._is_writing())

    def _is_writing(self) -> bool:
        """Whether somebody writes a message, whose rest must not go into a dialog that appears."""
        return isinstance(QApplication.focusWidget(), QPlainTextEdit)

    def _on_request_added(self) -> None:
        if self._window.isVisible():
            QTimer.singleShot(0, self, lambda: self.dialogs.review_requests(asked_for=False))

    def _on_settings_requested(self) -> None:
        self._window.come_to_front()
        self._window.actions_by_name["settings"].trigger()

    def _on_requests_requested(self) -> None:
        self._window.come_to_front()
        self.dialogs.review_requests()

    def _on_details_requested(self, contact: Contact) -> None:
        if self.view is not None:
            self.view.left.contacts.actions_on.show_details(contact)

    def _on_action_failed(self, event: ActionFailed) -> None:
        self._window.say(told_of(event.subject, explain(event.error)))

    def _on_storage_failed(self, event: StorageFailed) -> None:
        self._window.say(explain(event.error))

    def _on_close_chosen(self, keep_running: bool) -> None:
        self._window.settings.close_to_tray = keep_running
        if keep_running:
            self._window.hide()
        else:
            self.quit_requested.emit()
