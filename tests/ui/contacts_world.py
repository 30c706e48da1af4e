"""The real core with a fake stream, and in few words what happens to contacts on the network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.helpers.core import Core

from whimbrel.model.account import Account, AccountId
from whimbrel.model.contact import Availability, Contact, Subscription
from whimbrel.model.events import ConversationChanged
from whimbrel.model.jid import JID
from whimbrel.platform.settings import Settings
from whimbrel.ui.bridge import Bridge


def contact(
    address: str,
    name: str = "",
    groups: tuple[str, ...] = (),
    subscription: Subscription = Subscription.BOTH,
    account_id: int = 1,
    ask: bool = False,
) -> Contact:
    """A contact in few words."""
    return Contact(AccountId(account_id), JID.parse(address), name, frozenset(groups), subscription, ask)


class World(Core):
    """A core with the account alice@example.org, which is not connected, and a bridge."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.settings = Settings(folder / "settings.ini")
        self.bridge = Bridge(self.services.bus)
        self.account = self.add_account("alice@example.org")

    def contact(
        self,
        address: str,
        name: str = "",
        *groups: str,
        subscription: Subscription = Subscription.BOTH,
        account: Account | None = None,
        ask: bool = False,
    ) -> Contact:
        """The server tells of a contact."""
        account_id = (account or self.account).id
        made = contact(address, name, groups, subscription, account_id, ask)
        self.stream(account_id).push(address, made)
        return made

    def remove(self, address: str) -> None:
        """The server tells that a contact is gone."""
        self.stream(self.account.id).push(address, None)

    def connect(self, *contacts: Contact) -> None:
        """A session begins; with ``contacts``, they are the whole roster."""
        self.stream(self.account.id).go_online(*contacts)

    def disconnect(self) -> None:
        """The connection breaks."""
        self.stream(self.account.id).lose()

    def presence(self, address: str, availability: Availability, status: str = "") -> None:
        """A device tells its presence."""
        self.stream(self.account.id).presence(f"{address}/phone", availability, status)

    def unread(self, address: str, count: int) -> None:
        """A conversation has unread messages."""
        conversation = self.services.conversations.open(self.account.id, JID.parse(address))
        self.base.stores.conversations.set_unread(conversation.id, count)
        self.services.bus.publish(ConversationChanged(replace(conversation, unread=count)))

    def request(self, address: str, message: str = "", nick: str = "") -> None:
        """Somebody asks to be a contact."""
        self.stream(self.account.id).subscription(address, "subscribe", message, nick)
