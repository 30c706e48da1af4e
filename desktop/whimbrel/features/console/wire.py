"""Reading a stanza that somebody wrote by hand (RFC 6120 section 8)."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET

from whimbrel.core.offers.stanzas import StanzaFault

_CLIENT = "jabber:client"
_IQ = f"{{{_CLIENT}}}iq"
_STANZAS = frozenset({f"{{{_CLIENT}}}message", f"{{{_CLIENT}}}presence", _IQ})
_ASKS = frozenset({"get", "set"})
_TYPES = _ASKS | {"result", "error"}
_LONGEST = 262_144  # characters


def parse(text: str) -> ET.Element | StanzaFault:
    """The stanza, or why it is none. Document types and entities cannot stand where it is read."""
    if not text.strip():
        return StanzaFault.EMPTY
    if len(text) > _LONGEST:
        return StanzaFault.TOO_LONG
    try:
        around = ET.fromstring(f"<stream xmlns='{_CLIENT}'>{text}</stream>")
    except (ET.ParseError, ValueError, RecursionError):
        return StanzaFault.NOT_WELL_FORMED
    if len(around) != 1 or (around.text or "").strip() or (around[0].tail or "").strip():
        return StanzaFault.NOT_ONE
    stanza = around[0]
    stanza.tail = None
    return _fault(stanza) or stanza


def with_id(stanza: ET.Element) -> ET.Element:
    """An iq needs an id."""
    if stanza.tag == _IQ and not stanza.get("id"):
        stanza.set("id", uuid.uuid4().hex)
    return stanza


def _fault(stanza: ET.Element) -> StanzaFault | None:
    if stanza.tag not in _STANZAS:
        return StanzaFault.NO_STANZA
    if stanza.tag == _IQ and stanza.get("type") not in _TYPES:
        return StanzaFault.NO_TYPE
    if stanza.tag == _IQ and stanza.get("type") in _ASKS and len(stanza) != 1:
        return StanzaFault.NO_PAYLOAD
    return None
