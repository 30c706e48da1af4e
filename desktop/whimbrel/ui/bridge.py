"""The core's events as Qt signals: the one place where they cross."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, SignalInstance

from whimbrel.core.bus import Bus
from whimbrel.model import events


class Bridge(QObject):
    """One signal for each type of event, which it carries: at once, or once those whom it tells are there."""

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
        self._kept: deque[tuple[SignalInstance, events.Event]] | None = None
        self._unsubscribe = [
            bus.subscribe(events.AccountAdded, self._carry(self.account_added)),
            bus.subscribe(events.AccountChanged, self._carry(self.account_changed)),
            bus.subscribe(events.AccountRemoved, self._carry(self.account_removed)),
            bus.subscribe(events.ConnectionChanged, self._carry(self.connection_changed)),
            bus.subscribe(events.ServerSupportLearnt, self._carry(self.server_support_learnt)),
            bus.subscribe(events.BlocklistChanged, self._carry(self.blocklist_changed)),
            bus.subscribe(events.RosterReplaced, self._carry(self.roster_replaced)),
            bus.subscribe(events.ContactChanged, self._carry(self.contact_changed)),
            bus.subscribe(events.ContactRemoved, self._carry(self.contact_removed)),
            bus.subscribe(events.PresenceChanged, self._carry(self.presence_changed)),
            bus.subscribe(events.PresencesCleared, self._carry(self.presences_cleared)),
            bus.subscribe(events.OwnPresenceChanged, self._carry(self.own_presence_changed)),
            bus.subscribe(events.RequestAdded, self._carry(self.request_added)),
            bus.subscribe(events.RequestRemoved, self._carry(self.request_removed)),
            bus.subscribe(events.MessageAdded, self._carry(self.message_added)),
            bus.subscribe(events.MessageChanged, self._carry(self.message_changed)),
            bus.subscribe(events.MessageRemoved, self._carry(self.message_removed)),
            bus.subscribe(events.MessagesAnnotated, self._carry(self.messages_annotated)),
            bus.subscribe(events.AttachmentChanged, self._carry(self.attachment_changed)),
            bus.subscribe(events.TransferAdvanced, self._carry(self.transfer_advanced)),
            bus.subscribe(events.AvatarChanged, self._carry(self.avatar_changed)),
            bus.subscribe(events.NicknameChanged, self._carry(self.nickname_changed)),
            bus.subscribe(events.ConversationChanged, self._carry(self.conversation_changed)),
            bus.subscribe(events.ConversationRemoved, self._carry(self.conversation_removed)),
            bus.subscribe(events.ConversationRead, self._carry(self.conversation_read)),
            bus.subscribe(events.TypingChanged, self._carry(self.typing_changed)),
            bus.subscribe(events.AttentionAsked, self._carry(self.attention_asked)),
            bus.subscribe(events.HistoryChanged, self._carry(self.history_changed)),
            bus.subscribe(events.CaughtUp, self._carry(self.caught_up)),
            bus.subscribe(events.ActionFailed, self._carry(self.action_failed)),
            bus.subscribe(events.StorageFailed, self._carry(self.storage_failed)),
        ]
        unsubscribe = self._unsubscribe
        self.destroyed.connect(lambda: _end(unsubscribe))  # with its parent, whether or not somebody closed it

    def hold(self) -> None:
        """Keep what happens until :meth:`release`: those whom it concerns are being made."""
        self._kept = deque()

    def release(self) -> None:
        """Tell what was kept, in order, and all else at once from now on."""
        while self._kept:  # what follows from it stands behind it
            signal, event = self._kept.popleft()
            signal.emit(event)
        self._kept = None

    def close(self) -> None:
        """Stop listening to the bus."""
        _end(self._unsubscribe)

    def _carry(self, signal: SignalInstance) -> Callable[[events.Event], None]:
        def carry(event: events.Event) -> None:
            if self._kept is None:
                signal.emit(event)
            else:
                self._kept.append((signal, event))

        return carry


def _end(subscriptions: list[Callable[[], None]]) -> None:
    for unsubscribe in subscriptions:
        unsubscribe()
    subscriptions.clear()
