"""Message carbons (XEP-0280, around XEP-0297): their XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from whimbrel.model.jid import JID, InvalidJID

NAMESPACE = "urn:xmpp:carbons:2"
_ENABLE = f"{{{NAMESPACE}}}enable"
_RECEIVED = f"{{{NAMESPACE}}}received"
_SENT = f"{{{NAMESPACE}}}sent"
_WRAPPERS = frozenset({_RECEIVED, _SENT})
_FORWARDED = "{urn:xmpp:forward:0}forwarded"
_MESSAGE = "{jabber:client}message"
_ROOM = "{http://jabber.org/protocol/muc#user}x"
_INVITATION = "{http://jabber.org/protocol/muc#user}invite"


class UnsoundCarbonError(ValueError):
    """Raised for a carbon that no sound server sends; its text says why."""


@dataclass(frozen=True, slots=True)
class Carbon:
    """The copied message."""

    message: ET.Element
    sent: bool  # by another device of ours; else received by one
    sender: JID
    recipient: JID


def build_enable() -> ET.Element:
    """What asks our account for copies (section 4)."""
    return ET.Element(_ENABLE)


def is_carbon(message: ET.Element) -> bool:
    """Whether a message claims to carry a copy. Only its direct children count."""
    return any(child.tag in _WRAPPERS for child in message)


def parse_carbon(message: ET.Element) -> Carbon:
    """The copy in a message that :func:`is_carbon`.

    Raises:
        UnsoundCarbonError: where it carries anything but one whole message of one conversation.
    """
    wrapper = _only([child for child in message if child.tag in _WRAPPERS], "wrapper")
    inner = _only(list(_only(list(wrapper), "forwarded", _FORWARDED).iterfind(_MESSAGE)), "message")
    if is_carbon(inner):
        raise UnsoundCarbonError("a copy within a copy")
    if inner.get("type") in ("error", "groupchat"):
        raise UnsoundCarbonError("a copy of an error or of a group chat")
    if (room := inner.find(_ROOM)) is not None and room.find(_INVITATION) is None:
        raise UnsoundCarbonError("a copy of a private message in a group chat (section 6.1)")
    return Carbon(inner, wrapper.tag == _SENT, _address(inner, "from"), _address(inner, "to"))


def _only(found: list[ET.Element], what: str, tag: str | None = None) -> ET.Element:
    if len(found) != 1 or (tag is not None and found[0].tag != tag):
        raise UnsoundCarbonError(f"not exactly one {what}")
    return found[0]


def _address(message: ET.Element, attribute: str) -> JID:
    try:
        return JID.parse(message.get(attribute, ""))
    except InvalidJID as error:
        raise UnsoundCarbonError(f"a copy without a proper {attribute}") from error
