"""CPU for one received message (parsed, stored, in the open conversation) ÷ bare slixmpp receiving it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.figure import Figure
from tests.bench.process import Measured
from tests.bench.world import FRIEND, World

_COUNT = 2_000
_SETTLE = 4.0  # seconds


def run(world: World) -> Iterator[Figure]:
    """The same burst to both."""
    floor = _milliseconds(world, world.bare_client())
    profile = world.profile(contacts=True, chats=50)
    ours = _milliseconds(world, world.program(profile, uri=f"xmpp:{FRIEND}"))
    yield Figure("CPU for a received message", ours, "ms", 2.5, floor)


def _milliseconds(world: World, process: Measured) -> float:
    with process:
        process.wait_for("online")
        time.sleep(_SETTLE)
        before = process.cpu_seconds()
        world.send_burst(_COUNT)
        process.wait_for("received")
        time.sleep(1)
        return (process.cpu_seconds() - before) / _COUNT * 1000
