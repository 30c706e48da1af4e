"""Contact requests (RFC 6121 section 3): who asks is asked about once, and kept until answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from whimbrel.core.bus import Bus
from whimbrel.core.outbox import Outbox
from whimbrel.core.ports import Blocker
from whimbrel.core.roster import clean_groups
from whimbrel.core.subscriptions import queue_contact, queue_subscription, queued_subscription
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact, ContactRequest, Subscription
from whimbrel.model.events import ContactChanged, RequestAdded, RequestRemoved
from whimbrel.model.jid import JID
from whimbrel.model.nickname import clean
from whimbrel.model.stream import SubscriptionStanza
from whimbrel.storage.database import Database
from whimbrel.storage.requests import RequestStore
from whimbrel.storage.roster import RosterStore

_SEES_US = (Subscription.FROM, Subscription.BOTH)
_SEEN = (Subscription.TO, Subscription.BOTH)
_MAX_TEXT = 2000


class Requests:
    """Requests that wait for an answer. Methods that write raise KnownError DISK_FULL."""

    def __init__(
        self,
        bus: Bus,
        database: Database,
        requests: RequestStore,
        contacts: RosterStore,
        outbox: Outbox,
        blocker: Blocker,
    ) -> None:
        self._bus = bus
        self._database = database
        self._requests = requests
        self._contacts = contacts
        self._outbox = outbox
        self._blocker = blocker

    def list_requests(self) -> list[ContactRequest]:
        """All unanswered requests, oldest first."""
        return self._requests.list_requests()

    def accept(self, account_id: AccountId, jid: JID, name: str, groups: frozenset[str]) -> None:
        """Let them see us, add them to the contacts, and ask back unless we see them already."""
        jid = jid.bare
        before = self._contacts.find_contact(account_id, jid) or Contact(account_id, jid)
        sees_them = before.subscription in _SEEN
        contact = replace(
            before,
            name=name.strip() or before.name,
            groups=clean_groups(groups) or before.groups,
            ask=not sees_them,
            removed_by_them=False,
        )
        with self._database.transaction():
            self._requests.remove_request(account_id, jid)
            self._contacts.set_contact(contact)
            queue_contact(self._outbox, contact)
            queue_subscription(self._outbox, account_id, jid, "subscribed")
            if not sees_them:
                queue_subscription(self._outbox, account_id, jid, "subscribe")
        self._bus.publish(ContactChanged(contact))
        self._answered(account_id, jid)

    def decline(self, account_id: AccountId, jid: JID) -> None:
        """Refuse a request."""
        self._refuse(account_id, jid.bare)
        self._answered(account_id, jid.bare)

    def block(self, account_id: AccountId, jid: JID) -> None:
        """Refuse a request and block the address."""
        with self._database.transaction():
            self._refuse(account_id, jid.bare)
            self._blocker.block(account_id, jid.bare)
        self._answered(account_id, jid.bare)

    def can_block(self, account_id: AccountId) -> bool:
        """Whether the account's server can block."""
        return self._blocker.supported(account_id)

    def take(self, account_id: AccountId, stanza: SubscriptionStanza) -> None:
        """A ``subscribe`` or ``unsubscribe`` arrived. Raises KnownError DISK_FULL."""
        jid = stanza.sender.bare
        if stanza.kind == "unsubscribe":
            if self._requests.remove_request(account_id, jid):
                self._bus.publish(RequestRemoved(account_id, jid))
        elif stanza.kind == "subscribe":
            self._take_request(account_id, jid, stanza)

    def _take_request(self, account_id: AccountId, jid: JID, stanza: SubscriptionStanza) -> None:
        if queued_subscription(self._outbox, account_id, jid, "subscribed") is not None:
            return  # answered already; the answer is on its way
        contact = self._contacts.find_contact(account_id, jid)
        if contact is not None and (contact.subscription in _SEES_US or contact.approved or contact.ask):
            queue_subscription(self._outbox, account_id, jid, "subscribed")
            self._outbox.kick(account_id)
            return
        request = ContactRequest(account_id, jid, stanza.message[:_MAX_TEXT], clean(stanza.nick), datetime.now(UTC))
        before = self._requests.find_request(account_id, jid)
        if before is not None and (before.message, before.nick) == (request.message, request.nick):
            return
        if before is not None:
            request = replace(request, received=before.received)
        self._requests.add_request(request)
        self._bus.publish(RequestAdded(request))

    def _refuse(self, account_id: AccountId, jid: JID) -> None:
        with self._database.transaction():
            self._requests.remove_request(account_id, jid)
            queue_subscription(self._outbox, account_id, jid, "unsubscribed")

    def _answered(self, account_id: AccountId, jid: JID) -> None:
        self._bus.publish(RequestRemoved(account_id, jid))
        self._outbox.kick(account_id)
