"""Desktop notifications of messages to conversations that nobody looks at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from whimbrel.core.services import Services
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.errors import KnownError
from whimbrel.model.events import (
    AttentionAsked,
    ConversationChanged,
    ConversationRemoved,
    MessageAdded,
    MessageChanged,
    MessageRemoved,
)
from whimbrel.model.message import MessageId
from whimbrel.platform.settings import Settings
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.missed import Missed
from whimbrel.ui.models.timeline_row import ME, is_action
from whimbrel.ui.names import conversation_name
from whimbrel.ui.notification_rules import Rules, Shows, number_in
from whimbrel.ui.request_notice import RequestNotice
from whimbrel.ui.theme.avatar import paint_avatar
from whimbrel.ui.words import new_messages_words

_CONVERSATION = "conversation:"
_LONGEST = 300  # characters of a body
_MOMENT = 250  # milliseconds in which messages of one conversation make one notification
_MOST_AT_ONCE = 5  # conversations of a moment that get one each; the rest is summed up
_PICTURE = 96  # pixels
_LATE = timedelta(minutes=1)
"""How old a message is that comes live, but was sent while we were away."""


class Notifications(QObject):
    """Shows what is new; a click asks for the conversation, and reading it, here or elsewhere, takes it away.

    There is one for each conversation, which follows what becomes of its messages: it tells how many came since
    something was read there, and the last of them as it is now. What came in while we were away is summed up. Nothing
    is shown of what is muted, nor while the person is Busy or something fills the screen.

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
        self._services = services
        self._notifier = notifier
        self._rules = Rules(services, settings, is_screen_full)
        self._news: dict[ConversationId, dict[MessageId, None]] = {}  # what each tells of, in order
        self._waiting: set[ConversationId] = set()  # to be shown when the moment is over
        self._calls: set[ConversationId] = set()  # somebody asks for attention
        self._missed = Missed(services, bridge, self._rules, notifier, self)
        self._missed.conversation_requested.connect(self.conversation_requested)
        self._missed.window_requested.connect(self.window_requested)
        self._requests = RequestNotice(services, bridge, self._rules, notifier, self)
        self._requests.requests_requested.connect(self.requests_requested)
        self._connect(bridge, notifier)
        settings.changed.connect(self._on_setting_changed)

    def _connect(self, bridge: Bridge, notifier: Shows) -> None:
        bridge.message_added.connect(self._on_message_added)
        bridge.message_changed.connect(self._on_message_changed)
        bridge.message_removed.connect(self._on_message_removed)
        bridge.conversation_changed.connect(self._on_conversation_changed)
        bridge.conversation_removed.connect(self._on_conversation_removed)
        bridge.attention_asked.connect(self._on_attention_asked)
        notifier.activated.connect(self._on_activated)
        notifier.reply_requested.connect(self._on_activated)
        notifier.read_requested.connect(self._on_read_requested)
        notifier.replied.connect(self._on_replied)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def finish(self) -> None:
        """The history is about to be closed: what waits to be shown is not."""
        self._waiting.clear()
        self._missed.finish()
        self._requests.finish()

    def _on_setting_changed(self, name: str) -> None:
        """The person chose otherwise: what shows now follows."""
        if name not in ("notifications", "notification_content"):
            return
        for conversation_id in {*self._news, *self._calls}:
            if self._rules.are_on:
                self._follow(conversation_id)
            else:
                self._forget(conversation_id)
        self._missed.take_settings()
        self._requests.take_settings()

    # as they come

    def _on_message_added(self, event: MessageAdded) -> None:
        message = event.message
        conversation_id = message.conversation_id
        if not event.notify or not self._rules.are_on or self._services.unread.is_viewed(conversation_id):
            return
        is_waiting = conversation_id in self._waiting
        if datetime.now(UTC) - message.time > _LATE or (not is_waiting and len(self._waiting) >= _MOST_AT_ONCE):
            self._missed.gather(message)
            return
        self._news.setdefault(conversation_id, {})[message.id] = None
        if not is_waiting:
            self._waiting.add(conversation_id)
            self._draw(conversation_id)  # which lets a picture be loaded until then
            QTimer.singleShot(_MOMENT, self, lambda: self._on_moment_over(conversation_id))

    def _on_moment_over(self, conversation_id: ConversationId) -> None:
        """Show what came in it and was not read meanwhile."""
        if conversation_id not in self._waiting:
            return
        self._waiting.discard(conversation_id)
        conversation = self._services.conversations.find(conversation_id)
        if conversation is None or not self._rules.may_tell(conversation):
            self._news.pop(conversation_id, None)
        else:
            self._calls.discard(conversation_id)  # who writes after a call takes its place
            self._show(conversation, is_new=True)

    def _show(self, conversation: Conversation, *, is_new: bool) -> None:
        """Tell how things stand. What is not new replaces only what still shows."""
        news = self._news[conversation.id]
        count = new_messages_words(len(news))
        title, body, picture = "Whimbrel", count, None
        if self._rules.shows_content:
            title = conversation_name(self._services, conversation.account_id, conversation.jid)
            text = self._text(conversation, next(reversed(news)))
            body = text if len(news) == 1 else f"{count}\n{text}"
            picture = self._draw(conversation.id)
        self._notifier.show(
            _key(conversation.id),
            title,
            body,
            answerable=True,
            heard=is_new and self._rules.take_sound(),
            only_there=not is_new,
            picture=picture,
        )

    def _text(self, conversation: Conversation, message_id: MessageId) -> str:
        """What a message says, on one line; a file by its name, as the list of chats has it."""
        message = self._services.conversations.message(message_id)
        if message is None:
            return ""
        if message.body.startswith("http") and message.time == conversation.last_activity:
            return conversation.preview
        body = message.body
        if is_action(body):
            body = conversation_name(self._services, conversation.account_id, conversation.jid) + body[len(ME) :]
        return " ".join(body[: 2 * _LONGEST].split())[:_LONGEST]

    def _draw(self, conversation_id: ConversationId) -> QImage | None:
        """The picture of whom a conversation is with; their initial where there is none, or not yet."""
        conversation = self._services.conversations.find(conversation_id)
        if conversation is None or not self._rules.shows_content:
            return None
        image = QImage(_PICTURE, _PICTURE, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        name = conversation_name(self._services, conversation.account_id, conversation.jid)
        painter = QPainter(image)
        paint_avatar(painter, QRectF(image.rect()), conversation.jid, name, None, QColor(Qt.GlobalColor.transparent))
        painter.end()
        return image

    # what becomes of it

    def _on_message_changed(self, event: MessageChanged) -> None:
        message = event.message
        if message.id in self._news.get(message.conversation_id, {}):
            if message.retracted:
                self._take_out(message.conversation_id, message.id)
            else:
                self._follow(message.conversation_id)

    def _on_message_removed(self, event: MessageRemoved) -> None:
        self._take_out(event.message.conversation_id, event.message.id)

    def _take_out(self, conversation_id: ConversationId, message_id: MessageId) -> None:
        """A message is no more: nothing is told of it."""
        news = self._news.get(conversation_id, {})
        if message_id not in news:
            return
        del news[message_id]
        if news:
            self._follow(conversation_id)
        else:
            self._forget(conversation_id)

    def _follow(self, conversation_id: ConversationId) -> None:
        conversation = self._services.conversations.find(conversation_id)
        if conversation is None or conversation_id in self._waiting:
            return
        if conversation_id in self._calls:
            self._show_call(conversation, is_new=False)
        else:
            self._show(conversation, is_new=False)

    def _on_conversation_changed(self, event: ConversationChanged) -> None:
        conversation = event.conversation
        news = self._news.get(conversation.id, {})
        if not conversation.unread:
            self._forget(conversation.id)
            self._missed.forget(conversation)
        elif len(news) > conversation.unread:  # some of it was read elsewhere
            for message_id in list(news)[: -conversation.unread]:
                del news[message_id]
            self._follow(conversation.id)

    def _on_conversation_removed(self, event: ConversationRemoved) -> None:
        self._forget(event.conversation.id)
        self._missed.forget(event.conversation)

    def _forget(self, conversation_id: ConversationId) -> None:
        self._waiting.discard(conversation_id)
        if self._news.pop(conversation_id, None) is not None or conversation_id in self._calls:
            self._calls.discard(conversation_id)
            self._notifier.close(_key(conversation_id))

    # who asks for attention

    def _on_attention_asked(self, event: AttentionAsked) -> None:
        conversation = self._services.conversations.open(event.account_id, event.jid)
        if not self._rules.may_tell(conversation) or self._services.unread.is_viewed(conversation.id):
            return
        self._calls.add(conversation.id)
        self._show_call(conversation, is_new=True)
        self.attention_shown.emit()

    def _show_call(self, conversation: Conversation, *, is_new: bool) -> None:
        title, picture = "Whimbrel", None
        if self._rules.shows_content:
            title = conversation_name(self._services, conversation.account_id, conversation.jid)
            picture = self._draw(conversation.id)
        self._notifier.show(
            _key(conversation.id),
            title,
            self.tr("Asks for your attention"),
            heard=is_new and self._rules.take_sound(),
            urgent=True,
            only_there=not is_new,
            picture=picture,
        )

    def _on_focus_changed(self) -> None:
        """Whoever asked for attention has it where their conversation is looked at, also if nothing is new in it."""
        if self._calls:
            QTimer.singleShot(0, self, self._look_at_calls)

    def _look_at_calls(self) -> None:
        for conversation_id in [one for one in self._calls if self._services.unread.is_viewed(one)]:
            self._forget(conversation_id)

    # what the person does

    def _on_activated(self, key: str) -> None:
        if (number := number_in(key, _CONVERSATION)) is not None:
            self.conversation_requested.emit(ConversationId(number))

    def _on_read_requested(self, key: str) -> None:
        if (number := number_in(key, _CONVERSATION)) is not None:
            self._try(lambda: self._services.unread.mark_read(ConversationId(number)))

    def _on_replied(self, key: str, text: str) -> None:
        number = number_in(key, _CONVERSATION)
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


def _key(conversation_id: ConversationId) -> str:
    return f"{_CONVERSATION}{conversation_id}"
