"""The longest turns of the event loop: sign-in with 1,000 contacts; a burst of 2,000 messages."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from tests.bench.figure import Figure, percentile
from tests.bench.world import FRIEND, World

_COUNT = 2_000
_SETTLE = 3.0  # seconds


def run(world: World) -> Iterator[Figure]:
    """Both in one run of the application."""
    with world.program(world.profile(chats=50), uri=f"xmpp:{FRIEND}", watch_turns=True) as program:
        program.wait_for("online")
        time.sleep(_SETTLE)
        program.tell(ask="turns")
        yield _figure("turns while signing in, p99", program.wait_for("turns")["waits"])
        world.send_burst(_COUNT)
        program.wait_for("received")
        program.tell(ask="turns")
        yield _figure("turns in a burst of 2,000 messages, p99", program.wait_for("turns")["waits"])


def _figure(name: str, waits: Sequence[float]) -> Figure:
    note = f"longest {max(waits) * 1000:.0f} ms of {len(waits)}"
    return Figure(name, percentile(waits, 0.99) * 1000, "ms", 50, note=note)
