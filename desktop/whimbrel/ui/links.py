"""What an ``xmpp:`` link asks for (RFC 5122, XEP-0147). Reading one does nothing; ``link_following`` follows it."""

from __future__ import annotations

import enum
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from whimbrel.model.jid import JID, InvalidJID

LONGEST = 8192
"""Characters: a longer link is refused as a whole, since half of one means something else."""

_LONGEST_NAME = 255
_LONGEST_SUBJECT = 1000
_HIDDEN = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
"""What turns the direction of text around or hides in it; letters that join (U+200C, U+200D) are none of it."""


class Wish(enum.Enum):
    """What a link wants done with its address."""

    TALK = "talk"  # with words to begin with, perhaps
    ADD = "add"
    UNSUBSCRIBE = "unsubscribe"
    REMOVE = "remove"
    JOIN = "join"
    REGISTER = "register"
    UNREGISTER = "unregister"
    OTHER = "other"


_WISHES = {
    "": Wish.TALK,
    "message": Wish.TALK,
    "roster": Wish.ADD,
    "subscribe": Wish.ADD,
    "unsubscribe": Wish.UNSUBSCRIBE,
    "remove": Wish.REMOVE,
    "join": Wish.JOIN,
    "register": Wish.REGISTER,
    "unregister": Wish.UNREGISTER,
}


@dataclass(frozen=True, slots=True)
class XmppLink:
    """An address and what is to be done with it. All text in it is foreign, and clean: no controls, nothing hidden."""

    wish: Wish
    jid: JID  # bare
    account: JID | None = None  # which of our accounts is to do it, bare
    body: str = ""  # of a message, with its subject above it
    name: str = ""  # of a contact
    group: str = ""
    near: JID | None = None  # the account in whose chat it stood, bare


def parse_link(text: str) -> XmppLink | None:
    """Read a link or a plain address; None for anything else, and for what is too long.

    Of the keys of XEP-0147, those that would let a link speak in our name (``from``, ``id``, ``type``) or that have
    no use here (``thread``, passwords) are passed over.
    """
    if len(text) > LONGEST:
        return None
    rest = text.strip()
    is_link = rest[:5].lower() == "xmpp:"
    path, _, query = (rest[5:] if is_link else rest).partition("#")[0].partition("?")
    authority = ""
    if is_link and path.startswith("//"):  # it names our own account (RFC 5122 section 2.3); alone it is meant
        authority, slash, rest = path[2:].partition("/")
        path, authority = (rest, authority) if slash and rest else (authority, "")
    try:
        jid = JID.parse(unquote(path, errors="strict")).bare
        account = JID.parse(unquote(authority, errors="strict")).bare if authority else None
    except (InvalidJID, UnicodeDecodeError):
        return None
    action, _, pairs = query.partition(";")
    wish = _WISHES.get(action.lower(), Wish.OTHER)
    values = _read_pairs(pairs)
    subject = _one_line(values.get("subject", ""))[:_LONGEST_SUBJECT]
    body = "\n\n".join(filter(None, [subject, _clean(values.get("body", ""))])) if action.lower() == "message" else ""
    name, group = (_one_line(values.get(key, ""))[:_LONGEST_NAME] for key in ("name", "group"))
    return XmppLink(wish, jid, account, body, name, group)


def _read_pairs(text: str) -> dict[str, str]:
    """The first value of each key; what is wrongly encoded shows as replacement characters."""
    values: dict[str, str] = {}
    for pair in text.split(";"):
        key, _, value = pair.partition("=")
        values.setdefault(key.lower(), unquote(value, errors="replace"))
    return values


def _clean(text: str) -> str:
    """Text of several lines, with nothing in it that is not seen."""
    lines = re.split(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", text)
    kept = (
        "".join(
            char for char in _HIDDEN.sub("", line) if char == "\t" or unicodedata.category(char) not in ("Cc", "Cs")
        )
        for line in lines
    )
    return "\n".join(line.rstrip() for line in kept).strip("\n")


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())
