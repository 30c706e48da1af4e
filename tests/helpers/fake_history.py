"""Tells of conversations what a test says, and fetches nothing."""

from __future__ import annotations

from collections import defaultdict

from whimbrel.model.archive import Beginning, Coverage, Gap
from whimbrel.model.conversation import ConversationId
from whimbrel.model.errors import KnownError


class FakeHistory:
    """A HistoryReader: tells ``covered``, notes in ``loaded`` what it was asked to fetch, raises ``error`` then."""

    def __init__(self) -> None:
        self.covered: defaultdict[ConversationId, Coverage] = defaultdict(lambda: Coverage(beginning=Beginning.REACHED))
        self.shown: set[ConversationId] = set()
        self.loaded: list[tuple[ConversationId, Gap | None]] = []
        self.error: KnownError | None = None

    def coverage(self, conversation_id: ConversationId) -> Coverage:
        return self.covered[conversation_id]

    def set_shown(self, conversation_id: ConversationId, shown: bool) -> None:
        (self.shown.add if shown else self.shown.discard)(conversation_id)

    async def load(self, conversation_id: ConversationId, gap: Gap | None = None) -> None:
        self.loaded.append((conversation_id, gap))
        if self.error is not None:
            raise self.error
