"""The layouts of the rows that are near, by message."""

from __future__ import annotations

from collections.abc import Callable

from whimbrel.model.archive import Gap
from whimbrel.model.message import MessageId
from whimbrel.ui.conversation.bubble import BubbleLayout, estimated_height
from whimbrel.ui.conversation.failure import Aside
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.models.timeline import TimelineModel

_KEPT = 120


class BubbleCache:
    """Makes layouts when they are asked for, and keeps them while nothing about them changes."""

    def __init__(self, timeline: TimelineModel, look: Look) -> None:
        self._timeline = timeline
        self.look = look
        self.steps: dict[MessageId, int] = {}  # how often *Show more* was used on a message
        self.asides: dict[MessageId, Aside] = {}  # what is said beneath a failed message besides its reason
        self.gap_height: Callable[[Gap, int], int] = lambda gap, width: 0  # pixels, for a width
        self._bubbles: dict[MessageId, BubbleLayout] = {}
        self._in_place: dict[int, BubbleLayout] = {}  # by row, as long as nothing at all has changed

    def __len__(self) -> int:
        return len(self._bubbles)

    def get(self, row: int, width: int) -> BubbleLayout:
        """The layout of a row for a timeline of this width."""
        in_place = self._in_place.get(row)
        if in_place is not None and in_place.width == width:
            return in_place
        bubble = self._in_place[row] = self._find(row, width)
        return bubble

    def distrust(self) -> None:
        """Something has changed: see, when a row is asked for again, whether it is still what it was."""
        self._in_place.clear()

    def _find(self, row: int, width: int) -> BubbleLayout:
        facts = self._timeline.row(row)
        step = self.steps.get(facts.message.id, 0)
        aside = self.asides.get(facts.message.id, Aside.NONE)
        gap = self.gap_height(facts.gap, width) if facts.gap is not None else 0
        known = self._bubbles.get(facts.message.id)
        if known is not None and known.row == facts and known.is_for(width, step, gap, aside):
            return known
        made = BubbleLayout(facts, width, self.look, step=step, gap=gap, aside=aside)
        self._bubbles[facts.message.id] = made
        return made

    def estimates(self, first: int, last: int, width: int) -> list[int]:
        """About how high rows will be, without laying them out."""
        return [estimated_height(self._timeline.row(row), width, self.look) for row in range(first, last + 1)]

    def show_more(self, message_id: MessageId) -> None:
        """Show a longer part of a long message."""
        self.steps[message_id] = self.steps.get(message_id, 0) + 1
        self.distrust()

    def set_aside(self, message_id: MessageId, aside: Aside) -> None:
        """Say something besides its reason beneath a failed message, or no longer."""
        self.asides[message_id] = aside
        self.distrust()

    def prune(self, rows: range) -> None:
        """Where there are many, keep only those of these rows."""
        if len(self._bubbles) > _KEPT:
            shown = {self._timeline.message(row).id for row in rows}
            self._bubbles = {key: bubble for key, bubble in self._bubbles.items() if key in shown}
            self._in_place = {row: bubble for row, bubble in self._in_place.items() if row in rows}

    def clear(self) -> None:
        """Forget every layout."""
        self._bubbles.clear()
        self._in_place.clear()
