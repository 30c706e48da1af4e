"""Which messages of a window are to be shown without styling, read for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from whimbrel.core.offers.styling import Unstyled

if TYPE_CHECKING:
    from whimbrel.core.services import Services
    from whimbrel.model.message import Message, MessageId

_KEPT = 2_000


class UnstyledMessages:
    """Known for good once read: a message does not change in this."""

    def __init__(self, services: Services) -> None:
        self._port = services.find_offer(Unstyled)
        self._known: dict[MessageId, bool] = {}

    def has(self, message: Message, neighbours: Sequence[Message]) -> bool:
        """Whether a message is one of them; ``neighbours``, of which it is one, are asked about with it."""
        if self._port is None:
            return False
        if message.id not in self._known:
            if len(self._known) > _KEPT:
                self._known.clear()
            asked = [one.id for one in neighbours if one.id not in self._known]
            found = self._port.unstyled(asked)
            self._known.update((message_id, message_id in found) for message_id in asked)
        return self._known[message.id]
