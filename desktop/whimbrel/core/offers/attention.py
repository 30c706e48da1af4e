"""Asking for somebody's attention."""

from __future__ import annotations

from typing import Protocol

from whimbrel.model.conversation import Conversation


class Attention(Protocol):
    """Asks others to look here now. ``AttentionAsked`` tells of those who ask us."""

    def can_ask(self, conversation: Conversation) -> bool:
        """Whether the person takes part in this at all, and the other one is there."""

    async def ask(self, conversation: Conversation) -> None:
        """Ask, now: it is not kept for later.

        Raises:
            KnownError: NOT_CONNECTED, NO_ANSWER; UNAVAILABLE: they do not want to be asked, or are gone;
                TRY_LATER: they were asked just now.
        """
