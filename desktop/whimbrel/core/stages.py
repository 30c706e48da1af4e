"""The core's stages of the receive pipeline. Features come between ``dedupe`` and ``store``."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from whimbrel.core.outbox import Outbox
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.unread import Unread
from whimbrel.model.conversation import Conversation
from whimbrel.model.envelope import Envelope, Source
from whimbrel.model.events import ConversationChanged, ConversationRead, MessageAdded, MessageChanged
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.model.message import DeliveryState, Direction, Message, MessageId, NewMessage, Reference, ReferenceKind
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.references import ReferenceStore

_BODY = "{jabber:client}body"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DELAY = "{urn:xmpp:delay}delay"
_STANZA_ID = "{urn:xmpp:sid:0}stanza-id"
_ORIGIN_ID = "{urn:xmpp:sid:0}origin-id"
_WRAPPERS = frozenset(
    {"{urn:xmpp:carbons:2}received", "{urn:xmpp:carbons:2}sent", "{urn:xmpp:mam:2}result", "{urn:xmpp:mam:2}fin"}
)
_ERROR = "{jabber:client}error"
_ERROR_TEXT = "{urn:ietf:params:xml:ns:xmpp-stanzas}text"
_OLDEST = datetime(1999, 1, 4, tzinfo=UTC)
"""The day that the network was announced: nothing on it is older."""
_MAX_ID = 1024
_UNSETTLED = timedelta(minutes=1)  # by how much a live message may overtake those that our server had kept
_MOST_CLAIMS = 4  # ids of one message that bear our archive's name
_PROVING = frozenset({ReferenceKind.STANZA, ReferenceKind.CLAIMED, ReferenceKind.ORIGIN})
"""Ids that nobody gives twice."""
_NEXT = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)


class Identify(Stage):
    """Who sent it to whom, which ids it carries, what it says.

    Only direct children count: a message wrapped in another is never taken for the sender's words (XEP-0297).
    A message without a sender is our own server's (RFC 6120 section 8.1.2.1) and says nothing to the person.
    """

    name = "identify"

    def process(self, delivery: Delivery) -> Verdict:
        envelope = delivery.envelope
        if envelope.sender is None:
            delivery.reason = "no valid sender"
            return Verdict.DROP
        if envelope.type == "groupchat":
            delivery.reason = "of a group chat that we are not in"
            return Verdict.DROP
        if any(child.tag in _WRAPPERS for child in envelope.element):
            delivery.reason = "a copy (XEP-0280) or an archive's result (XEP-0313) that nobody asked for"
            return Verdict.DROP
        delivery.outgoing = envelope.sender.bare == envelope.own_jid.bare
        other = envelope.recipient or envelope.own_jid if delivery.outgoing else envelope.sender
        delivery.peer = other.bare
        if envelope.type != "error":
            delivery.body = find_body(envelope.element)
            delivery.references = list(_find_references(envelope, envelope.sender))
        return Verdict.CONTINUE


class Errors(Stage):
    """An error for a message of ours fails it; what the error carries is never shown as speech."""

    name = "errors"
    after = frozenset({"identify"})

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def process(self, delivery: Delivery) -> Verdict:
        envelope = delivery.envelope
        if envelope.type != "error" or envelope.sender is None:
            return Verdict.CONTINUE
        if not envelope.news:
            delivery.reason = "an error of long ago"
            return Verdict.DROP
        element = envelope.element.find(_ERROR)
        wait = element is not None and element.get("type") == "wait"
        changed = self._outbox.bounce(
            envelope.account_id, envelope.sender, envelope.wire_id, error_reason(envelope.element), wait=wait
        )
        if changed is None:
            delivery.reason = "an error for nothing that we sent them"
            return Verdict.DROP
        delivery.events.append(MessageChanged(changed))
        return Verdict.CONSUMED


class Recall(Stage):
    """What is stored already under the ids of a message, in whichever conversation: looked up once for all stages.

    The stanza's own id is no proof where others send it: they may use one twice.
    """

    name = "recall"
    after = frozenset({"identify"})

    def __init__(self, references: ReferenceStore) -> None:
        self._references = references

    def process(self, delivery: Delivery) -> Verdict:
        kinds = _PROVING | {ReferenceKind.WIRE} if delivery.outgoing else _PROVING
        values = {reference.value for reference in delivery.references if reference.kind in kinds}
        if values and (delivery.body is not None or delivery.stanza_id):
            delivery.bearers = self._references.find_bearers(delivery.envelope.account_id, kinds, values)
        return Verdict.CONTINUE


class Dedupe(Stage):
    """What is stored already comes no second time: by our archive's id, then by the sender's own (XEP-0359).

    The stanza's own id tells copies of what we sent from another device apart. A copy of what was sent from here and is
    not confirmed proves that the server has it.
    """

    name = "dedupe"
    after = frozenset({"errors", "recall"})

    def __init__(self, references: ReferenceStore, outbox: Outbox) -> None:
        self._references = references
        self._outbox = outbox

    def process(self, delivery: Delivery) -> Verdict:
        account_id, peer = delivery.envelope.account_id, delivery.peer
        if delivery.body is None or peer is None:
            return Verdict.CONTINUE
        conversation = delivery.standing.get(account_id, peer)
        known = self._find(conversation, delivery)
        if known is None:
            delivery.conversation = conversation
            return Verdict.CONTINUE
        self._references.add(account_id, known, delivery.references)
        if delivery.outgoing and (changed := self._outbox.confirm_copy(known, delivery.references)) is not None:
            delivery.events.append(MessageChanged(changed))
            return Verdict.CONSUMED
        delivery.reason = "stored already"
        return Verdict.DROP

    def _find(self, conversation: Conversation, delivery: Delivery) -> MessageId | None:
        """The message that this one is a copy of. An id that comes again elsewhere suppresses nothing."""
        here: dict[Reference, MessageId] = {}
        for bearer in delivery.bearers:
            if bearer.conversation_id == conversation.id:
                here[bearer.reference] = max(bearer.message_id, here.get(bearer.reference, bearer.message_id))
        for reference in delivery.references if here else ():
            if reference.kind is ReferenceKind.CLAIMED:
                continue
            found = here.get(reference)
            if found is None and reference.kind is ReferenceKind.STANZA:  # of what came before with several
                found = here.get(replace(reference, kind=ReferenceKind.CLAIMED))
            if found is not None:
                return found
        return None


class Store(Stage):
    """Writes the message."""

    name = "store"
    after = frozenset({"dedupe"})

    def __init__(self, messages: MessageStore) -> None:
        self._messages = messages

    def process(self, delivery: Delivery) -> Verdict:
        envelope, conversation = delivery.envelope, delivery.conversation
        if delivery.body is None or conversation is None or envelope.sender is None:
            delivery.reason = "says nothing"
            return Verdict.DROP
        delivery.message = self._messages.add_message(
            NewMessage(
                account_id=envelope.account_id,
                conversation_id=conversation.id,
                direction=Direction.OUT if delivery.outgoing else Direction.IN,
                sender=envelope.sender,
                body=delivery.body,
                time=self._find_time(envelope, conversation),
                state=DeliveryState.SENT if delivery.outgoing else DeliveryState.RECEIVED,
                wire_id=envelope.wire_id[:_MAX_ID],
                references=tuple(delivery.references),
                rank=delivery.rank,
            )
        )
        return Verdict.CONTINUE

    def _find_time(self, envelope: Envelope, conversation: Conversation) -> datetime:
        """Its place in the conversation. What comes from the archive has its place there.

        The order of what comes live is that of its arrival, wherever clocks stand. What our server had to keep has the
        server's stamp, often cut to whole seconds: it comes after what was there within that second. Senders can write
        such a stamp themselves, and servers pass it on: so it never comes before what has stood there for a while.
        What comes live may overtake what was kept, but not by more.
        """
        if envelope.stamp is not None:
            return envelope.stamp
        stamp, newest = find_stamp(envelope), conversation.last_activity
        if newest is None:
            return stamp or envelope.received
        if stamp is None:
            return max(envelope.received, newest + _NEXT)
        settled = max(stamp + _SECOND, envelope.received - _UNSETTLED)
        before = self._messages.find_newest_time(conversation.id, settled)
        return stamp if before is None else max(stamp, before + _NEXT)


class CountUnread(Stage):
    """Updates what the list of chats shows of the conversation.

    Who writes has read what stands before, on whichever device. What comes from the archive counts where it came in
    while we were away, and lies after what was read.
    """

    name = "unread"
    after = frozenset({"store"})

    def __init__(self, conversations: ConversationStore, unread: Unread) -> None:
        self._conversations = conversations
        self._unread = unread

    def process(self, delivery: Delivery) -> Verdict:
        message, conversation = delivery.message, delivery.conversation
        if message is None or conversation is None:
            return Verdict.CONTINUE
        archived = delivery.envelope.source is Source.ARCHIVE
        viewed = self._unread.is_viewed(conversation.id)
        read = viewed or delivery.outgoing or not delivery.envelope.news
        before = conversation.unread
        if conversation.last_activity is None or message.time >= conversation.last_activity:
            conversation = delivery.standing.add_newest(conversation, message, read=read, shown=delivery.shown)
        else:
            delivery.standing.write()
            conversation = replace(conversation, unread=self._count_older(conversation, message, viewed, read))
            delivery.standing.note(conversation)
        delivery.unread = conversation.unread > before
        delivery.conversation = conversation
        notify = not archived and not viewed and not delivery.outgoing
        delivery.events += [MessageAdded(message, notify=notify), ConversationChanged(conversation)]
        if viewed and not delivery.outgoing:
            delivery.events.append(ConversationRead(conversation, message))
        return Verdict.CONTINUE

    def _count_older(self, conversation: Conversation, message: Message, viewed: bool, read: bool) -> int:
        """Count a message that is not the last one; returns how many are unread."""
        if viewed:
            self._conversations.set_unread(conversation.id, 0)
            return 0
        if read:
            left = self._conversations.move_read_position(conversation.id, message)
            return conversation.unread if left is None else left
        return conversation.unread + self._conversations.add_unread(conversation.id, message)


def receive_stages(
    outbox: Outbox,
    unread: Unread,
    conversations: ConversationStore,
    messages: MessageStore,
    references: ReferenceStore,
    of_features: Iterable[Stage],
) -> list[Stage]:
    """All stages, in the order in which those run that name no predecessor of each other."""
    return [
        Identify(),
        Errors(outbox),
        Recall(references),
        Dedupe(references, outbox),
        *of_features,
        Store(messages),
        CountUnread(conversations, unread),
    ]


def find_body(element: ET.Element) -> str | None:
    """What a message says: of several bodies (RFC 6121 section 5.2.3), the one without a language, else the first."""
    bodies = [body for body in element.findall(_BODY) if body.text and body.text.strip()]
    plain = [body for body in bodies if _LANGUAGE not in body.attrib]
    chosen = plain or bodies
    return chosen[0].text if chosen else None


def find_stamp(envelope: Envelope) -> datetime | None:
    """When our own server says that it was sent (XEP-0203), never in future; None where it came at once.

    What others claim is not believed.
    """
    for delay in envelope.element.findall(_DELAY):
        try:
            if JID.parse(delay.get("from", "")) not in (envelope.own_jid.bare, JID("", envelope.own_jid.domain)):
                continue
            stamp = datetime.fromisoformat(delay.get("stamp", ""))
        except (InvalidJID, ValueError):
            continue
        stamp = stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp
        if stamp >= _OLDEST:
            return min(stamp, envelope.received).astimezone(UTC)
    return None


def error_reason(message: ET.Element) -> str:
    """An error's condition and text (RFC 6120 section 8.3), for *Details*."""
    element = message.find(_ERROR)
    if element is None:
        return "no reason given"
    conditions = [child.tag.rpartition("}")[2] for child in element if child.tag != _ERROR_TEXT]
    text = (element.findtext(_ERROR_TEXT) or "").strip()
    return ": ".join([*conditions[:1], *([text] if text else [])])[:_MAX_ID] or "no reason given"


def _find_references(envelope: Envelope, sender: JID) -> Iterator[Reference]:
    """The ids of a message, the one that tells the most first; none of the archive's where it gives none.

    Of several that bear our archive's name all but one are lies, which some servers pass on. Then none tells where in
    the archive it is, but it is known again by the true one.
    """
    own = envelope.own_jid.bare
    archived = [envelope.archive_id]
    if not envelope.archive_id and envelope.archive_ids:
        archived = _ids(envelope.element, _STANZA_ID, own)
    origin = _ids(envelope.element, _ORIGIN_ID, None)
    for kind, scope, values in (
        (ReferenceKind.STANZA if len(archived) == 1 else ReferenceKind.CLAIMED, own, archived[:_MOST_CLAIMS]),
        (ReferenceKind.ORIGIN, sender.bare, origin if len(origin) == 1 else []),
        (ReferenceKind.WIRE, sender, [envelope.wire_id]),
    ):
        for value in values:
            if 0 < len(value) <= _MAX_ID:
                yield Reference(kind, scope, value)


def _ids(element: ET.Element, tag: str, by: JID | None) -> list[str]:
    """The ids that extensions carry, told by ``by``."""
    return [child.get("id", "") for child in element.findall(tag) if by is None or child.get("by") == str(by)]
