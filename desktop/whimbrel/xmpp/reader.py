"""Reading the server's half of a stream: well-formed, restricted XML within bounds (RFC 6120 sections 4.9.3 and 11)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import cast

from whimbrel.xmpp.stanzas import STREAM

LONGEST_STANZA = 16 * 1024 * 1024  # bytes; servers allow up to 10 MB
DEEPEST_ELEMENT = 200
LONGEST_RUN = 1024 * 1024  # bytes from one tag's beginning to the next: the parser reads a tag again with every piece
LONGEST_PROLOGUE = 1024  # bytes before the stream's first tag

_PROLOGUE = re.compile(
    rb"\s*(<\?xml(\s+version\s*=\s*['\"]1\.0['\"])?(\s+encoding\s*=\s*['\"]utf-8['\"])?"
    rb"(\s+standalone\s*=\s*['\"](yes|no)['\"])?\s*\?>)?\s*<[a-z_]",
    re.IGNORECASE,
)


class Violation(Exception):
    """Raised where the server's XML breaks the rules; ``condition`` is the stream error for it."""

    def __init__(self, condition: str, detail: str) -> None:
        super().__init__(f"{condition}: {detail}")
        self.condition = condition


class StreamReader:
    """Takes bytes and gives the stream's stanzas.

    A document type (hence every entity) can only stand before the first tag, so the prologue is matched against what
    is allowed there and nothing else reaches the parser; afterwards the parser itself refuses one.
    """

    def __init__(self) -> None:
        self._parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("start", "end", "comment", "pi"))
        self._prologue: bytes | None = b""
        self._depth = 0
        self._root: ET.Element | None = None
        self._size = 0
        self._run = 0  # bytes since the last tag began
        self.closed = False  # the server closed its stream

    @property
    def opened(self) -> bool:
        """Whether the stream's first tag has come."""
        return self._root is not None

    @property
    def root(self) -> ET.Element | None:
        """The stream's first tag."""
        return self._root

    def feed(self, data: bytes) -> None:
        """Take bytes from the network. Raises Violation."""
        if self._prologue is not None:
            data = self._prologue + data
            self._prologue = data
            if not _PROLOGUE.match(data):
                if len(data) > LONGEST_PROLOGUE or not _may_become_prologue(data):
                    raise Violation("restricted-xml", "the stream does not begin with its own tag")
                return
            self._prologue = None
        self._size += len(data)
        if self._size > LONGEST_STANZA:
            raise Violation("policy-violation", "a stanza is too large")
        begin = data.rfind(b"<")
        self._run = self._run + len(data) if begin < 0 else len(data) - begin
        if self._run > LONGEST_RUN:
            raise Violation("policy-violation", "a tag or a text is too large")
        self._parser.feed(data)

    def next_stanza(self) -> ET.Element | None:
        """The next complete child of the stream; None until more bytes come. Raises Violation."""
        try:
            for event, item in cast(Iterator[tuple[str, ET.Element]], self._parser.read_events()):
                if event == "start":
                    self._on_start(item)
                elif event == "end":
                    self._depth -= 1
                    if self._depth == 1:
                        self._size = 0
                        self._forget_children()
                        return item
                    if self._depth == 0:
                        self.closed = True
                else:
                    raise Violation("restricted-xml", f"a {event} in the stream")
        except ET.ParseError as error:
            raise Violation("not-well-formed", str(error)) from error
        return None

    def _on_start(self, element: ET.Element) -> None:
        self._depth += 1
        if self._depth == 1:
            if element.tag != f"{{{STREAM}}}stream":
                raise Violation("invalid-namespace", "the first tag is not a stream's")
            self._root = element
        elif self._depth > DEEPEST_ELEMENT:
            raise Violation("policy-violation", "elements are nested too deeply")

    def _forget_children(self) -> None:
        """Keep the stream's element empty, or it would hold every stanza in memory."""
        if self._root is not None:
            del self._root[:]
            self._root.text = None


def _may_become_prologue(data: bytes) -> bool:
    """Whether what came could still turn out right: only the start of a declaration or white space."""
    text = data.lstrip()
    return not text or (b"<?xml".startswith(text[:5]) and b"?>" not in text) or text.rstrip().endswith((b"?>", b"<"))
