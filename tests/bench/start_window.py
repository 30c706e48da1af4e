"""Process start → first window painted ÷ the same for a bare PySide6 main window."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figure import Figure, middle
from tests.bench.process import Measured
from tests.bench.world import World

_ROUNDS = 9


def run(world: World) -> Iterator[Figure]:
    """Both in turns, so that both meet the same machine."""
    profile = world.profile(contacts=True, chats=50)
    ours, floor = [], []
    for _ in range(_ROUNDS):
        floor.append(_seconds(world.bare_window()))
        ours.append(_seconds(world.program(profile)))
    yield Figure("start → first window", middle(ours[1:]), "s", 1.5, middle(floor[1:]))


def _seconds(process: Measured) -> float:
    with process:
        return float(process.wait_for("first paint")["at"]) - process.started
