"""Answers that come as messages before their iq, as an archive's pages do (XEP-0313 section 4)."""

from __future__ import annotations

import asyncio
import logging
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable, Iterable

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.xmpp.inbound import Collect
from whimbrel.xmpp.stanzas import address_or_none

log = logging.getLogger(__name__)


class _Collector:
    """What has come for one request."""

    def __init__(self, senders: Iterable[JID | None], belongs: Callable[[ET.Element], bool]) -> None:
        self.senders = frozenset(senders)
        self.belongs = belongs
        self.gathered: list[ET.Element] = []
        self.now = asyncio.get_running_loop().time
        self.last = self.now()  # when the last one came

    def take(self, element: ET.Element) -> None:
        self.gathered.append(element)
        self.last = self.now()


class Collectors:
    """The requests of one session that are answered by messages too. ``own``: our full address."""

    def __init__(self, own: JID) -> None:
        self._own = own
        self._own_text = str(own.bare)  # that an address need not be parsed for each message of a page
        self._open: list[_Collector] = []

    def find(self, element: ET.Element) -> Collect | None:
        """Who gathers a message, if it is part of an answer."""
        if not self._open:
            return None
        text = element.get("from")
        sender = self._own.bare if text == self._own_text else address_or_none(text)
        if text and sender is None:
            return None
        for collector in self._open:
            if sender in collector.senders and _belongs(collector, element):
                return collector.take
        return None

    async def collect(
        self, to: JID | None, belongs: Callable[[ET.Element], bool], answer: Awaitable[ET.Element], timeout: float
    ) -> tuple[ET.Element, list[ET.Element]]:
        """Wait for an answer, and gather its messages meanwhile.

        Args:
            timeout: seconds without anything of it.

        Raises:
            KnownError: NO_ANSWER, or as ``answer`` does.
        """
        own = to is None or to == self._own.bare
        collector = _Collector((None, self._own.bare) if own else (to,), belongs)
        self._open.append(collector)
        waiting = asyncio.ensure_future(answer)
        try:
            while not waiting.done():
                left = collector.last + timeout - collector.now()
                if left <= 0:
                    raise KnownError(ErrorKind.NO_ANSWER, subject=str(to or self._own.domain))
                await asyncio.wait({waiting}, timeout=left)
            return waiting.result(), collector.gathered
        finally:
            self._open.remove(collector)
            waiting.cancel()


def _belongs(collector: _Collector, element: ET.Element) -> bool:
    try:
        return collector.belongs(element)
    except Exception:  # a feature's fault, with what a stranger may have sent: what follows in the stream still arrives
        log.exception("looking at a message failed")
        return False
