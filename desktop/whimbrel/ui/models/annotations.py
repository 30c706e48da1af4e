"""What features show with the messages of a window, read for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whimbrel.model.message import Message, MessageId
    from whimbrel.ui.conversation.parts import Part, PartSource

_KEPT = 1_000


class Annotations:
    """The parts of messages, by message; read when first asked for, with those of the neighbours."""

    def __init__(self) -> None:
        self._sources: tuple[PartSource, ...] = ()
        self._parts: dict[MessageId, tuple[Part, ...]] = {}

    def set_sources(self, sources: Iterable[PartSource]) -> None:
        """Say who has parts."""
        self._sources = tuple(sources)
        self._parts.clear()

    def find(self, message: Message, neighbours: Sequence[Message]) -> tuple[Part, ...]:
        """The parts of a message, in the sources' order."""
        if not self._sources:
            return ()
        known = self._parts.get(message.id)
        if known is None:
            self._read([one for one in neighbours if one.id not in self._parts])
            known = self._parts[message.id]
        return known

    def forget(self, message_ids: Iterable[MessageId]) -> None:
        """They are others now."""
        for message_id in message_ids:
            self._parts.pop(message_id, None)

    def _read(self, messages: Sequence[Message]) -> None:
        if len(self._parts) > _KEPT:
            self._parts.clear()
        found = [source.parts(messages) for source in self._sources]
        for message in messages:
            self._parts[message.id] = tuple(parts[message.id] for parts in found if message.id in parts)
