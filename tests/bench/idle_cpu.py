"""CPU, wake-ups and writes of an online application that nobody uses, over 60 seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.figure import Figure
from tests.bench.world import FRIEND, World

_SETTLE = 70.0  # seconds: after 60 a start is noted as one that lasted
_SPAN = 60.0


def run(world: World) -> Iterator[Figure]:
    """With a conversation open."""
    with world.program(world.profile(contacts=True, chats=50), uri=f"xmpp:{FRIEND}") as program:
        program.wait_for("online")
        time.sleep(_SETTLE)
        before, wakeups, written = program.cpu_seconds(), program.wakeups(), program.disk_bytes()
        time.sleep(_SPAN)
        share = (program.cpu_seconds() - before) / _SPAN * 100
        wakeups = program.wakeups() - wakeups
        written = program.disk_bytes() - written
    yield Figure("idle CPU over 60 s", share, "%", 0.2)
    yield Figure("idle wake-ups over 60 s", wakeups, "", 60)
    yield Figure("idle writes over 60 s", written, "bytes", 0)
