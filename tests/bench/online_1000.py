"""Process start → online with 1,000 contacts in the tree ÷ bare slixmpp (connect, roster, presence)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figure import Figure, middle
from tests.bench.process import Measured
from tests.bench.world import CONTACTS, World

_ROUNDS = 5


def run(world: World) -> Iterator[Figure]:
    """A first sign-in: the roster comes from the server. And a later one, where it is there already."""
    first, later, floor = [], [], []
    for _ in range(_ROUNDS):
        floor.append(_seconds(world.bare_client()))
        profile = world.profile()
        first.append(_seconds(world.program(profile)))
        later.append(_seconds(world.program(profile)))
    yield Figure("start → online, 1,000 contacts, first time", middle(first), "s", 2, middle(floor))
    yield Figure("start → online, 1,000 contacts, later", middle(later), "s", 2, middle(floor))


def _seconds(process: Measured) -> float:
    with process:
        online = process.wait_for("online")
        if online["contacts"] < CONTACTS:
            raise ValueError(f"only {online['contacts']} contacts")
        return float(online["at"]) - process.started
