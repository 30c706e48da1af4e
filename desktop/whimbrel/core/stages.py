"""The core's stages of the receive pipeline. Features come between ``dedupe`` and ``store``."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from whimbrel.core.outbox import Outbox, preview
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.core.unread import Unread
from whimbrel.model.envelope import Envelope, Source
from whimbrel.model.events import ConversationChanged, MessageAdded, MessageChanged
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.model.message import DeliveryState, Direction, NewMessage
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.messages import MessageStore

_BODY = "{jabber:client}body"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DELAY = "{urn:xmpp:delay}delay"
_STANZA_ID = "{urn:xmpp:sid:0}stanza-id"
_ORIGIN_ID = "{urn:xmpp:sid:0}origin-id"
_CARBONS = frozenset({"{urn:xmpp:carbons:2}received", "{urn:xmpp:carbons:2}sent"})
_ERROR = "{jabber:client}error"
_ERROR_TEXT = "{urn:ietf:params:xml:ns:xmpp-stanzas}text"
_OLDEST = datetime(1999, 1, 4, tzinfo=UTC)
"""The day that the network was announced: nothing on it is older."""
_MAX_ID = 1024


class Identify:
    """Who sent it, which ids it carries, what it says.

    Only direct children count: a message wrapped in another is never taken for the sender's words (XEP-0297).
    A message without a sender is our own server's (RFC 6120 section 8.1.2.1) and says nothing to the person.
    """

    name = "identify"
    after: frozenset[str] = frozenset()

    def process(self, delivery: Delivery) -> Verdict:
        envelope = delivery.envelope
        if envelope.sender is None:
            delivery.reason = "no valid sender"
            return Verdict.DROP
        if envelope.type == "groupchat":
            delivery.reason = "of a group chat that we are not in"
            return Verdict.DROP
        if any(child.tag in _CARBONS for child in envelope.element):
            delivery.reason = "a copy (XEP-0280) that nobody asked for"
            return Verdict.DROP
        if envelope.type != "error":
            delivery.body = find_body(envelope.element)
            delivery.origin_id = _only_id(envelope.element, _ORIGIN_ID, None)
            if envelope.archive_ids:
                delivery.stanza_id = _only_id(envelope.element, _STANZA_ID, envelope.own_jid.bare)
        return Verdict.CONTINUE


class Errors:
    """An error for a message of ours fails it; what the error carries is never shown as speech."""

    name = "errors"
    after = frozenset({"identify"})

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def process(self, delivery: Delivery) -> Verdict:
        envelope = delivery.envelope
        if envelope.type != "error" or envelope.sender is None:
            return Verdict.CONTINUE
        element = envelope.element.find(_ERROR)
        wait = element is not None and element.get("type") == "wait"
        changed = self._outbox.bounce(
            envelope.account_id, envelope.sender, envelope.wire_id, _reason(element), wait=wait
        )
        if changed is None:
            delivery.reason = "an error for nothing that we sent them"
            return Verdict.DROP
        delivery.events.append(MessageChanged(changed))
        return Verdict.CONSUMED


class Dedupe:
    """What is stored already comes no second time: by our archive's id, then by the sender's own (XEP-0359)."""

    name = "dedupe"
    after = frozenset({"errors"})

    def __init__(self, conversations: ConversationStore, messages: MessageStore) -> None:
        self._conversations = conversations
        self._messages = messages

    def process(self, delivery: Delivery) -> Verdict:
        sender = delivery.envelope.sender
        if delivery.body is None or sender is None:
            return Verdict.CONTINUE
        account_id = delivery.envelope.account_id
        key = account_id, sender.bare
        conversation = delivery.known.get(key) or self._conversations.get_conversation(*key)
        delivery.conversation = delivery.known[key] = conversation
        if (delivery.stanza_id and self._messages.has_stanza_id(account_id, conversation.id, delivery.stanza_id)) or (
            delivery.origin_id
            and self._messages.has_origin_id(account_id, conversation.id, sender.bare, delivery.origin_id)
        ):
            delivery.reason = "stored already"
            return Verdict.DROP
        return Verdict.CONTINUE


class Store:
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
                direction=Direction.IN,
                sender=envelope.sender,
                body=delivery.body,
                time=find_time(envelope),
                state=DeliveryState.RECEIVED,
                wire_id=envelope.wire_id[:_MAX_ID],
                origin_id=delivery.origin_id,
                stanza_id=delivery.stanza_id,
            )
        )
        return Verdict.CONTINUE


class CountUnread:
    """Updates what the list of chats shows of the conversation."""

    name = "unread"
    after = frozenset({"store"})

    def __init__(self, conversations: ConversationStore, unread: Unread) -> None:
        self._conversations = conversations
        self._unread = unread

    def process(self, delivery: Delivery) -> Verdict:
        message, conversation = delivery.message, delivery.conversation
        if message is None or conversation is None:
            return Verdict.CONTINUE
        live = delivery.envelope.source is Source.LIVE
        viewed = self._unread.is_viewed(conversation.id)
        unread = 0 if viewed else conversation.unread + 1
        if conversation.last_activity is None or message.time >= conversation.last_activity:
            text = preview(message.body)
            self._conversations.add_newest(conversation.id, message, text, read=viewed)
            conversation = replace(
                conversation, unread=unread, last_activity=message.time, preview=text, preview_outgoing=False
            )
        else:
            if viewed:
                self._conversations.set_unread(conversation.id, 0)
            else:
                self._conversations.add_unread(conversation.id)
            conversation = replace(conversation, unread=unread)
        delivery.conversation = delivery.known[conversation.account_id, conversation.jid] = conversation
        delivery.events += [MessageAdded(message, notify=live and not viewed), ConversationChanged(conversation)]
        return Verdict.CONTINUE


def receive_stages(
    outbox: Outbox,
    unread: Unread,
    conversations: ConversationStore,
    messages: MessageStore,
    of_features: Iterable[Stage],
) -> list[Stage]:
    """All stages, in the order in which those run that name no predecessor of each other."""
    return [
        Identify(),
        Errors(outbox),
        Dedupe(conversations, messages),
        *of_features,
        Store(messages),
        CountUnread(conversations, unread),
    ]


def find_body(element: ET.Element) -> str | None:
    """What a message says: of several bodies (RFC 6121 section 5.2.3), the one without a language, else the first."""
    bodies = [body for body in element.iterfind(_BODY) if body.text and body.text.strip()]
    plain = [body for body in bodies if _LANGUAGE not in body.attrib]
    chosen = plain or bodies
    return chosen[0].text if chosen else None


def find_time(envelope: Envelope) -> datetime:
    """When it was sent, as far as that is to be trusted (XEP-0203): a delay told by our own server, never in future.

    The order of what comes live is that of its arrival, whatever its sender claims.
    """
    trusted = (envelope.own_jid.bare, JID("", envelope.own_jid.domain))
    for delay in envelope.element.iterfind(_DELAY):
        try:
            if JID.parse(delay.get("from", "")) not in trusted:
                continue
            stamp = datetime.fromisoformat(delay.get("stamp", ""))
        except (InvalidJID, ValueError):
            continue
        stamp = stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp
        if stamp >= _OLDEST:
            return min(stamp, envelope.received).astimezone(UTC)
    return envelope.received


def _only_id(element: ET.Element, tag: str, by: JID | None) -> str:
    """The id that an extension carries, told by ``by``; none where there are several, since one is then a lie."""
    found = [child.get("id", "") for child in element.iterfind(tag) if by is None or child.get("by") == str(by)]
    return found[0] if len(found) == 1 and len(found[0]) <= _MAX_ID else ""


def _reason(element: ET.Element | None) -> str:
    """An error's condition and text (RFC 6120 section 8.3), for *Details*."""
    if element is None:
        return "no reason given"
    conditions = [child.tag.rpartition("}")[2] for child in element if child.tag != _ERROR_TEXT]
    text = (element.findtext(_ERROR_TEXT) or "").strip()
    return ": ".join([*conditions[:1], *([text] if text else [])])[:_MAX_ID] or "no reason given"
