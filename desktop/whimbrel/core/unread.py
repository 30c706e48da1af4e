"""What has not been read yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from whimbrel.core.bus import Bus
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.errors import KnownError
from whimbrel.model.events import ConversationChanged, ConversationRead
from whimbrel.model.message import Message
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore

NoteRead = Callable[[Conversation, Message], None]
"""See ``Feature.note_read``."""


class Unread:
    """Counts unread messages; a conversation that is being looked at has none.

    Args:
        kick: sends what was queued.
    """

    def __init__(
        self,
        bus: Bus,
        database: Database,
        conversations: ConversationStore,
        messages: MessageStore,
        kick: Callable[[AccountId], None],
    ) -> None:
        self._bus = bus
        self._database = database
        self._conversations = conversations
        self._messages = messages
        self._kick = kick
        self._viewed: set[ConversationId] = set()
        self._notes: tuple[NoteRead, ...] = ()

    def set_notes(self, notes: Iterable[NoteRead]) -> None:
        """Give what is to be done with what the person reads, once, before anything is read."""
        self._notes = tuple(notes)

    def total(self) -> int:
        """Over all conversations."""
        return sum(conversation.unread for conversation in self._conversations.list_conversations())

    def mark_read(self, conversation_id: ConversationId) -> None:
        """Everything in a conversation was seen. Raises KnownError DISK_FULL: then nothing was."""
        conversation = self._conversations.find_conversation(conversation_id)
        if conversation is not None and conversation.marked_unread and not conversation.unread:
            self._set_marked(conversation_id, False)
        if conversation is None or not conversation.unread:
            return
        with self._database.transaction():
            self._conversations.set_unread(conversation_id, 0)
            changed = self._conversations.find_conversation(conversation_id) or conversation
            message = self.read_position(conversation_id)
            if message is not None:
                self.note_read(changed, message)
        self._bus.publish(ConversationChanged(changed))
        if message is not None:
            self._bus.publish(ConversationRead(changed, message))
            self._kick(changed.account_id)

    def mark_unread(self, conversation_id: ConversationId) -> None:
        """The person wants to come back to a conversation in which nothing is new. Nobody else is told.

        It lasts until they look at it or write there, or something of it is read elsewhere.

        Raises:
            KnownError: DISK_FULL.
        """
        self._set_marked(conversation_id, True)

    def _set_marked(self, conversation_id: ConversationId, marked: bool) -> None:
        self._conversations.mark_unread(conversation_id, marked)
        if (conversation := self._conversations.find_conversation(conversation_id)) is not None:
            self._bus.publish(ConversationChanged(conversation))

    def note_read(self, conversation: Conversation, message: Message) -> None:
        """The person read up to a message: queue what is to be told of it, in the caller's transaction.

        A fault of one who tells is loud, and keeps no other from it. Raises KnownError DISK_FULL.
        """
        for note in self._notes:
            try:
                with self._database.transaction():
                    note(conversation, message)
            except KnownError:
                raise
            except Exception as error:  # noqa: BLE001 - loud; and the person has read it all the same
                self._bus.on_fault(error)

    def read_position(self, conversation_id: ConversationId) -> Message | None:
        """The last incoming message that was read."""
        return self._messages.find_last_incoming(conversation_id, *self._conversations.read_position(conversation_id))

    def set_viewed(self, conversation_id: ConversationId, viewed: bool) -> None:
        """Whether a conversation is being looked at (open, at its end, window active): then nothing counts."""
        if not viewed:
            self._viewed.discard(conversation_id)
            return
        self._viewed.add(conversation_id)
        self.mark_read(conversation_id)

    def is_viewed(self, conversation_id: ConversationId) -> bool:
        """Whether a conversation is being looked at now."""
        return conversation_id in self._viewed
