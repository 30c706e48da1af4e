"""The stanzas of an authenticated stream, in order: heard, handled, then counted (XEP-0198 section 4)."""

from __future__ import annotations

import logging
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from whimbrel.xmpp.management import Management
from whimbrel.xmpp.stanzas import IQ, MESSAGE

log = logging.getLogger(__name__)

_MOST_TOGETHER = 32  # messages that share a commit: less than 10 ms of work

Collect = Callable[[ET.Element], None]


class Consumer(Protocol):
    """Who handles stanzas. False: what was handed over is not done with, and the stream has ended."""

    def take_stanza(self, element: ET.Element) -> bool:
        """A presence or iq came."""

    def take_messages(self, elements: Sequence[ET.Element], handled: int | None) -> bool:
        """Messages came one after another; with them so many stanzas are handled (None: nobody will ask)."""

    def take_answer(self, element: ET.Element) -> bool:
        """Whether an iq answers a request of ours; then its asker has it."""

    def find_collector(self, element: ET.Element) -> Collect | None:
        """Who gathers a message that is part of an answer."""

    def before_acknowledging(self, handled: int) -> bool:
        """So many stanzas are handled, and the server is about to be told."""


class Inbound:
    """Hands stanzas to their consumer. Messages that come one after another go together: they share one commit."""

    def __init__(self) -> None:
        self.consumer: Consumer | None = None
        self.management: Management | None = None
        self.counting = False  # the server counts what it sends
        self.asked = False  # the server wants to know what is handled
        self._run: list[ET.Element] = []
        self._run_counts = False
        self._held: deque[tuple[ET.Element, bool, bool]] = deque()
        self._holding = False

    def hear(self, element: ET.Element) -> None:
        """A stanza came."""
        if self._holding or self._held:
            answered = element.tag == IQ and self.consumer is not None and self.consumer.take_answer(element)
            self._held.append((element, self.counting, answered))
        else:
            self._hear(element, self.counting)

    def hold(self) -> None:
        """Keep what comes until ``release``, but for the answers to our requests."""
        self._holding = True

    def release(self) -> None:
        """Let what was kept be heard, by and by (``hear_held``)."""
        self._holding = False

    def hear_held(self) -> bool:
        """Hear the next of what was kept. False where there is none, or it is not time yet."""
        if self._holding or not self._held:
            return False
        element, counts, answered = self._held.popleft()
        if not answered:
            self._hear(element, counts)
        elif self.settle():
            self._count(1, counts)
        return True

    def settle(self) -> bool:
        """Hand over the messages that have come, together. False: they are not done with, and the stream has ended."""
        if not self._run:
            return True
        messages, self._run = self._run, []
        consumer, management = self.consumer, self.management
        if consumer is None:
            return True
        kept = self._run_counts and management is not None and management.resumable
        handled = management.handled_with(len(messages)) if kept and management is not None else None
        if not self._guarded(consumer.take_messages, messages, handled):
            return False
        self._count(len(messages), self._run_counts)
        if handled is not None and management is not None:
            management.told = handled
        return True

    def drop(self) -> None:
        """The stream ended: what is not handled comes again, or does not."""
        self.consumer = None
        self._run.clear()
        self._held.clear()

    def _hear(self, element: ET.Element, counts: bool) -> None:
        consumer = self.consumer
        if element.tag != MESSAGE:
            if self.settle() and consumer is not None and self._guarded(consumer.take_stanza, element):
                self._count(1, counts)
            return
        collect = consumer.find_collector(element) if consumer is not None else None
        if (collect is not None or counts is not self._run_counts) and not self.settle():
            return
        if collect is not None:
            collect(element)
            self._count(1, counts)
            return
        self._run_counts = counts
        self._run.append(element)
        if len(self._run) >= _MOST_TOGETHER:
            self.settle()

    def _guarded(self, handler: Callable[..., bool], *what: object) -> bool:
        """Whether something is done with; a fault of ours, whatever it is, is loud, and what follows still arrives."""
        try:
            return handler(*what)
        except Exception:
            log.exception("handling a stanza failed")
            return True

    def _count(self, count: int, counts: bool) -> None:
        if counts and self.management is not None:
            self.management.handled = self.management.handled_with(count)
