"""Gathers what happens to contacts and conversations and hands it on in few updates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject

from whimbrel.model.account import AccountId
from whimbrel.model.contact import Contact
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.events import (
    AccountRemoved,
    BlocklistChanged,
    ConnectionChanged,
    ContactChanged,
    ContactRemoved,
    ConversationChanged,
    ConversationRemoved,
    MessageChanged,
    PresenceChanged,
    PresencesCleared,
    RosterReplaced,
)
from whimbrel.model.message import DeliveryState, Direction
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.models.pace import Pace
from whimbrel.ui.models.people import PersonKey


@dataclass(slots=True)
class Changes:
    """What is new, and what is to be read again."""

    contacts: dict[PersonKey, Contact | None] = field(default_factory=dict)  # as they are now; None: removed
    presences: set[PersonKey] = field(default_factory=set)
    rosters: set[AccountId] = field(default_factory=set)  # all contacts of an account
    removed: set[AccountId] = field(default_factory=set)  # accounts that are gone; among ``rosters``, too
    all_presences: set[AccountId] = field(default_factory=set)
    blocklists: set[AccountId] = field(default_factory=set)
    conversations: dict[ConversationId, Conversation] = field(default_factory=dict)  # as they are now
    deleted: set[ConversationId] = field(default_factory=set)  # not among ``conversations``
    sending: dict[ConversationId, bool] = field(default_factory=dict)  # where a message of ours changed; one failed

    def concerns(self, key: PersonKey) -> bool:
        """Whether somebody's name or presence may be another than before."""
        return (
            key in self.contacts
            or key in self.presences
            or key.account_id in self.rosters
            or key.account_id in self.all_presences
        )


class Feed(QObject):
    """Follows the core. ``apply`` is called in a later turn of the event loop, at most every 40 ms (``Pace``).

    So a burst costs one update. An account that is removed is not waited with.
    """

    def __init__(self, bridge: Bridge, apply: Callable[[Changes], None], parent: QObject) -> None:
        super().__init__(parent)
        self._apply = apply
        self._changes = Changes()
        self._pace = Pace(self.flush, self)
        bridge.contact_changed.connect(self._on_contact_changed)
        bridge.contact_removed.connect(self._on_contact_removed)
        bridge.presence_changed.connect(self._on_presence_changed)
        bridge.presences_cleared.connect(self._on_presences_stale)
        bridge.connection_changed.connect(self._on_presences_stale)
        bridge.roster_replaced.connect(self._on_roster_replaced)
        bridge.account_removed.connect(self._on_account_removed)
        bridge.blocklist_changed.connect(self._on_blocklist_changed)
        bridge.conversation_changed.connect(self._on_conversation_changed)
        bridge.conversation_removed.connect(self._on_conversation_removed)
        bridge.message_changed.connect(self._on_message_changed)

    def flush(self) -> None:
        """Hand on now what has happened since the last update."""
        self._pace.note()
        changes, self._changes = self._changes, Changes()
        self._apply(changes)

    def _on_contact_changed(self, event: ContactChanged) -> None:
        self._changes.contacts[PersonKey(event.contact.account_id, event.contact.jid)] = event.contact
        self._pace.request()

    def _on_contact_removed(self, event: ContactRemoved) -> None:
        self._changes.contacts[PersonKey(event.account_id, event.jid)] = None
        self._pace.request()

    def _on_presence_changed(self, event: PresenceChanged) -> None:
        self._changes.presences.add(PersonKey(event.account_id, event.jid))
        self._pace.request()

    def _on_presences_stale(self, event: PresencesCleared | ConnectionChanged) -> None:
        self._changes.all_presences.add(event.account_id)
        self._pace.request()

    def _on_roster_replaced(self, event: RosterReplaced) -> None:
        self._forget_contacts(event.account_id)
        self._changes.rosters.add(event.account_id)
        self._pace.request()

    def _on_account_removed(self, event: AccountRemoved) -> None:
        self._forget_contacts(event.account_id)
        changes = self._changes
        changes.rosters.add(event.account_id)
        changes.removed.add(event.account_id)
        changes.conversations = {
            key: value for key, value in changes.conversations.items() if value.account_id != event.account_id
        }
        self.flush()

    def _on_blocklist_changed(self, event: BlocklistChanged) -> None:
        self._changes.blocklists.add(event.account_id)
        self._pace.request()

    def _on_conversation_changed(self, event: ConversationChanged) -> None:
        self._changes.conversations[event.conversation.id] = event.conversation
        self._pace.request()

    def _on_conversation_removed(self, event: ConversationRemoved) -> None:
        self._changes.conversations.pop(event.conversation.id, None)
        self._changes.deleted.add(event.conversation.id)
        self._pace.request()

    def _on_message_changed(self, event: MessageChanged) -> None:
        if event.message.direction is Direction.OUT:
            sending, key = self._changes.sending, event.message.conversation_id
            sending[key] = sending.get(key, False) or event.message.state is DeliveryState.FAILED
            self._pace.request()

    def _forget_contacts(self, account_id: AccountId) -> None:
        """The whole roster is read again: what was told of it one by one is older."""
        contacts = self._changes.contacts
        self._changes.contacts = {key: value for key, value in contacts.items() if key.account_id != account_id}
