"""CPU for one received message (parsed, stored, in the open conversation) ÷ bare slixmpp receiving it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.figure import Figure
from tests.bench.process import Measured
from tests.bench.world import FRIEND, World

_COUNT = 2_000
_SETTLE = 12.0  # seconds: until the archive was looked at a second time, which would fetch the burst again


def run(world: World) -> Iterator[Figure]:
    """The same burst to both; the floor's comes last, or the program would fetch it from the archive meanwhile."""
    profile = world.profile(contacts=True, chats=50)
    ours, seconds = _measure(world, world.program(profile, uri=f"xmpp:{FRIEND}"))
    floor, floor_seconds = _measure(world, world.bare_client())
    note = f"the burst took {seconds:.1f} s, the floor's {floor_seconds:.1f} s"  # what is painted goes by seconds
    yield Figure("CPU for a received message", ours, "ms", 2.5, floor, note=note)


def _measure(world: World, process: Measured) -> tuple[float, float]:
    """CPU for each message, in milliseconds, and how many seconds the burst took."""
    with process:
        process.wait_for("online")
        time.sleep(_SETTLE)
        before, began = process.cpu_seconds(), time.monotonic()
        world.send_burst(_COUNT)
        process.wait_for("received")
        seconds = time.monotonic() - began
        time.sleep(1)
        return (process.cpu_seconds() - before) / _COUNT * 1000, seconds
