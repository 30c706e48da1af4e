"""Reactions (XEP-0444): emoji on messages, one set a person; the newest counts, however it comes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from whimbrel.core.action import Action, Outcome
from whimbrel.core.actions import SendStanza, stanza_payload
from whimbrel.core.bus import Bus
from whimbrel.core.feature import Feature
from whimbrel.core.offers import reactions as ports
from whimbrel.core.outbox import Outbox
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.refusing import find_refused
from whimbrel.core.stages import find_stamp
from whimbrel.core.stream import Stream
from whimbrel.features.reactions import wire
from whimbrel.model.account import AccountId
from whimbrel.model.errors import KnownError
from whimbrel.model.events import MessagesAnnotated
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Message, MessageId
from whimbrel.model.outbox import OutboxKind, OutboxRow
from whimbrel.model.reaction import ReactionSet, is_same
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.outbox import OutboxStore
from whimbrel.storage.reactions import ReactionStore
from whimbrel.storage.references import ReferenceStore
from whimbrel.storage.refusals import RefusalStore

_ABOUT = "about"  # the key of a row's payload that holds the message's row id


class Reactions(Feature):
    """Keeps what is said with emoji; says ours."""

    name = "reactions"
    namespaces = (wire.NAMESPACE,)

    def __init__(
        self,
        bus: Bus,
        database: Database,
        accounts: AccountStore,
        conversations: ConversationStore,
        messages: MessageStore,
        rows: OutboxStore,
        outbox: Outbox,
    ) -> None:
        self._bus = bus
        self._database = database
        self._accounts = accounts
        self._conversations = conversations
        self._messages = messages
        self._rows = rows
        self._outbox = outbox
        self._references = ReferenceStore(database)
        self._store = ReactionStore(database)
        self._refusals = RefusalStore(database)
        self._stages: tuple[Stage, ...] = (
            TakeRefusal(self._store, self._refusals, outbox),
            TakeReactions(self._store, outbox),
        )

    def stages(self) -> Sequence[Stage]:
        """One stage for what comes back with an error, one for what others say."""
        return self._stages

    def offers(self) -> Mapping[type[object], object]:
        """Itself, to the interface."""
        return {ports.Reactions: self}

    def actions(self) -> Mapping[OutboxKind, Action]:
        """REACTION."""
        return {OutboxKind.REACTION: SendReaction(self._bus, self._database, self._accounts, self._rows)}

    def can_react(self, message: Message) -> bool:
        """Whether a message has an id that its conversation's other side knows, and something left of it."""
        left = not message.retracted and message.state is not DeliveryState.FAILED
        return left and bool(self._references.find_public_id(message.id))

    def reactions(self, messages: Sequence[Message]) -> Mapping[MessageId, Sequence[ReactionSet]]:
        """What was said of these messages."""
        return self._store.list_sets([message.id for message in messages])

    def toggle(self, message_id: MessageId, emoji: str) -> None:
        """Write our set as it is then, and queue it instead of those before. Raises KnownError DISK_FULL."""
        message = self._messages.find_message(message_id)
        account = None if message is None else self._accounts.find_account(message.account_id)
        if message is None or account is None or not wire.is_emoji(emoji):
            return
        before = self._store.find_set(message_id, account.jid)
        said = tuple(one for one in before if not is_same(one, emoji))
        if said == before:
            said = (*before, emoji)
        if len(said) <= wire.MOST:
            self._say(message, account.jid, said)

    def retry(self, message_id: MessageId) -> None:
        """Say again what was refused. Raises KnownError DISK_FULL."""
        message = self._messages.find_message(message_id)
        account = None if message is None else self._accounts.find_account(message.account_id)
        if message is None or account is None or not self._refusals.find_wire_id(message_id, OutboxKind.REACTION):
            return
        said = self._store.find_taken_back(message_id, account.jid)
        if said is not None:
            self._say(message, account.jid, said)

    def _say(self, message: Message, own: JID, said: tuple[str, ...]) -> None:
        conversation = self._conversations.find_conversation(message.conversation_id)
        if conversation is None or not self.can_react(message):
            return
        message_id = message.id
        wire_id = str(uuid.uuid4())
        about = self._references.find_public_id(message_id)
        extensions = wire.build_reactions(about, said)
        payload = {**stanza_payload(conversation.jid, "chat", extensions), _ABOUT: int(message_id)}
        with self._database.transaction():
            self._store.put(message_id, ReactionSet(own, said), datetime.now(UTC), wire_id, ours=True)
            for key in _pending(self._outbox, message.account_id, message_id):
                self._outbox.cancel(message.account_id, OutboxKind.REACTION, key)
            self._refusals.add(message_id, OutboxKind.REACTION, wire_id)
            self._outbox.enqueue(message.account_id, OutboxKind.REACTION, wire_id, conversation.jid, payload)
        self._bus.publish(MessagesAnnotated(message.conversation_id, frozenset({message_id})))
        self._outbox.kick(message.account_id)


