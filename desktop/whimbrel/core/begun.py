"""What was begun in a conversation besides a text: a correction, an answer, files. Offered as :class:`Begun`."""

from __future__ import annotations

from collections.abc import Sequence

from whimbrel.core.bus import Bus
from whimbrel.model.conversation import ConversationId
from whimbrel.model.draft import DraftEdit, DraftFile
from whimbrel.model.events import ConversationChanged
from whimbrel.model.message import MessageId
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.drafts import DraftStore


class Begun:
    """Keeps it over the program's end. Methods that write raise KnownError DISK_FULL; then nothing changed."""

    def __init__(self, bus: Bus, drafts: DraftStore, conversations: ConversationStore) -> None:
        self._bus = bus
        self._drafts = drafts
        self._conversations = conversations

    def edit(self, conversation_id: ConversationId) -> DraftEdit | None:
        """The correction that is being written."""
        return self._drafts.find_edit(conversation_id)

    def set_edit(self, conversation_id: ConversationId, edit: DraftEdit | None) -> None:
        """Keep it; None: there is none."""
        self._drafts.set_edit(conversation_id, edit)
        self._announce(conversation_id)

    def answered(self, conversation_id: ConversationId) -> MessageId | None:
        """The message that is being answered."""
        return self._drafts.find_answered(conversation_id)

    def set_answered(self, conversation_id: ConversationId, message_id: MessageId | None) -> None:
        """Keep it; None: none is."""
        self._drafts.set_answered(conversation_id, message_id)

    def files(self, conversation_id: ConversationId) -> list[DraftFile]:
        """The files that were chosen, in their order."""
        return self._drafts.list_files(conversation_id)

    def set_files(self, conversation_id: ConversationId, files: Sequence[DraftFile]) -> None:
        """Keep them, instead of those before."""
        self._drafts.set_files(conversation_id, files)
        self._announce(conversation_id)

    def _announce(self, conversation_id: ConversationId) -> None:
        """The list of chats shows what was begun."""
        if (conversation := self._conversations.find_conversation(conversation_id)) is not None:
            self._bus.publish(ConversationChanged(conversation))
