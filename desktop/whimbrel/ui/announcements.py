"""What a screen reader is told by itself: new messages, the connection, what failed.

Politely: it waits until what is being read has ended. Only failures interrupt.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from whimbrel.core.services import Services
from whimbrel.model.account import ConnectionState
from whimbrel.model.conversation import ConversationId
from whimbrel.model.events import MessageAdded, MessageChanged
from whimbrel.model.message import DeliveryState, MessageId
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.joining import told_of
from whimbrel.ui.models.timeline_row import ME, is_action
from whimbrel.ui.names import conversation_name
from whimbrel.ui.notification_rules import Rules
from whimbrel.ui.status.connection import ConnectionWatch
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.words import new_messages_words, not_sent_words

LONGEST = 200
"""Characters of a message that are read out; the rest is in its conversation."""

_MOMENT = 400  # milliseconds in which messages of one conversation are said in one sentence
_STEADY = 1_500  # milliseconds that a connection's state lasts before it is said: a flapping one is not


class Announcements(QObject):
    """Says what happens elsewhere in the program, as long as one of its windows has the keyboard.

    What is new in the conversation that is looked at, its timeline says; what comes while another program is used,
    the desktop's notification does. Nothing is said of what the person has muted.

    Args:
        window: on whose behalf is spoken.
        say: speaks.
    """

    def __init__(
        self,
        window: QWidget,
        services: Services,
        bridge: Bridge,
        watch: ConnectionWatch,
        rules: Rules,
        say: Callable[..., None] = announce,
    ) -> None:
        super().__init__(window)
        self._window, self._services, self._watch, self._rules, self._say = window, services, watch, rules, say
        self._news: dict[ConversationId, list[MessageId]] = {}
        self._moment = QTimer(self, singleShot=True, interval=_MOMENT)
        self._moment.timeout.connect(self._tell_news)
        self._pending = self._said = ""  # of the connection
        self._steady = QTimer(self, singleShot=True, interval=_STEADY)
        self._steady.timeout.connect(self._tell_connection)
        bridge.message_added.connect(self._on_message_added)
        bridge.message_changed.connect(self._on_message_changed)
        watch.changed.connect(self._on_connection_changed)
        self._on_connection_changed()

    def _on_message_added(self, event: MessageAdded) -> None:
        conversation_id = event.message.conversation_id
        if event.notify and not self._services.unread.is_viewed(conversation_id):
            self._news.setdefault(conversation_id, []).append(event.message.id)
            if not self._moment.isActive():
                self._moment.start()

    def _tell_news(self) -> None:
        """Several messages of one conversation are their number and the last of them."""
        news, self._news = self._news, {}
        if QApplication.activeWindow() is None:
            return
        for conversation_id, ids in news.items():
            conversation = self._services.conversations.find(conversation_id)
            if conversation is None or not self._rules.may_tell(conversation):
                continue
            if not self._rules.shows_content:
                self._say(self._window, new_messages_words(len(ids)))
                continue
            name = conversation_name(self._services, conversation.account_id, conversation.jid)
            several = new_messages_words(len(ids)) if len(ids) > 1 else ""
            self._say(self._window, told_of(name, told_of(several, self._text(ids[-1], name))))

    def _text(self, message_id: MessageId, name: str) -> str:
        message = self._services.conversations.message(message_id)
        if message is None or message.retracted:
            return ""
        body = name + message.body[len(ME) :] if is_action(message.body) else message.body
        return " ".join(body[: 2 * LONGEST].split())[:LONGEST]

    def _on_message_changed(self, event: MessageChanged) -> None:
        """What failed where one looks, the timeline says."""
        message = event.message
        if message.state is not DeliveryState.FAILED or self._services.unread.is_viewed(message.conversation_id):
            return
        conversation = self._services.conversations.find(message.conversation_id)
        if conversation is not None:
            name = conversation_name(self._services, conversation.account_id, conversation.jid)
            self._say(self._window, told_of(name, not_sent_words()), urgent=True)

    def _on_connection_changed(self) -> None:
        words = self._watch.steady_words if self._watch.account is not None else ""
        if words != self._pending:
            self._pending = words
            self._steady.start()

    def _tell_connection(self) -> None:
        if self._pending and self._pending != self._said:
            self._say(self._window, self._pending, urgent=self._watch.status.state is ConnectionState.FAILED)
        self._said = self._pending
