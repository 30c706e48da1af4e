"""Reactions (XEP-0444): their XML, and what counts as one emoji. What others send is bounded here."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass

NAMESPACE = "urn:xmpp:reactions:0"
_REACTIONS = f"{{{NAMESPACE}}}reactions"
_REACTION = f"{{{NAMESPACE}}}reaction"
_STORE = "{urn:xmpp:hints}store"
_FALLBACK = "{urn:xmpp:fallback:0}fallback"
_FALLBACK_BODY = "{urn:xmpp:fallback:0}body"

MOST = 20
"""Emoji that one person gives one message; of more, the first count."""
_MAX_ID = 1024
_LONGEST = 32  # code points; the longest sequences that are in use have 15
_LOOKED_AT = 200  # elements

_BASE = (
    r"[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    r"\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_TONED = rf"(?![\U0001f1e6-\U0001f1ff]){_BASE}\ufe0f?[\U0001f3fb-\U0001f3ff]?\ufe0f?"
_EMOJI = re.compile(
    r"[\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f?\u20e3"
    rf"|{_TONED}(?:[\U000e0020-\U000e007e]+\U000e007f)?(?:\u200d{_TONED})*"
)
"""Emoji sequences (Unicode Technical Standard 51, section 1.4), without asking whether there is a picture for each."""


@dataclass(frozen=True, slots=True)
class ReactionsTold:
    """What a stanza says of a message with emoji."""

    about: str  # the message's id
    emoji: tuple[str, ...]


def parse_reactions(message: ET.Element) -> ReactionsTold | None:
    """What a stanza says with emoji; None where it says nothing, or not clearly: two sets are none (section 3.1)."""
    found = message.findall(_REACTIONS)
    if len(found) != 1 or not 0 < len(about := found[0].get("id", "")) <= _MAX_ID:
        return None
    texts = (element.text or "" for element in found[0].findall(_REACTION)[:_LOOKED_AT])
    return ReactionsTold(about, tuple(dict.fromkeys(text for text in texts if is_emoji(text)))[:MOST])


def bears_reactions(message: ET.Element) -> bool:
    """Whether a stanza has to do with reactions, sound or not."""
    return message.find(_REACTIONS) is not None


def is_fallback(message: ET.Element) -> bool:
    """Whether all of the body stands there for programs that know no reactions (XEP-0428)."""
    for fallback in message.findall(_FALLBACK):
        if fallback.get("for") == NAMESPACE:
            bodies = fallback.findall(_FALLBACK_BODY)
            return not len(fallback) or any(not body.attrib for body in bodies)
    return False


def is_emoji(text: str) -> bool:
    """Whether a text is one emoji."""
    return len(text) <= _LONGEST and _EMOJI.fullmatch(text) is not None


def build_reactions(about: str, emoji: Iterable[str]) -> tuple[ET.Element, ...]:
    """What says a set, with the wish that archives keep it (section 3.2)."""
    reactions = ET.Element(_REACTIONS, {"id": about})
    for one in emoji:
        ET.SubElement(reactions, _REACTION).text = one
    return reactions, ET.Element(_STORE)
