"""Stream management (XEP-0198): a session's counts, and what its server has not acknowledged yet."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from whimbrel.xmpp.stanzas import MANAGEMENT

REQUEST = f"{{{MANAGEMENT}}}r"
ANSWER = f"{{{MANAGEMENT}}}a"
ASK = f'<r xmlns="{MANAGEMENT}"/>'

_MODULUS = 2**32  # section 4: the counts wrap


class CountError(ValueError):
    """Raised where a server acknowledges what it was never sent (section 6)."""


class Management:
    """What both sides count in one session, over as many connections as it takes. Lives in memory only.

    Args:
        session_id: "" while it cannot be resumed.
        location: where the server wants to be asked to resume it (host or host:port), or "".
        handled: so many of the server's stanzas are done with.
    """

    def __init__(self, session_id: str = "", location: str = "", handled: int = 0) -> None:
        self.session_id = session_id
        self.location = location
        self.handled = handled
        self.told = handled  # the count that the disk knows
        self._acknowledged = 0
        self._unacknowledged: deque[ET.Element] = deque()

    @property
    def resumable(self) -> bool:
        """Whether the server holds the session for a while after its stream."""
        return bool(self.session_id)

    @property
    def next_sequence(self) -> int:
        """The number of the next stanza that is sent; the first one has 1."""
        return (self._acknowledged + len(self._unacknowledged) + 1) % _MODULUS

    @property
    def unacknowledged(self) -> list[ET.Element]:
        """What was sent and not acknowledged, oldest first."""
        return list(self._unacknowledged)

    def handled_with(self, count: int) -> int:
        """What ``handled`` will be after so many more."""
        return (self.handled + count) % _MODULUS

    def sent(self, element: ET.Element) -> None:
        """A stanza goes out."""
        self._unacknowledged.append(element)

    def acknowledge(self, count: int) -> list[ET.Element]:
        """Take the server's count; returns the stanzas that it newly covers, oldest first.

        Raises:
            CountError: where it covers more than was sent.
        """
        newly = (count - self._acknowledged) % _MODULUS
        if newly > len(self._unacknowledged):
            raise CountError(f"acknowledged {count}, sent {self.next_sequence - 1}")
        self._acknowledged = count
        return [self._unacknowledged.popleft() for _ in range(newly)]

    def take_back(self, stanzas: Sequence[ET.Element]) -> None:
        """What was just acknowledged could not be kept: the server says it again when the session goes on."""
        self._acknowledged = (self._acknowledged - len(stanzas)) % _MODULUS
        self._unacknowledged.extendleft(reversed(stanzas))

    def recover(self, acknowledged: int) -> None:
        """Take over the server's count, where ours was lost with the program."""
        self._acknowledged = acknowledged
        self._unacknowledged.clear()

    def build_resume(self) -> str:
        """The request to go on with this session (section 5)."""
        return f'<resume xmlns="{MANAGEMENT}" h="{self.handled}" previd={quoteattr(self.session_id)}/>'

    def build_answer(self) -> str:
        """What we have handled, for the server."""
        return f'<a xmlns="{MANAGEMENT}" h="{self.handled}"/>'


def parse_count(element: ET.Element) -> int | None:
    """The count that an element bears; None where that is missing or makes no sense."""
    text = element.get("h", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        return None
    count = int(text)
    return count if count < _MODULUS else None
