"""Proportional memory: online, 1,000 contacts, 50 chats."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.figure import Figure
from tests.bench.world import FRIEND, World

_SETTLE = 5.0  # seconds


def run(world: World) -> Iterator[Figure]:
    """The application with a conversation open, and both floors."""
    with world.bare_window() as window, world.bare_client() as client:
        window.wait_for("first paint")
        client.wait_for("online")
        time.sleep(_SETTLE)
        floors = (
            f"bare window {window.proportional_megabytes():.0f}, bare slixmpp {client.proportional_megabytes():.0f} MB"
        )
    with world.program(world.profile(contacts=True, chats=50), uri=f"xmpp:{FRIEND}") as program:
        program.wait_for("online")
        time.sleep(_SETTLE)
        yield Figure("proportional memory", program.proportional_megabytes(), "MB", 110, note=floors)
