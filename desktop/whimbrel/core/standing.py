"""How conversations stand while messages that came together are taken in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar, cast

from whimbrel.core.outbox import preview
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import Direction, Message
from whimbrel.storage.conversations import ConversationStore

T = TypeVar("T")


class Standing:
    """The conversations of one transaction, shared by all messages in it. Lives no longer than that.

    What their last messages change is written once a conversation: by :meth:`write`, at the end of the transaction and
    before anything else reads or changes such a row. Its methods raise KnownError as :meth:`Database.transaction` does.
    """

    def __init__(self, conversations: ConversationStore) -> None:
        self._conversations = conversations
        self._known: dict[tuple[AccountId, JID], Conversation] = {}
        self._unwritten: dict[ConversationId, Conversation] = {}
        self._read: dict[ConversationId, Message] = {}
        self._asked: dict[tuple[object, AccountId, JID], object] = {}

    def ask(self, find: Callable[[AccountId, JID], T], account_id: AccountId, jid: JID) -> T:
        """What a question about an address is answered, asked once: for what no message changes (who is a contact)."""
        key = find, account_id, jid
        if key not in self._asked:
            self._asked[key] = find(account_id, jid)
        return cast("T", self._asked[key])

    def get(self, account_id: AccountId, jid: JID) -> Conversation:
        """The conversation with an address, made where there is none."""
        key = account_id, jid.bare
        if key not in self._known:
            self._known[key] = self._conversations.get_conversation(*key)
        return self._known[key]

    def note(self, conversation: Conversation) -> None:
        """A conversation was changed on disk."""
        self._known[conversation.account_id, conversation.jid] = conversation

    def add_newest(self, conversation: Conversation, message: Message, *, read: bool, shown: str = "") -> Conversation:
        """A message is the last one now: it is shown in the list, and counted unless it was ``read`` at once.

        A conversation that was put away comes back, unless it is muted.

        Args:
            shown: what the list shows of it, where that is not how its text starts.
        """
        changed = replace(
            conversation,
            unread=0 if read else conversation.unread + 1,
            last_activity=message.time,
            preview=preview(shown or message.body),
            preview_outgoing=message.direction is Direction.OUT,
            archived=conversation.archived and conversation.is_muted(datetime.now(UTC)),
            marked_unread=conversation.marked_unread and not read,
        )
        self.note(changed)
        self._unwritten[changed.id] = changed
        if read:
            self._read[changed.id] = message
        return changed

    def write(self) -> None:
        """Write what :meth:`add_newest` changed."""
        for conversation in self._unwritten.values():
            self._conversations.set_newest(conversation, self._read.get(conversation.id))
        self._unwritten.clear()
        self._read.clear()
