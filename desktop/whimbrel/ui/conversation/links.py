"""Links in plain text: http, https, xmpp and mailto, nothing else. Linear in the length of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_MAX_LENGTH = 4096
_SCHEME = re.compile(r"(?<![A-Za-z0-9+.\-])(?:https?://|xmpp:|mailto:)", re.IGNORECASE)
# Ends at white space, controls, invisible and bidirectional marks, quotes, angle brackets, and CJK punctuation.
_END = re.compile(
    r"[\s\x00-\x20\x7f-\xa0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd"
    r"<>\"`|\\^\u201c\u201d\u2018\u2019\u00ab\u00bb\u3000-\u3003\u3008-\u3020"
    r"\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3e\uff5b-\uff65\ud800-\udfff]"
)
_TRAILING = frozenset(".,;:!?'*_~")
_CLOSING = {")": "(", "]": "[", "}": "{"}
_OPENABLE = frozenset({"http", "https", "mailto", "xmpp"})
_HOST = re.compile(r"[^\W_]|\[")


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a text: ``text[start:end]`` is its address."""

    start: int
    end: int
    url: str


def find_links(text: str) -> list[Link]:
    """Every link in ``text``, in order, without overlaps."""
    links: list[Link] = []
    position = 0
    while (match := _SCHEME.search(text, position)) is not None:
        start = match.start()
        stop = _END.search(text, match.end())
        run_end = stop.start() if stop is not None else len(text)
        end = _trim(text, match.end(), run_end)
        url = text[start:end]
        if is_openable(url):
            links.append(Link(start, end, url))
        position = max(run_end, match.end())
    return links


def is_openable(url: str) -> bool:
    """Whether an address is one that a click may open: the last check before it leaves the program."""
    if len(url) > _MAX_LENGTH or _END.search(url) is not None:
        return False
    scheme, colon, rest = url.partition(":")
    scheme = scheme.lower()
    if not colon or scheme not in _OPENABLE:
        return False
    if scheme == "mailto":
        return 0 < rest.find("@") < len(rest) - 1
    if scheme == "xmpp":
        return _HOST.match(rest.lstrip("/")) is not None
    return rest.startswith("//") and _has_host(url)


def shown_host(url: str) -> str:
    """The host that a web address leads to, in its ASCII form where it is not plain ASCII; "" for other schemes."""
    if not url.lower().startswith(("http://", "https://")):
        return ""
    try:
        host = urlsplit(url).hostname or ""
        return host if host.isascii() else f"{host} ({host.encode('idna').decode('ascii')})"
    except (UnicodeError, ValueError):
        return ""


def _has_host(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return bool(host) and (":" in host or _HOST.match(host) is not None)


def _trim(text: str, start: int, end: int) -> int:
    """Leave out punctuation that belongs to the sentence, and closing brackets that were opened before the link."""
    run = text[start : min(end, start + _MAX_LENGTH)]
    if start + len(run) < end:
        return end
    surplus = {closing: run.count(closing) - run.count(opening) for closing, opening in _CLOSING.items()}
    while end > start:
        char = text[end - 1]
        if char in _TRAILING:
            end -= 1
        elif surplus.get(char, 0) > 0:
            surplus[char] -= 1
            end -= 1
        else:
            break
    return end
