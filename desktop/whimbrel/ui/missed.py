"""One notification for each account of what came in while nobody was there, or of too much at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QTimer, Signal

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.events import AccountRemoved, CaughtUp
from whimbrel.model.message import Message
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.names import conversation_name
from whimbrel.ui.notification_rules import Rules, Shows, number_in
from whimbrel.ui.words import new_messages_words

_SUMMARY = "caught-up:"
_GATHERING = 1000  # milliseconds in which what the server kept for us comes in


class Missed(QObject):
    """Sums up, once all of it is here; what is read takes its part in it away, and in the end the notification."""

    conversation_requested = Signal(object)  # ConversationId
    window_requested = Signal()

    def __init__(self, services: Services, bridge: Bridge, rules: Rules, notifier: Shows, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._rules = rules
        self._notifier = notifier
        self._late: dict[AccountId, Counter[ConversationId]] = {}  # what goes into a summary
        self._summaries: dict[AccountId, Counter[ConversationId]] = {}  # what each says is new
        bridge.caught_up.connect(self._on_caught_up)
        bridge.account_removed.connect(self._on_account_removed)
        notifier.activated.connect(self._on_activated)

    def finish(self) -> None:
        """The history is about to be closed."""
        self._late.clear()

    def gather(self, message: Message) -> None:
        """A message belongs into the summary; more are to be expected."""
        late = self._late.setdefault(message.account_id, Counter())
        if not late:
            QTimer.singleShot(_GATHERING, self, lambda: self._on_gathered(message.account_id))
        late[message.conversation_id] += 1

    def forget(self, conversation: Conversation) -> None:
        """A conversation was read, or is gone."""
        summary = self._summaries.get(conversation.account_id)
        if summary is not None and summary.pop(conversation.id, None) is not None and not summary:
            self._close(conversation.account_id)

    def take_settings(self) -> None:
        """The person chose otherwise: what shows now follows."""
        for account_id, summary in list(self._summaries.items()):
            if self._rules.are_on:
                self._notifier.show(f"{_SUMMARY}{account_id}", *self._describe(summary), only_there=True)
            else:
                self._close(account_id)

    def _close(self, account_id: AccountId) -> None:
        if self._summaries.pop(account_id, None) is not None:
            self._notifier.close(f"{_SUMMARY}{account_id}")

    def _on_account_removed(self, event: AccountRemoved) -> None:
        self._close(event.account_id)

    def _on_gathered(self, account_id: AccountId) -> None:
        self._sum_up(account_id, self._late.pop(account_id, Counter()))

    def _on_caught_up(self, event: CaughtUp) -> None:
        self._sum_up(event.account_id, event.counts)

    def _sum_up(self, account_id: AccountId, counts: Mapping[ConversationId, int]) -> None:
        news = self._unread_of(counts)
        if not news or not self._rules.may_tell():
            return
        summary = self._summaries.setdefault(account_id, Counter())
        summary.update(news)
        heard = self._rules.take_sound()
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
        messages = new_messages_words(sum(summary.values()))
        conversation = self._services.conversations.find(next(iter(summary))) if len(summary) == 1 else None
        if conversation is not None and self._rules.shows_content:
            return conversation_name(self._services, conversation.account_id, conversation.jid), messages
        if len(summary) == 1:
            return "Whimbrel", messages
        conversations = self.tr("%n conversations", "", len(summary))
        words = self.tr("{messages} in {conversations}")
        return "Whimbrel", words.replace("{messages}", messages).replace("{conversations}", conversations)

    def _on_activated(self, key: str) -> None:
        if (account_id := number_in(key, _SUMMARY)) is None:
            return
        summary = self._summaries.get(AccountId(account_id)) or Counter()
        if len(summary) == 1:
            self.conversation_requested.emit(next(iter(summary)))
        else:
            self.window_requested.emit()
