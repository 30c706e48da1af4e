"""What has happened: published by ``core/bus.py`` after commit, in order. Past tense, one type an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whimbrel.model.account import Account, AccountId, ConnectionStatus
from whimbrel.model.attachment import Attachment, AttachmentId
from whimbrel.model.contact import Contact, ContactRequest, OwnPresence, Presence
from whimbrel.model.conversation import Conversation, ConversationId
from whimbrel.model.errors import KnownError
from whimbrel.model.jid import JID
from whimbrel.model.message import Message, MessageId


@dataclass(frozen=True, slots=True)
class Event:
    """The base of every event."""


@dataclass(frozen=True, slots=True)
class MessagesAnnotated(Event):
    """What is shown with messages changed (reactions, files, quotes), not the messages themselves."""

    conversation_id: ConversationId
    message_ids: frozenset[MessageId]


@dataclass(frozen=True, slots=True)
class AttachmentChanged(Event):
    """A stored file of a message changed: its state, its address, its measures. ``MessagesAnnotated`` comes with it."""

    attachment: Attachment


@dataclass(frozen=True, slots=True)
class TransferAdvanced(Event):
    """Some of a file was sent or fetched; told a few times a second. ``total`` None: not known."""

    attachment_id: AttachmentId
    message_id: MessageId
    done: int  # bytes
    total: int | None


@dataclass(frozen=True, slots=True)
class AccountAdded(Event):
    """An account was added to this profile."""

    account: Account


@dataclass(frozen=True, slots=True)
class AccountChanged(Event):
    """An account's settings changed."""

    account: Account


@dataclass(frozen=True, slots=True)
class AccountRemoved(Event):
    """An account and all that belonged to it is gone."""

    account_id: AccountId


@dataclass(frozen=True, slots=True)
class ConnectionChanged(Event):
    """A connection entered another state."""

    account_id: AccountId
    status: ConnectionStatus


@dataclass(frozen=True, slots=True)
class ServerSupportLearnt(Event):
    """What an account's server can do became known, or changed (XEP-0030)."""

    account_id: AccountId


@dataclass(frozen=True, slots=True)
class BlocklistChanged(Event):
    """Other addresses are blocked than before (XEP-0191): read them again."""

    account_id: AccountId


@dataclass(frozen=True, slots=True)
class RosterReplaced(Event):
    """Many contacts of an account changed at once: read them again."""

    account_id: AccountId


@dataclass(frozen=True, slots=True)
class ContactChanged(Event):
    """A contact was added or changed."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class ContactRemoved(Event):
    """A contact left the roster."""

    account_id: AccountId
    jid: JID


@dataclass(frozen=True, slots=True)
class PresenceChanged(Event):
    """The best presence of an address changed."""

    account_id: AccountId
    jid: JID  # bare
    presence: Presence


@dataclass(frozen=True, slots=True)
class PresencesCleared(Event):
    """Nobody's presence is known any more (the connection ended)."""

    account_id: AccountId


@dataclass(frozen=True, slots=True)
class OwnPresenceChanged(Event):
    """The presence that we show changed, by choice or by idleness."""

    presence: OwnPresence
    automatic: bool


@dataclass(frozen=True, slots=True)
class RequestAdded(Event):
    """Somebody asks to become a contact."""

    request: ContactRequest


@dataclass(frozen=True, slots=True)
class RequestRemoved(Event):
    """A contact request was answered or withdrawn."""

    account_id: AccountId
    jid: JID


@dataclass(frozen=True, slots=True)
class MessageAdded(Event):
    """A message was stored. ``notify``: it is new to the person (live, incoming, unread)."""

    message: Message
    notify: bool


@dataclass(frozen=True, slots=True)
class MessageChanged(Event):
    """A stored message changed (its delivery state, say)."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageRemoved(Event):
    """A stored message was discarded."""

    message: Message


@dataclass(frozen=True, slots=True)
class AvatarChanged(Event):
    """The picture of an address is another, or is here now."""

    account_id: AccountId
    jid: JID  # bare


@dataclass(frozen=True, slots=True)
class NicknameChanged(Event):
    """An address gives itself another nickname (of a contact, ContactChanged tells it too)."""

    account_id: AccountId
    jid: JID  # bare


@dataclass(frozen=True, slots=True)
class ConversationChanged(Event):
    """A conversation was added, or its unread count, preview or order changed."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationRemoved(Event):
    """The person deleted a conversation; it is as it was before."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationRead(Event):
    """The person read a conversation here, up to an incoming message. Not told of what was read elsewhere."""

    conversation: Conversation
    message: Message


@dataclass(frozen=True, slots=True)
class TypingChanged(Event):
    """Somebody began to write to us, or ceased."""

    account_id: AccountId
    jid: JID  # bare


@dataclass(frozen=True, slots=True)
class AttentionAsked(Event):
    """A contact asks the person to look here, now."""

    account_id: AccountId
    jid: JID  # bare


@dataclass(frozen=True, slots=True)
class HistoryChanged(Event):
    """What is here of a conversation's archive changed (None: of any of the account's): read it again."""

    account_id: AccountId
    conversation_id: ConversationId | None = None


@dataclass(frozen=True, slots=True)
class CaughtUp(Event):
    """What came in while we were away is here. ``counts``: new unread messages by conversation; may be empty."""

    account_id: AccountId
    counts: Mapping[ConversationId, int]


@dataclass(frozen=True, slots=True)
class ActionFailed(Event):
    """Something that the person asked for was refused by the server (a contact's rename, say)."""

    account_id: AccountId
    action: str  # one of core.outbox's kinds
    subject: str  # the address it concerned
    error: KnownError


@dataclass(frozen=True, slots=True)
class StorageFailed(Event):
    """Writing failed (a full disk or a locked keyring, say); what was being done was not done."""

    error: KnownError
