"""Names and small parts of stanzas (RFC 6120, RFC 6121)."""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET

from whimbrel.model.jid import JID, InvalidJID

CLIENT = "jabber:client"
STREAM = "http://etherx.jabber.org/streams"
STREAM_ERROR = "urn:ietf:params:xml:ns:xmpp-streams"
STANZA_ERROR = "urn:ietf:params:xml:ns:xmpp-stanzas"
TLS = "urn:ietf:params:xml:ns:xmpp-tls"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
LIMITS = "urn:xmpp:stream-limits:0"
ROSTER = "jabber:iq:roster"
ROSTER_VERSIONING = "urn:xmpp:features:rosterver"
NICK = "http://jabber.org/protocol/nick"
PING = "urn:xmpp:ping"
STANZA_IDS = "urn:xmpp:sid:0"
DISCO_INFO = "http://jabber.org/protocol/disco#info"
DISCO_ITEMS = "http://jabber.org/protocol/disco#items"
BIND = "urn:ietf:params:xml:ns:xmpp-bind"
SESSION = "urn:ietf:params:xml:ns:xmpp-session"
MANAGEMENT = "urn:xmpp:sm:3"
CLIENT_STATE = "urn:xmpp:csi:0"
CAPS = "http://jabber.org/protocol/caps"

MESSAGE = f"{{{CLIENT}}}message"
PRESENCE = f"{{{CLIENT}}}presence"
IQ = f"{{{CLIENT}}}iq"

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Text with what XML cannot carry (control characters, lone surrogates) shown as U+FFFD.

    A single such character would make the server end the stream.
    """
    return _NOT_XML.sub("\ufffd", text)


def local_name(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def new_id() -> str:
    """An id that nobody can guess."""
    return uuid.uuid4().hex


def address(text: str | None) -> JID | None:
    """An address of a stanza; None where there is none. Raises InvalidJID."""
    return JID.parse(text) if text else None


def address_or_none(text: str | None) -> JID | None:
    """An address of a stanza; None where there is none or it is not one."""
    try:
        return address(text)
    except InvalidJID:
        return None


def child(parent: ET.Element, tag: str, text: str | None = None) -> ET.Element:
    """Append an element, with text (cleaned) where given."""
    element = ET.SubElement(parent, tag)
    if text is not None:
        element.text = clean(text)
    return element


def iq(kind: str, to: JID | None, id_: str, payload: ET.Element | None = None) -> ET.Element:
    """An ``<iq/>``."""
    element = ET.Element(IQ, {"type": kind, "id": id_})
    if to is not None:
        element.set("to", str(to))
    if payload is not None:
        element.append(payload)
    return element


def iq_error(request: ET.Element, condition: str, type_: str = "cancel") -> ET.Element:
    """The error answer to an ``<iq/>`` (RFC 6120 section 8.3), without its payload."""
    answer = ET.Element(IQ, {"type": "error", "id": request.get("id", "")})
    if sender := request.get("from"):
        answer.set("to", sender)
    error = child(answer, f"{{{CLIENT}}}error")
    error.set("type", type_)
    child(error, f"{{{STANZA_ERROR}}}{condition}")
    return answer


def iq_result(request: ET.Element, payload: ET.Element | None = None) -> ET.Element:
    """The result answer to an ``<iq/>``."""
    answer = iq("result", None, request.get("id", ""), payload)
    if sender := request.get("from"):
        answer.set("to", sender)
    return answer
