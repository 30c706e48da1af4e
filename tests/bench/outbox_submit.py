"""How long it takes until a message that a person sends is safe on disk, beside a bare commit to such a database."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Figure, percentile
from tests.bench.world import World
from tests.helpers.core import Core
from whimbrel.model.jid import JID

_COUNT = 1_000
_KEY = bytes(range(32))


def run(world: World) -> Iterator[Figure]:
    """Offline, so that nothing but the writing is measured; the floor is one row a commit in the same file."""
    with tempfile.TemporaryDirectory() as folder:
        core = Core(Path(folder), key=_KEY)
        account = core.add_account()
        conversation = core.services.conversations.open(account.id, JID.parse("alice@example.net"))
        core.database.execute("CREATE TABLE floor (body TEXT)")
        ours, floor = [], []
        for number in range(_COUNT):
            began = time.perf_counter()
            core.services.outbox.submit(conversation.id, f"Message {number}: some words of a conversation")
            written = time.perf_counter()
            core.database.execute("INSERT INTO floor VALUES (?)", (f"Message {number}",))
            ours.append((written - began) * 1000)
            floor.append((time.perf_counter() - written) * 1000)
        core.close()
    note = f"a bare commit {percentile(floor, 0.99):.2f} ms; medians {percentile(ours, 0.5):.2f}"
    note += f" and {percentile(floor, 0.5):.2f} ms"
    yield Figure("outbox submit, p99", percentile(ours, 0.99), "ms", 2.0, note=note)