class TakeReactions(Stage):
    """A set counts for its sender, one of the two whose conversation the message belongs to (section 4).

    What names a message that is not here waits for it. What was said later counts, whatever comes first.
    """

    name = "reactions"
    after = frozenset({"dedupe"})
    before = frozenset({"store"})

    def __init__(self, store: ReactionStore, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox

    def process(self, delivery: Delivery) -> Verdict:
        """Write the set."""
        envelope = delivery.envelope
        if envelope.type == "error" or not wire.bears_reactions(envelope.element):
            return Verdict.CONTINUE
        told = wire.parse_reactions(envelope.element)
        speaks = delivery.body is not None and not wire.is_fallback(envelope.element)
        if told is None or delivery.peer is None or envelope.sender is None:
            delivery.reason = "reactions that are not clear"
            return Verdict.CONTINUE if speaks else Verdict.DROP
        target = self._store.find_target(envelope.account_id, delivery.peer, told.about)
        if target is None:
            delivery.waits_for = told.about
            return Verdict.CONTINUE if speaks else Verdict.WAIT
        message_id, conversation_id = target
        ours_is_newer = delivery.outgoing and bool(_pending(self._outbox, envelope.account_id, message_id))
        time = envelope.stamp or find_stamp(envelope) or envelope.received
        said = ReactionSet(envelope.sender.bare, told.emoji)
        if not ours_is_newer and self._store.put(message_id, said, time, envelope.wire_id):
            delivery.events.append(MessagesAnnotated(conversation_id, frozenset({message_id})))
        return Verdict.CONTINUE if speaks else Verdict.CONSUMED


class TakeRefusal(Stage):
    """What came back with an error was not said: what was before counts again (section 3.3), and that is shown."""

    name = "reactions-refused"
    after = frozenset({"identify"})
    before = frozenset({"errors"})

    def __init__(self, store: ReactionStore, refusals: RefusalStore, outbox: Outbox) -> None:
        self._store = store
        self._refusals = refusals
        self._outbox = outbox

    def process(self, delivery: Delivery) -> Verdict:
        """Put the former set back."""
        refused = find_refused(delivery, self._refusals, (OutboxKind.REACTION,))
        if refused is None:
            return Verdict.CONTINUE
        (said, reason), envelope = refused, delivery.envelope
        self._store.take_back(envelope.account_id, envelope.own_jid, said.jid, envelope.wire_id)
        self._refusals.set_reason(said.message_id, said.kind, reason)
        self._outbox.cancel(envelope.account_id, said.kind, envelope.wire_id)
        delivery.events.append(MessagesAnnotated(said.conversation_id, frozenset({said.message_id})))
        return Verdict.CONSUMED


class SendReaction(SendStanza):
    """REACTION: a stanza; the key is its id. Not said any more where the message was deleted here."""

    def __init__(self, bus: Bus, database: Database, accounts: AccountStore, rows: OutboxStore) -> None:
        super().__init__(rows)
        self._bus = bus
        self._database = database
        self._accounts = accounts
        self._store = ReactionStore(database)
        self._refusals = RefusalStore(database)
        self._messages = MessageStore(database)

    async def perform(self, stream: Stream, row: OutboxRow) -> Outcome:
        """Send it."""
        if self._messages.find_message(MessageId(int(str(row.payload[_ABOUT])))) is None:
            return Outcome.DONE
        return await super().perform(stream, row)

    async def refused(self, stream: Stream, row: OutboxRow, error: KnownError) -> None:
        """It was not said: as if it had come back."""
        said, account = self._refusals.find(row.account_id, row.key), self._accounts.find_account(row.account_id)
        if said is None or account is None:
            return
        with self._database.transaction():
            self._store.take_back(row.account_id, account.jid, said.jid, row.key)
            self._refusals.set_reason(said.message_id, said.kind, str(error))
        self._bus.publish(MessagesAnnotated(said.conversation_id, frozenset({said.message_id})))


def _pending(outbox: Outbox, account_id: AccountId, message_id: MessageId) -> list[str]:
    """The keys of the sets for a message that the server has not confirmed."""
    rows = outbox.pending(account_id, OutboxKind.REACTION)
    return [row.key for row in rows if row.payload.get(_ABOUT) == message_id]
