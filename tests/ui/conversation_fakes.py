"""A conversation without a database: what the timeline and the pane need of the core, in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QObject, Signal
from tests.helpers.fake_history import FakeHistory

from whimbrel.model.account import AccountId, ConnectionState, ConnectionStatus
from whimbrel.model.archive import Coverage
from whimbrel.model.contact import Availability, Contact, Presence
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.errors import KnownError
from whimbrel.model.events import HistoryChanged, MessageAdded, MessageChanged, MessageRemoved
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Direction, Message, MessageId

BOB = JID.parse("bob@example.org")
ALICE = JID.parse("alice@example.org")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class FakeBridge(QObject):
    """The signals of the bridge that a conversation listens to."""

    message_added = Signal(object)
    message_changed = Signal(object)
    message_removed = Signal(object)
    messages_annotated = Signal(object)
    contact_changed = Signal(object)
    contact_removed = Signal(object)
    presence_changed = Signal(object)
    presences_cleared = Signal(object)
    roster_replaced = Signal(object)
    connection_changed = Signal(object)
    history_changed = Signal(object)
    typing_changed = Signal(object)


class FakeTalk:
    """One conversation and the services around it, as ``services``."""

    def __init__(self, count: int = 0, unread: int = 0) -> None:
        self.bridge = FakeBridge()
        self.messages: list[Message] = []
        self.drafts: dict[ConversationId, str] = {}
        self.viewed: list[bool] = []
        self.retried: list[MessageId] = []
        self.fail: KnownError | None = None
        self.history = FakeHistory()
        self.first_unread: MessageId | None = None
        self.conversation = Conversation(ConversationId(1), AccountId(1), BOB, unread=unread)
        self.contact: Contact | None = Contact(AccountId(1), BOB, "Bob Martens")
        for number in range(count):
            self.messages.append(self.make(f"message {number}", NOON + timedelta(minutes=number)))
        if unread:
            self.first_unread = self.messages[-unread].id
        conversations = SimpleNamespace(
            latest=lambda _id, limit: self.messages[-limit:],
            before=self._before,
            after=self._after,
            message=lambda id_: next((m for m in self.messages if m.id == id_), None),
            first_since=lambda _id, moment: next((m for m in self.messages if m.time >= moment), None),
            first_unread=lambda _id: self.first_unread,
            draft=lambda id_: self.drafts.get(id_, ""),
            set_draft=self._set_draft,
            find=lambda _id: self.conversation,
        )
        self.services: Any = SimpleNamespace(
            offer=_no_offer,
            find_offer=lambda _port: None,
            conversations=conversations,
            history=self.history,
            outbox=SimpleNamespace(submit=self._submit, retry=self.retried.append, discard=self.remove),
            unread=SimpleNamespace(set_viewed=lambda _id, viewed: self.viewed.append(viewed)),
            roster=SimpleNamespace(find=lambda _account, _jid: self.contact),
            presence=SimpleNamespace(
                known=lambda _account: True,
                best=lambda _account, _jid: Presence(Availability.ONLINE, "at the studio"),
            ),
            accounts=SimpleNamespace(
                status=lambda _account: ConnectionStatus(ConnectionState.ONLINE),
                find=lambda _account: SimpleNamespace(jid=ALICE),
            ),
        )

    def make(
        self,
        body: str,
        time: datetime | None = None,
        *,
        out: bool = False,
        state: DeliveryState | None = None,
        error: str = "",
    ) -> Message:
        """A message that is not in the conversation yet."""
        self._next = getattr(self, "_next", 0) + 1
        last = self.messages[-1].time if self.messages else NOON
        return Message(
            MessageId(self._next),
            AccountId(1),
            ConversationId(1),
            Direction.OUT if out else Direction.IN,
            ALICE if out else BOB,
            body,
            time if time is not None else last + timedelta(minutes=1),
            state or (DeliveryState.SENT if out else DeliveryState.RECEIVED),
            error=error,
        )

    def add(self, body: str, time: datetime | None = None, *, notify: bool = True, **options: Any) -> Message:
        """Store a message and tell of it; ``notify`` False: it comes from the archive."""
        message = self.make(body, time, **options)
        self.messages.append(message)
        self.messages.sort(key=lambda m: (m.time, m.id))
        self.bridge.message_added.emit(MessageAdded(message, notify=notify))
        return message

    def change(self, message: Message, **changes: Any) -> Message:
        """Change a stored message and tell of it."""
        changed = replace(message, **changes)
        self.messages[self.messages.index(message)] = changed
        self.messages.sort(key=lambda m: (m.time, m.id))
        self.bridge.message_changed.emit(MessageChanged(changed))
        return changed

    def cover(self, coverage: Coverage) -> None:
        """Say what is here of the history, and that it changed."""
        self.history.covered[self.conversation.id] = coverage
        self.bridge.history_changed.emit(HistoryChanged(self.conversation.account_id, self.conversation.id))

    def remove(self, message_id: MessageId) -> None:
        """Discard a stored message and tell of it."""
        message = next(m for m in self.messages if m.id == message_id)
        self.messages.remove(message)
        self.bridge.message_removed.emit(MessageRemoved(message))

    def _before(self, message: Message, limit: int) -> list[Message]:
        return self.messages[: self.messages.index(message)][-limit:]

    def _after(self, message: Message, limit: int) -> list[Message]:
        return self.messages[self.messages.index(message) + 1 :][:limit]

    def _set_draft(self, conversation_id: ConversationId, text: str) -> None:
        if self.fail is not None:
            raise self.fail
        self.drafts[conversation_id] = text

    def _submit(self, conversation_id: ConversationId, body: str) -> Message:
        if self.fail is not None:
            raise self.fail
        self.drafts.pop(conversation_id, None)
        return self.add(body, out=True, state=DeliveryState.QUEUED)


def _no_offer(port: type) -> None:
    raise LookupError(f"no feature offers {port.__name__}")
