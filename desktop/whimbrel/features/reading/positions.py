"""Positions that other devices tell: applied where their message is here, kept until it comes where it is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.read_elsewhere import read_up_to
from whimbrel.features.reading import wire
from whimbrel.features.reading.wire import Position
from whimbrel.model.account import AccountId
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.envelope import Source
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.read_states import ReadStateStore


class Positions:
    """What the server tells of what was read. Its methods raise KnownError DISK_FULL."""

    def __init__(
        self, database: Database, states: ReadStateStore, conversations: ConversationStore, messages: MessageStore
    ) -> None:
        self._database = database
        self._states = states
        self._conversations = conversations
        self._messages = messages
        self._told: dict[tuple[AccountId, JID], str] = {}  # as the server has it
        self._expected: set[tuple[AccountId, str]] = set()  # at least what is awaited on disk
        self._read_expected()

    def begin(self, account_id: AccountId) -> None:
        """A new session: what the server has is not known."""
        self._told = {key: value for key, value in self._told.items() if key[0] != account_id}

    def note_told(self, account_id: AccountId, position: Position) -> None:
        """The server has a position."""
        self._told[account_id, position.jid] = position.stanza_id

    def is_told(self, account_id: AccountId, position: Position) -> bool:
        """Whether the server has this very position, or one behind it, as far as is known.

        Other clients may tell what they sent as read (section 3.1); ours do not go back to what they received before.
        """
        told = self._told.get((account_id, position.jid))
        if told is None or told == position.stanza_id:
            return told is not None
        there = self._find_message(account_id, replace(position, stanza_id=told))
        here = self._find_message(account_id, position)
        return there is not None and here is not None and (here.time, here.id) <= (there.time, there.id)

    def is_awaiting(self, account_id: AccountId, jid: JID) -> bool:
        """Whether a conversation was read elsewhere up to a message that is not here."""
        return any((account_id, jid) == awaited[:2] for awaited in self._states.list_awaited())

    def current(self, conversation_id: ConversationId, jid: JID) -> Position | None:
        """Up to where a conversation is read here, in words that other devices understand."""
        stanza_id = self._states.find_position(conversation_id)
        return Position(jid, stanza_id) if stanza_id else None

    def apply(self, account_id: AccountId, positions: Iterable[Position]) -> list[Conversation]:
        """Take positions in, in a transaction of its own. Returns the conversations that changed."""
        changed: list[Conversation] = []
        with self._database.transaction():
            for position in positions:
                message = self._find(account_id, position)
                if message is None:
                    self._await(account_id, position)
                elif self._conversations.move_read_position(message.conversation_id, message) is not None:
                    conversation = self._conversations.find_conversation(message.conversation_id)
                    changed.extend([conversation] if conversation is not None else [])
        return changed

    def apply_awaited(self, account_id: AccountId) -> list[Conversation]:
        """Messages have come, some of which were awaited perhaps. Returns the conversations that changed."""
        awaited = [Position(jid, value) for owner, jid, value in self._states.list_awaited() if owner == account_id]
        changed = self.apply(account_id, awaited)
        self._read_expected()
        return changed

    def take(self, delivery: Delivery, positions: Iterable[Position]) -> None:
        """Take positions in, in a delivery's transaction; its events tell of what changed."""
        account_id = delivery.envelope.account_id
        for position in positions:
            self.note_told(account_id, position)
            message = self._find(account_id, position)
            if message is None:
                self._await(account_id, position)
            else:
                read_up_to(delivery, self._conversations, message)

    def meet(self, delivery: Delivery) -> None:
        """A message was stored: it may be awaited."""
        message, conversation = delivery.message, delivery.conversation
        if message is None or conversation is None:
            return
        account_id, stanza_id = conversation.account_id, delivery.stanza_id
        expected = (account_id, stanza_id) in self._expected
        if expected and self._states.take_awaited(account_id, conversation.jid, stanza_id):
            read_up_to(delivery, self._conversations, message)

    def _find(self, account_id: AccountId, position: Position) -> Message | None:
        """The message of a position, which then is awaited no more; None where it is not in that conversation."""
        found = self._find_message(account_id, position)
        if found is not None:
            self._states.take_awaited(account_id, position.jid, position.stanza_id)
        return found

    def _find_message(self, account_id: AccountId, position: Position) -> Message | None:
        found = self._states.find_message(account_id, position.jid, position.stanza_id)
        return None if found is None else self._messages.find_message(found)

    def _await(self, account_id: AccountId, position: Position) -> None:
        self._states.set_awaited(account_id, position.jid, position.stanza_id)
        self._expected.add((account_id, position.stanza_id))

    def _read_expected(self) -> None:
        self._expected = {(account_id, stanza_id) for account_id, _, stanza_id in self._states.list_awaited()}


class TakePositions(Stage):
    """Events of our own node, believed only of our own account (XEP-0223 section 6)."""

    name = "reading"
    before = frozenset({"identify"})

    def __init__(self, positions: Positions) -> None:
        self._positions = positions

    def process(self, delivery: Delivery) -> Verdict:
        """Take them in."""
        envelope = delivery.envelope
        own = envelope.own_jid.bare
        told = wire.parse_event(envelope.element, own)
        if told is None:
            return Verdict.CONTINUE
        if envelope.source is not Source.LIVE or envelope.type == "error" or envelope.sender not in (None, own):
            delivery.reason = "what was read, but not told by our account"
            return Verdict.DROP
        self._positions.take(delivery, told)
        return Verdict.CONSUMED


class MeetAwaited(Stage):
    """A message came that was read elsewhere before."""

    name = "reading-awaited"
    after = frozenset({"unread"})

    def __init__(self, positions: Positions) -> None:
        self._positions = positions

    def process(self, delivery: Delivery) -> Verdict:
        """Count it, and all before, as read."""
        self._positions.meet(delivery)
        return Verdict.CONTINUE
