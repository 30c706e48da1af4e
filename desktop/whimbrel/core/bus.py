"""The program's events: synchronous, in order, after commit."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from typing import TypeVar

from whimbrel.model.events import Event

E = TypeVar("E", bound=Event)


class Bus:
    """Delivers events to whoever subscribed to their type, in the order of publishing.

    An event published by a subscriber is delivered after the present one has reached everybody, so all
    subscribers see the same order. A subscriber that raises is a bug: the exception goes to ``on_fault`` (where faults
    are made loud) and the others still get the event.
    """

    def __init__(self, on_fault: Callable[[BaseException], None]) -> None:
        self._subscribers: dict[type[Event], list[Callable[..., None]]] = defaultdict(list)
        self._queue: deque[Event] = deque()
        self._delivering = False
        self.on_fault = on_fault

    def subscribe(self, event_type: type[E], handler: Callable[[E], None]) -> Callable[[], None]:
        """Call ``handler`` with each event of exactly this type; returns the function that ends it."""
        handlers = self._subscribers[event_type]
        handlers.append(handler)

        def unsubscribe() -> None:
            if handler in handlers:
                handlers.remove(handler)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Deliver an event; call it only after what it tells is on disk."""
        self._queue.append(event)
        if self._delivering:
            return
        self._delivering = True
        try:
            while self._queue:
                current = self._queue.popleft()
                for handler in tuple(self._subscribers[type(current)]):
                    try:
                        handler(current)
                    except Exception as error:  # noqa: BLE001 - a faulty subscriber must not starve the others
                        self.on_fault(error)
        finally:
            self._delivering = False
