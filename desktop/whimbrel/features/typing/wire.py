"""Chat states (XEP-0085): their XML. They are kept nowhere (XEP-0334 section 4.3)."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from whimbrel.model.typing import ChatState

NAMESPACE = "http://jabber.org/protocol/chatstates"
HINTS = "urn:xmpp:hints"
DISCO_INFO = "http://jabber.org/protocol/disco#info"
_DELAY = "{urn:xmpp:delay}delay"
_NO_STORE = f"{{{HINTS}}}no-store"
_FEATURE = f"{{{DISCO_INFO}}}feature"
_STATES = {f"{{{NAMESPACE}}}{state.value}": state for state in ChatState}


def parse_state(message: ET.Element) -> ChatState | None:
    """The state that a message tells; None where there is none, or more than one (section 5.5)."""
    found = [_STATES[child.tag] for child in message if child.tag in _STATES]
    return found[0] if len(found) == 1 else None


def is_delayed(message: ET.Element) -> bool:
    """Whether it was kept on the way, whoever says so: then nobody writes now."""
    return message.find(_DELAY) is not None


def build_state(state: ChatState) -> ET.Element:
    """A state, for a message that says something too."""
    return ET.Element(f"{{{NAMESPACE}}}{state.value}")


def build_standalone(state: ChatState) -> tuple[ET.Element, ...]:
    """All of a message that tells nothing else."""
    return build_state(state), ET.Element(_NO_STORE)


def build_question() -> ET.Element:
    """What asks a program what it can do (XEP-0030)."""
    return ET.Element(f"{{{DISCO_INFO}}}query")


def parse_answer(iq: ET.Element) -> bool:
    """Whether a program says that it wants to know of states (section 4)."""
    return any(feature.get("var") == NAMESPACE for feature in iq.iter(_FEATURE))
