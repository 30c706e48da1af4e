"""A message that comes into an open conversation in which 10,000 were scrolled past ÷ one of 100: until it is painted.

The window over a conversation holds 400 messages at most, so that this is what "10,000 rows loaded" comes to.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.bench.figure import Figure, middle
from tests.bench.stage import Stage, stage
from tests.bench.world import World
from whimbrel.model.events import MessageAdded
from whimbrel.model.message import DeliveryState, Direction, NewMessage
from whimbrel.storage.messages import MessageStore
from whimbrel.ui.models.message_window import WINDOW

if TYPE_CHECKING:
    from whimbrel.ui.conversation.pane import ConversationPane

_ROUNDS = 60
_numbers = itertools.count()


def run(world: World) -> Iterator[Figure]:
    """Both in turns, with the view at the end."""
    with stage(world) as made:
        panes = [made.pane(made.conversation(f"of{size}@example.org", size)) for size in (100, 10_000)]
        for pane in panes:
            while pane.model.rowCount() < WINDOW and pane.model.fetch_older():
                made.application.processEvents()
            pane.view.follow_end()
        times: list[list[float]] = [[], []]
        for _ in range(_ROUNDS):
            for index, pane in enumerate(panes):
                times[index].append(_append(made, pane))
        rows = [pane.model.rowCount() for pane in panes]
        for pane in panes:
            made.close(pane)
    few, many = (middle(values[5:]) * 1000 for values in times)
    yield Figure(
        "append with 10,000 rows ÷ with 100", many, "ms", 1.5, few, note=f"in the window: {rows[1]}, {rows[0]}"
    )


def _append(made: Stage, pane: ConversationPane) -> float:
    number = next(_numbers)
    conversation = pane.conversation
    with made.core.database.transaction():
        message = MessageStore(made.core.database).add_message(
            NewMessage(
                conversation.account_id,
                conversation.id,
                Direction.IN,
                conversation.jid,
                f"appended {number}, of a usual length",
                datetime.now(UTC),
                DeliveryState.RECEIVED,
                wire_id=f"appended{number}",
            )
        )
    began = time.perf_counter()
    made.core.services.bus.publish(MessageAdded(message, notify=True))
    pane.model.flush()
    made.application.processEvents()
    return time.perf_counter() - began
