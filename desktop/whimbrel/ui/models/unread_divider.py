"""Where the divider *2 unread* stands in a conversation."""

from __future__ import annotations

from collections.abc import Iterable

from whimbrel.model.message import Direction, Message, MessageId


class UnreadDivider:
    """Stands above the first message that came in unseen; goes away with an answer."""

    def __init__(self, message_id: MessageId | None, count: int) -> None:
        self.message_id = message_id
        self.count = count
        self._seen = False
        self._viewed = False

    @property
    def viewed(self) -> bool:
        """Whether the person sees the end of the conversation."""
        return self._viewed

    def set_viewed(self, viewed: bool) -> None:
        """Note whether the end is seen. What comes in unseen after that gets a divider of its own."""
        self._viewed = viewed
        self._seen = self._seen or viewed

    def take(self, fresh: Iterable[Message]) -> list[MessageId]:
        """Move for messages that are new, in order; returns those whose heading has changed."""
        before = (self.message_id, self.count)
        fresh = list(fresh)
        if any(message.direction is Direction.OUT for message in fresh):
            self.message_id, self.count = None, 0
        elif fresh and not self._viewed:
            fresh_divider = self.message_id is None or self._seen
            self.message_id = fresh[0].id if fresh_divider else self.message_id
            self.count = len(fresh) + (0 if fresh_divider else self.count)
            self._seen = False
        return self._changed_since(before)

    def place(self, message_id: MessageId, count: int) -> list[MessageId]:
        """Stand where the core says that the unread ones begin; returns those whose heading has changed."""
        before = (self.message_id, self.count)
        self.message_id, self.count, self._seen = message_id, count, False
        return self._changed_since(before)

    def _changed_since(self, before: tuple[MessageId | None, int]) -> list[MessageId]:
        if (self.message_id, self.count) == before:
            return []
        return [message_id for message_id in {before[0], self.message_id} if message_id is not None]
