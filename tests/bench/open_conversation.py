"""Opening a conversation of 1,000,000 messages at its end, and ÷ one of 1,000: until its pane is painted."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.figure import Figure, middle
from tests.bench.stage import Stage, stage
from tests.bench.world import World
from whimbrel.model.conversation import Conversation

_ROUNDS = 15
_SIZES = (1_000, 1_000_000)


def run(world: World) -> Iterator[Figure]:
    """Both in turns."""
    with stage(world) as made:
        opened = [made.conversation(f"of{size}@example.org", size) for size in _SIZES]
        times: list[list[float]] = [[], []]
        for _ in range(_ROUNDS):
            for index, conversation in enumerate(opened):
                times[index].append(_seconds(made, conversation))
    small, large = (middle(values[2:]) * 1000 for values in times)
    yield Figure("opening 1,000,000 messages", large, "ms", 60)
    yield Figure("opening 1,000,000 messages ÷ 1,000", large, "ms", 1.2, small)


def _seconds(made: Stage, conversation: Conversation) -> float:
    began = time.perf_counter()
    pane = made.pane(conversation)
    taken = time.perf_counter() - began
    made.close(pane)
    return taken
