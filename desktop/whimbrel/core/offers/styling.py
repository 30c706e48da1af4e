"""Which messages are not to be styled."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from whimbrel.model.message import MessageId


class Unstyled(Protocol):
    """Knows what senders said of the look of their messages."""

    def unstyled(self, message_ids: Collection[MessageId]) -> frozenset[MessageId]:
        """Those of these messages that are to be shown as their bare text."""
