"""The core's events as Qt signals: the one place where they cross."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from whimbrel.core.bus import Bus
from whimbrel.model import events


class Bridge(QObject):
    """One signal for each type of event, which it carries."""

    account_added = Signal(object)
    account_changed = Signal(object)
    account_removed = Signal(object)
    connection_changed = Signal(object)
    server_support_learnt = Signal(object)
    blocklist_changed = Signal(object)
    roster_replaced = Signal(object)
    contact_changed = Signal(object)
    contact_removed = Signal(object)
    presence_changed = Signal(object)
    presences_cleared = Signal(object)
    own_presence_changed = Signal(object)
    request_added = Signal(object)
    request_removed = Signal(object)
    message_added = Signal(object)
    message_changed = Signal(object)
    message_removed = Signal(object)
    messages_annotated = Signal(object)
    attachment_changed = Signal(object)
    transfer_advanced = Signal(object)
    avatar_changed = Signal(object)
    nickname_changed = Signal(object)
    conversation_changed = Signal(object)
    conversation_removed = Signal(object)
    conversation_read = Signal(object)
    typing_changed = Signal(object)
    attention_asked = Signal(object)
    history_changed = Signal(object)
    caught_up = Signal(object)
    action_failed = Signal(object)
    storage_failed = Signal(object)

    def __init__(self, bus: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unsubscribe = [
            bus.subscribe(events.AccountAdded, self.account_added.emit),
            bus.subscribe(events.AccountChanged, self.account_changed.emit),
            bus.subscribe(events.AccountRemoved, self.account_removed.emit),
            bus.subscribe(events.ConnectionChanged, self.connection_changed.emit),
            bus.subscribe(events.ServerSupportLearnt, self.server_support_learnt.emit),
            bus.subscribe(events.BlocklistChanged, self.blocklist_changed.emit),
            bus.subscribe(events.RosterReplaced, self.roster_replaced.emit),
            bus.subscribe(events.ContactChanged, self.contact_changed.emit),
            bus.subscribe(events.ContactRemoved, self.contact_removed.emit),
            bus.subscribe(events.PresenceChanged, self.presence_changed.emit),
            bus.subscribe(events.PresencesCleared, self.presences_cleared.emit),
            bus.subscribe(events.OwnPresenceChanged, self.own_presence_changed.emit),
            bus.subscribe(events.RequestAdded, self.request_added.emit),
            bus.subscribe(events.RequestRemoved, self.request_removed.emit),
            bus.subscribe(events.MessageAdded, self.message_added.emit),
            bus.subscribe(events.MessageChanged, self.message_changed.emit),
            bus.subscribe(events.MessageRemoved, self.message_removed.emit),
            bus.subscribe(events.MessagesAnnotated, self.messages_annotated.emit),
            bus.subscribe(events.AttachmentChanged, self.attachment_changed.emit),
            bus.subscribe(events.TransferAdvanced, self.transfer_advanced.emit),
            bus.subscribe(events.AvatarChanged, self.avatar_changed.emit),
            bus.subscribe(events.NicknameChanged, self.nickname_changed.emit),
            bus.subscribe(events.ConversationChanged, self.conversation_changed.emit),
            bus.subscribe(events.ConversationRemoved, self.conversation_removed.emit),
            bus.subscribe(events.ConversationRead, self.conversation_read.emit),
            bus.subscribe(events.TypingChanged, self.typing_changed.emit),
            bus.subscribe(events.AttentionAsked, self.attention_asked.emit),
            bus.subscribe(events.HistoryChanged, self.history_changed.emit),
            bus.subscribe(events.CaughtUp, self.caught_up.emit),
            bus.subscribe(events.ActionFailed, self.action_failed.emit),
            bus.subscribe(events.StorageFailed, self.storage_failed.emit),
        ]
        unsubscribe = self._unsubscribe
        self.destroyed.connect(lambda: _end(unsubscribe))  # with its parent, whether or not somebody closed it

    def close(self) -> None:
        """Stop listening to the bus."""
        _end(self._unsubscribe)


def _end(subscriptions: list[Callable[[], None]]) -> None:
    for unsubscribe in subscriptions:
        unsubscribe()
    subscriptions.clear()
