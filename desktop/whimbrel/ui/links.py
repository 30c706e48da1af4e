"""What an ``xmpp:`` link asks for (RFC 5122, XEP-0147)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from urllib.parse import unquote

from whimbrel.model.jid import JID, InvalidJID


class Wish(enum.Enum):
    """What a link wants done with its address."""

    TALK = "talk"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class XmppLink:
    """An address and what is to be done with it."""

    wish: Wish
    jid: JID  # bare


def parse_link(text: str) -> XmppLink | None:
    """Read a link or a plain address; None for anything else."""
    rest = text.strip()
    if rest[:5].lower() == "xmpp:":
        rest = rest[5:]
        if rest.startswith("//"):  # an authority names our own account (RFC 5122 section 2.3); the path is the address
            rest = rest[2:].partition("/")[2]
    rest = rest.partition("#")[0]
    path, _, query = rest.partition("?")
    try:
        jid = JID.parse(unquote(path, errors="strict")).bare
    except (InvalidJID, UnicodeDecodeError):
        return None
    action = query.partition(";")[0].lower()
    return XmppLink(Wish.ADD if action in ("roster", "subscribe") else Wish.TALK, jid)
