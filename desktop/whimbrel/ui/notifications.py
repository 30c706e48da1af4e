"""Desktop notifications of messages to conversations that nobody looks at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.contact import Availability
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.errors import KnownError
from whimbrel.model.events import (
    AccountRemoved,
    AttentionAsked,
    CaughtUp,
    ConversationChanged,
    MessageAdded,
    RequestAdded,
)
from whimbrel.model.message import Message
from whimbrel.platform.settings import Settings
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.names import conversation_name

_CONVERSATION = "conversation:"
_SUMMARY = "caught-up:"
_REQUESTS = "requests"
_LONGEST = 300  # characters of a body
_MOMENT = 250  # milliseconds in which messages of one conversation make one notification
_GATHERING = 1000  # milliseconds in which what the server kept for us comes in
_LATE = timedelta(minutes=1)
"""How old a message is that comes live, but was sent while we were away."""


class Shows(Protocol):
    """What is needed of ``platform.notify.Notifier``."""

    activated: SignalInstance
    read_requested: SignalInstance
    reply_requested: SignalInstance
    replied: SignalInstance

    def show(
        self,
        key: str,
        title: str,
        body: str,
        *,
        answerable: bool = False,
        heard: bool = False,
        urgent: bool = False,
    ) -> None:
        """Show or replace a notification."""

    def close(self, key: str) -> None:
        """Take it away."""


class Notifications(QObject):
    """Shows what is new; a click asks for the conversation, and reading it, here or elsewhere, takes it away.

    What came in while we were away makes one notification for each account, once all of it is here. Nothing is shown of
    what is muted, nor while the person is Busy or something fills the screen.

    Args:
        is_screen_full: whether a program other than this one fills the screen.
    """

    conversation_requested = Signal(object)  # ConversationId
    window_requested = Signal()
    requests_requested = Signal()
    attention_shown = Signal()
    failed = Signal(object)  # KnownError: what was asked for by a notification could not be done

    def __init__(
        self,
        services: Services,
        bridge: Bridge,
        settings: Settings,
        notifier: Shows,
        parent: QObject | None = None,
        *,
        is_screen_full: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(parent)
        self._is_screen_full = is_screen_full
        self._services = services
        self._settings = settings
        self._notifier = notifier
        self._waiting: dict[ConversationId, list[Message]] = {}  # shown together when the moment is over
        self._shown: set[ConversationId] = set()
        self._late: dict[AccountId, Counter[ConversationId]] = {}  # what goes into a summary
        self._summaries: dict[AccountId, Counter[ConversationId]] = {}  # what each says is new
        bridge.message_added.connect(self._on_message_added)
        bridge.conversation_changed.connect(self._on_conversation_changed)
        bridge.caught_up.connect(self._on_caught_up)
        bridge.account_removed.connect(self._on_account_removed)
        bridge.request_added.connect(self._on_request_added)
        bridge.attention_asked.connect(self._on_attention_asked)
        notifier.activated.connect(self._on_activated)
        notifier.reply_requested.connect(self._on_activated)
        notifier.read_requested.connect(self._on_read_requested)
        notifier.replied.connect(self._on_replied)

    def finish(self) -> None:
        """The history is about to be closed: what waits to be shown is not."""
        self._waiting.clear()
        self._late.clear()

    # as they come

    def _on_message_added(self, event: MessageAdded) -> None:
        message = event.message
        if not event.notify or not self._settings.notifications:
            return
        conversation_id = message.conversation_id
        if self._services.unread.is_viewed(conversation_id):
            return
        if datetime.now(UTC) - message.time > _LATE:
            self._gather(message)
            return
        waiting = self._waiting.setdefault(conversation_id, [])
        waiting.append(message)
        if len(waiting) == 1:
            QTimer.singleShot(_MOMENT, self, lambda: self._show(conversation_id))

    def _show(self, conversation_id: ConversationId) -> None:
        """The moment is over: show what came in it and was not read meanwhile."""
        messages = self._waiting.pop(conversation_id, [])
        conversation = self._services.conversations.find(conversation_id)
        if not messages or conversation is None or not self._may_show(conversation):
            return
        count = self._count(len(messages))
        title, body = "Whimbrel", count
        if self._settings.notification_content:
            text = " ".join(messages[-1].body[: 2 * _LONGEST].split())[:_LONGEST]
            title = conversation_name(self._services, conversation.account_id, conversation.jid)
            body = text if len(messages) == 1 else f"{count}\n{text}"
        self._shown.add(conversation_id)
        heard = self._settings.notification_sound
        self._notifier.show(f"{_CONVERSATION}{conversation_id}", title, body, answerable=True, heard=heard)

    def _may_show(self, conversation: Conversation | None = None) -> bool:
        """Whether the person wants to be told now, of this conversation."""
        if not self._settings.notifications or self._services.presence.own.availability is Availability.BUSY:
            return False
        if conversation is not None and conversation.is_muted(datetime.now(UTC)):
            return False
        return not self._is_screen_full()

    # what was read

    def _on_conversation_changed(self, event: ConversationChanged) -> None:
        conversation = event.conversation
        if conversation.unread:
            return
        self._waiting.pop(conversation.id, None)
        if conversation.id in self._shown:
            self._shown.discard(conversation.id)
            self._notifier.close(f"{_CONVERSATION}{conversation.id}")
        summary = self._summaries.get(conversation.account_id)
        if summary is not None and summary.pop(conversation.id, None) is not None and not summary:
            self._close_summary(conversation.account_id)

    def _close_summary(self, account_id: AccountId) -> None:
        if self._summaries.pop(account_id, None) is not None:
            self._notifier.close(f"{_SUMMARY}{account_id}")

    def _on_account_removed(self, event: AccountRemoved) -> None:
        self._close_summary(event.account_id)

    # what came in while we were away

    def _gather(self, message: Message) -> None:
        """The server kept it for us; more are to be expected."""
        late = self._late.setdefault(message.account_id, Counter())
        if not late:
            QTimer.singleShot(_GATHERING, self, lambda: self._on_gathered(message.account_id))
        late[message.conversation_id] += 1

    def _on_gathered(self, account_id: AccountId) -> None:
        self._sum_up(account_id, self._late.pop(account_id, Counter()))

    def _on_caught_up(self, event: CaughtUp) -> None:
        self._sum_up(event.account_id, event.counts)

    def _sum_up(self, account_id: AccountId, counts: Mapping[ConversationId, int]) -> None:
        news = self._unread_of(counts)
        if not news or not self._may_show():
            return
        summary = self._summaries.setdefault(account_id, Counter())
        summary.update(news)
        heard = self._settings.notification_sound
        self._notifier.show(f"{_SUMMARY}{account_id}", *self._describe(summary), heard=heard)

    def _unread_of(self, counts: Mapping[ConversationId, int]) -> dict[ConversationId, int]:
        """What of it nobody has read yet, here or elsewhere, nor reads now, and is not muted."""
        unread, now = {}, datetime.now(UTC)
        for conversation_id, count in counts.items():
            conversation = self._services.conversations.find(conversation_id)
            left = 0 if conversation is None or conversation.is_muted(now) else min(count, conversation.unread)
            if left and not self._services.unread.is_viewed(conversation_id):
                unread[conversation_id] = left
        return unread

    def _describe(self, summary: Mapping[ConversationId, int]) -> tuple[str, str]:
        """Title and text of what was missed."""
        messages = self._count(sum(summary.values()))
        conversation = self._services.conversations.find(next(iter(summary))) if len(summary) == 1 else None
        if conversation is not None:
            names = self._settings.notification_content
            key = conversation.account_id, conversation.jid
            return conversation_name(self._services, *key) if names else "Whimbrel", messages
        conversations = self.tr("%n conversations", "", len(summary))
        words = self.tr("{messages} in {conversations}")
        return "Whimbrel", words.replace("{messages}", messages).replace("{conversations}", conversations)

    def _count(self, count: int) -> str:
        return self.tr("1 new message") if count == 1 else self.tr("%n new messages", "", count)

    # the rest

    def _on_request_added(self, event: RequestAdded) -> None:
        if self._may_show():
            title = self.tr("Contact request")
            body = str(event.request.jid) if self._settings.notification_content else ""
            self._notifier.show(_REQUESTS, title, body)

    def _on_attention_asked(self, event: AttentionAsked) -> None:
        conversation = self._services.conversations.open(event.account_id, event.jid)
        if not self._may_show(conversation):
            return
        name = conversation_name(self._services, event.account_id, event.jid)
        title = name if self._settings.notification_content else "Whimbrel"
        heard = self._settings.notification_sound
        key = f"{_CONVERSATION}{conversation.id}"
        self._notifier.show(key, title, self.tr("Asks for your attention"), heard=heard, urgent=True)
        self._shown.add(conversation.id)
        self.attention_shown.emit()

    def _on_read_requested(self, key: str) -> None:
        if (conversation_id := _number(key, _CONVERSATION)) is not None:
            self._try(lambda: self._services.unread.mark_read(ConversationId(conversation_id)))

    def _on_replied(self, key: str, text: str) -> None:
        number = _number(key, _CONVERSATION)
        conversation = self._services.conversations.find(ConversationId(number)) if number is not None else None
        if conversation is None or not text.strip():
            return

        def answer() -> None:
            self._services.outbox.submit(conversation.id, text.strip(), is_draft=False)
            self._services.unread.mark_read(conversation.id)

        self._try(answer)

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except KnownError as error:
            self.failed.emit(error)

    def _on_activated(self, key: str) -> None:
        if key == _REQUESTS:
            self.requests_requested.emit()
        elif (conversation_id := _number(key, _CONVERSATION)) is not None:
            self.conversation_requested.emit(ConversationId(conversation_id))
        elif (account_id := _number(key, _SUMMARY)) is not None:
            summary = self._summaries.get(AccountId(account_id)) or Counter()
            if len(summary) == 1:
                self.conversation_requested.emit(next(iter(summary)))
            else:
                self.window_requested.emit()


def _number(key: str, prefix: str) -> int | None:
    """What follows a prefix; None where it is no number."""
    rest = key.removeprefix(prefix)
    return int(rest) if rest != key and rest.isascii() and rest.isdigit() else None
