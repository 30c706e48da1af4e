"""Desktop notifications of messages to conversations that nobody looks at."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal, SignalInstance

from whimbrel.core.services import Services
from whimbrel.model.conversation import ConversationId
from whimbrel.model.events import ConversationChanged, MessageAdded, RequestAdded
from whimbrel.platform.settings import Settings
from whimbrel.ui.bridge import Bridge

_CONVERSATION = "conversation:"
_REQUESTS = "requests"
_LONGEST = 300  # characters of a body


class Shows(Protocol):
    """What is needed of ``platform.notify.Notifier``."""

    activated: SignalInstance

    def show(self, key: str, title: str, body: str) -> None:
        """Show or replace a notification."""

    def close(self, key: str) -> None:
        """Take it away."""


class Notifications(QObject):
    """Shows what is new; a click asks for the conversation, and reading it takes the notification away."""

    conversation_requested = Signal(object)  # ConversationId
    requests_requested = Signal()

    def __init__(
        self, services: Services, bridge: Bridge, settings: Settings, notifier: Shows, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._settings = settings
        self._notifier = notifier
        self._shown: set[ConversationId] = set()
        bridge.message_added.connect(self._on_message_added)
        bridge.conversation_changed.connect(self._on_conversation_changed)
        bridge.request_added.connect(self._on_request_added)
        notifier.activated.connect(self._on_activated)

    def _on_message_added(self, event: MessageAdded) -> None:
        message = event.message
        if not event.notify or not self._settings.notifications:
            return
        if self._services.unread.is_viewed(message.conversation_id):
            return
        contact = self._services.roster.find(message.account_id, message.sender.bare)
        title = contact.label if contact is not None else str(message.sender.bare)
        body = " ".join(message.body[: 2 * _LONGEST].split())[:_LONGEST]
        self._shown.add(message.conversation_id)
        self._notifier.show(f"{_CONVERSATION}{message.conversation_id}", title, body)

    def _on_conversation_changed(self, event: ConversationChanged) -> None:
        conversation = event.conversation
        if conversation.unread == 0 and conversation.id in self._shown:
            self._shown.discard(conversation.id)
            self._notifier.close(f"{_CONVERSATION}{conversation.id}")

    def _on_request_added(self, event: RequestAdded) -> None:
        if self._settings.notifications:
            title = QCoreApplication.translate("Notifications", "Contact request")
            self._notifier.show(_REQUESTS, title, str(event.request.jid))

    def _on_activated(self, key: str) -> None:
        if key == _REQUESTS:
            self.requests_requested.emit()
        elif key.startswith(_CONVERSATION) and key.removeprefix(_CONVERSATION).isdigit():
            self.conversation_requested.emit(ConversationId(int(key.removeprefix(_CONVERSATION))))
