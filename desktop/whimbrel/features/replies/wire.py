"""Replies (XEP-0461) with their fallback (XEP-0428): their XML. Characters are Unicode code points."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from whimbrel.model.jid import JID, InvalidJID

NAMESPACE = "urn:xmpp:reply:0"
FALLBACK = "urn:xmpp:fallback:0"
_REPLY = f"{{{NAMESPACE}}}reply"
_FALLBACK = f"{{{FALLBACK}}}fallback"
_BODY = f"{{{FALLBACK}}}body"
_SUBJECT = f"{{{FALLBACK}}}subject"

_MAX_ID = 1024
_MOST_PARTS = 16
_MOST_QUOTED = 1_000  # code points


@dataclass(frozen=True, slots=True)
class ReplyTold:
    """Which message another says that it answers."""

    answers: str
    author: JID | None


def parse_reply(message: ET.Element) -> ReplyTold | None:
    """What a message answers; None where it does not say so, or not clearly."""
    found = message.findall(_REPLY)
    if len(found) != 1 or not 0 < len(answers := found[0].get("id", "")) <= _MAX_ID:
        return None
    try:
        author = JID.parse(found[0].get("to", "")).bare
    except InvalidJID:
        author = None
    return ReplyTold(answers, author)


def split_body(message: ET.Element, body: str) -> tuple[str, str]:
    """A reply's own words, and what stands in its body for programs that know no replies (XEP-0428 section 3).

    Exactly the marked parts are taken out. What lies outside the body marks nothing, and a body that would have no
    words left is all words.
    """
    words, quoted, position = [], [], 0
    for start, end in sorted(_parts(message, len(body))):
        words.append(body[position:start])
        quoted.append(body[max(start, position) : end])
        position = max(position, end)
    own = "".join([*words, body[position:]])
    if not own.strip():
        return body, ""
    return own, unquoted("".join(quoted))[:_MOST_QUOTED]


def quote(text: str) -> str:
    """A text as it is quoted in a body: "> " before each line, and a line's end behind the last."""
    return "".join(f"> {line}\n" for line in text.splitlines())


def unquoted(text: str) -> str:
    """A quotation without its marks."""
    lines = text.strip("\n").splitlines()
    return "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines).strip()


def build_reply(answers: str, author: JID | None) -> ET.Element:
    """What a message answers."""
    element = ET.Element(_REPLY, {"id": answers})
    if author is not None:
        element.set("to", str(author))
    return element


def build_fallback(length: int) -> ET.Element:
    """That so many characters at the start of the body are a quotation."""
    fallback = ET.Element(_FALLBACK, {"for": NAMESPACE})
    ET.SubElement(fallback, _BODY, {"start": "0", "end": str(length)})
    return fallback


def _parts(message: ET.Element, length: int) -> Iterator[tuple[int, int]]:
    """The parts of the body that are a fallback for replies."""
    for fallback in message.findall(_FALLBACK)[:_MOST_PARTS]:
        if fallback.get("for") != NAMESPACE:
            continue
        bodies = fallback.findall(_BODY)[:_MOST_PARTS]
        if not bodies and fallback.find(_SUBJECT) is None:
            yield 0, length
        for body in bodies:
            start, end = _number(body.get("start", "0")), _number(body.get("end", str(length)))
            if start is not None and end is not None and start <= end <= length:
                yield start, end


def _number(text: str) -> int | None:
    """An xs:unsignedInt."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 10 else None
