"""Does what ``xmpp:`` links ask for (XEP-0147): shows at once, and asks before anything is sent or changed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QPushButton

from whimbrel.core.services import Services
from whimbrel.model.account import Account, AccountId
from whimbrel.model.contact import Contact, Subscription
from whimbrel.model.errors import KnownError
from whimbrel.ui.contacts.add_dialog import AddContactDialog
from whimbrel.ui.contacts.details_dialog import DetailsDialog
from whimbrel.ui.contacts.input import write_groups
from whimbrel.ui.contacts.remove_dialog import RemoveDialog
from whimbrel.ui.contacts.words import breakable, shortened
from whimbrel.ui.conversation.added_note import AddedNote
from whimbrel.ui.conversation.editor import is_blank
from whimbrel.ui.dialogs import Dialogs
from whimbrel.ui.errors import explain
from whimbrel.ui.link_dialog import LinkDialog
from whimbrel.ui.link_questions import LinkQuestions
from whimbrel.ui.links import Wish, XmppLink, parse_link
from whimbrel.ui.main_view import MainView
from whimbrel.ui.passing_notice import PassingNotice
from whimbrel.ui.widgets.buttons import primary_button

if TYPE_CHECKING:
    from whimbrel.ui.main_window import MainWindow

_MOST = 10  # links that wait for an account, and that are followed within _SPAN
_SPAN = 10.0  # seconds
_SEEN = (Subscription.TO, Subscription.BOTH)


class LinkFollowing(QObject):
    """Follows links: one question at a time, and few in a while.

    Args:
        view: the main view, where there is one.
    """

    def __init__(
        self, window: MainWindow, services: Services, dialogs: Dialogs, view: Callable[[], MainView | None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._dialogs = dialogs
        self._view = view
        self._questions = LinkQuestions(self)
        self._refusal = PassingNotice(window)
        self._kept: list[XmppLink] = []
        self._times: deque[float] = deque(maxlen=_MOST)
        self._acts: dict[Wish, Callable[[XmppLink], None]] = {
            Wish.TALK: self._talk,
            Wish.ADD: self._add,
            Wish.UNSUBSCRIBE: self._unsubscribe,
            Wish.REMOVE: self._remove,
            Wish.JOIN: self._join,
            Wish.REGISTER: self._register,
            Wish.UNREGISTER: self._unregister,
            Wish.OTHER: self._show_details,
        }

    def follow(self, uri: str, account_id: AccountId | None = None) -> None:
        """Follow a link or an address; where there is no account yet, once there is one.

        Args:
            account_id: whose chat it stood in: that account is meant where several could be.
        """
        link = parse_link(uri)
        self._refusal.put_away()
        if link is None:
            self._refusal.say(self.tr("This link is not an address that Whimbrel can open."))
        elif self._is_flood():
            self._refusal.say(self.tr("Too many links came at once. The last ones were not opened."))
        else:
            account = self._services.accounts.find(account_id) if account_id is not None else None
            self._act(link if account is None else replace(link, near=account.jid.bare))

    def end(self) -> list[XmppLink]:
        """Do nothing any more; returns the links that still wait for an account or an answer."""
        return [*self._kept, *self._questions.end()]

    def take_over(self, links: Sequence[XmppLink]) -> None:
        """Go on with what another window did not come to."""
        for link in links:
            self._act(link)

    def _act(self, link: XmppLink) -> None:
        if self._view() is None and link.wish is not Wish.REGISTER:
            self._keep(link)
        else:
            self._acts[link.wish](link)

    def resume(self) -> None:
        """There is an account now: follow what was kept for it."""
        kept, self._kept = self._kept, []
        if kept:
            self._window.notice.hide()
        for link in kept:
            self._acts[link.wish](link)

    def _keep(self, link: XmppLink) -> None:
        self._kept = [*self._kept, link][-_MOST:]
        address = breakable(shortened(str(link.jid)))
        self._window.notice.show_text(
            self.tr("The link to {address} is opened once you have signed in.").format(address=address)
        )

    def _is_flood(self) -> bool:
        now = time.monotonic()
        if len(self._times) == _MOST and now - self._times[0] < _SPAN:
            return True
        self._times.append(now)
        return False

    # what there is to do

    def _talk(self, link: XmppLink) -> None:
        self._with_account(link, partial(self._open, link))

    def _open(self, link: XmppLink, account_id: AccountId) -> None:
        """Show the conversation, with the link's words beneath what is typed there: nothing is sent."""
        view = self._view()
        if view is None:
            return
        view.open(account_id, link.jid)
        pane = view.pane_of(self._services.conversations.open(account_id, link.jid).id)
        if pane is None or not link.body:
            return
        typed = pane.composer.editor.toPlainText()
        if not typed.endswith(link.body):
            pane.composer.take_back(link.body)
            if not is_blank(typed):
                AddedNote.tell(pane.composer, link.body)

    def _add(self, link: XmppLink) -> None:
        if not self._lacking(link):
            self._with_account(link, partial(self._change, link))
        else:
            self._questions.ask(link, lambda: self._make_add(link))

    def _make_add(self, link: XmppLink) -> QDialog:
        lacking = self._lacking(link)
        dialog = AddContactDialog(self._services, lacking[0].id if lacking else None, str(link.jid), self._window)
        dialog.name.setText(link.name)
        dialog.groups.setText(write_groups([link.group]) if link.group else "")
        return dialog

    def _change(self, link: XmppLink, account_id: AccountId) -> None:
        """Somebody who is a contact already: another name or group, or the presence that we do not see yet."""
        contact = self._find(account_id, link)
        if contact is None:
            return
        name, groups = link.name or contact.name, contact.groups | ({link.group} if link.group else frozenset())
        if (name, groups) != (contact.name, contact.groups):
            words = self.tr("The link names this contact: {name}").format(name=breakable(name or contact.label))
            if link.group:
                words += "\n" + self.tr("It adds them to the group: {group}").format(group=breakable(link.group))

            def change(chosen: AccountId) -> None:
                self._services.roster.rename(chosen, link.jid, name)
                self._services.roster.set_groups(chosen, link.jid, groups)

            self._confirm(link, self.tr("Change contact"), words, self.tr("Change"), account_id, change)
        elif contact.subscription in _SEEN:
            self._tell_details(link, contact)
        else:
            self._confirm(
                link,
                self.tr("Request presence"),
                self.tr("They are asked whether you may see when they are online."),
                self.tr("Ask"),
                account_id,
                lambda chosen: self._services.roster.request_presence(chosen, link.jid),
            )

    def _unsubscribe(self, link: XmppLink) -> None:
        title = self.tr("Stop seeing presence")
        seen = [a for a in self._having(link) if (c := self._find(a.id, link)) and (c.subscription in _SEEN or c.ask)]
        if not seen:
            self._tell(link, title, self.tr("You do not see when they are online, so there is nothing to stop."))
            return
        self._with_account(
            link,
            lambda account_id: self._confirm(
                link,
                title,
                self.tr("You will no longer see when they are online. They stay among your contacts."),
                self.tr("Stop"),
                account_id,
                lambda chosen: self._services.roster.stop_presence(chosen, link.jid),
            ),
            seen,
        )

    def _remove(self, link: XmppLink) -> None:
        having = self._having(link)
        if not having:
            self._tell(link, self.tr("Remove contact"), self.tr("They are not among your contacts."))
            return

        def remove(account_id: AccountId) -> None:
            if (contact := self._find(account_id, link)) is not None:
                self._questions.ask(link, lambda: RemoveDialog(self._services, contact, self._window))

        self._with_account(link, remove, having)

    def _join(self, link: XmppLink) -> None:
        self._tell(
            link,
            self.tr("Group chat"),
            self.tr("This is the address of a group chat. Whimbrel cannot take part in group chats yet."),
        )

    def _register(self, link: XmppLink) -> None:
        if link.jid.local:
            self._show_details(link)
        else:
            self._dialogs.create_account(link.jid.domain)

    def _unregister(self, link: XmppLink) -> None:
        self._tell(
            link,
            self.tr("End a registration"),
            self.tr("Whimbrel ends no account or registration because of a link. Your accounts are in Accounts…"),
        )

    def _show_details(self, link: XmppLink) -> None:
        having = self._having(link)
        if not having:
            words = self.tr("The link asks for something that Whimbrel does not know. You can use its address.")
            self._tell(link, self.tr("Unknown link"), words)
            return

        def show(account_id: AccountId) -> None:
            if (contact := self._find(account_id, link)) is not None:
                self._tell_details(link, contact)

        self._with_account(link, show, having)

    # accounts

    def _accounts(self) -> list[Account]:
        return self._services.accounts.list_accounts()

    def _find(self, account_id: AccountId, link: XmppLink) -> Contact | None:
        return self._services.roster.find(account_id, link.jid)

    def _having(self, link: XmppLink) -> list[Account]:
        """The accounts that have the address among their contacts."""
        return [account for account in self._accounts() if self._find(account.id, link) is not None]

    def _lacking(self, link: XmppLink) -> list[Account]:
        """The accounts that it could be added to, the one that the link names first."""
        able = [a for a in self._accounts() if self._find(a.id, link) is None and a.jid.bare != link.jid]
        return sorted(able, key=lambda account: (account.jid.bare != link.account, account.jid.bare != link.near))

    def _with_account(
        self, link: XmppLink, act: Callable[[AccountId], None], among: Sequence[Account] | None = None
    ) -> None:
        """Go on with the account that is meant; where that is not clear, ask."""
        accounts = list(among) if among is not None else self._accounts()
        named = [account for account in accounts if account.jid.bare == link.account]
        having = [account for account in self._having(link) if account in accounts]
        near = [account for account in having or accounts if account.jid.bare == link.near]
        meant = named or near or (having if len(having) == 1 else accounts)
        if len(meant) == 1:
            try:
                act(meant[0].id)
            except KnownError as error:
                self._window.say(explain(error))
            return

        def make() -> QDialog:
            dialog = LinkDialog(self.tr("Open link"), link.jid, self.tr("Which account is meant?"), self._window)
            dialog.offer(primary_button(self.tr("Continue")), meant, act)
            return dialog

        self._questions.ask(link, make)

    # questions

    def _tell_details(self, link: XmppLink, contact: Contact) -> None:
        self._questions.ask(link, lambda: DetailsDialog(self._services, contact, self._window), gives_way=True)

    def _tell(self, link: XmppLink, title: str, words: str) -> None:
        def make() -> QDialog:
            dialog = LinkDialog(title, link.jid, words, self._window)
            dialog.offer_copy()
            return dialog

        self._questions.ask(link, make, gives_way=True)

    def _confirm(
        self,
        link: XmppLink,
        title: str,
        words: str,
        button: str,
        account_id: AccountId,
        act: Callable[[AccountId], None],
    ) -> None:
        def make() -> QDialog:
            dialog = LinkDialog(title, link.jid, words, self._window)
            pressed: QPushButton = primary_button(button)
            dialog.offer(pressed, [a for a in self._accounts() if a.id == account_id], act)
            return dialog

        self._questions.ask(link, make)
