"""How long after sending a message it is noticed that nothing gets through any more."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator

from tests.bench.figure import Figure
from tests.bench.world import FRIEND, OWNER, PASSWORD, World
from tests.helpers.proxy import Proxy, Way


def run(world: World) -> Iterator[Figure]:
    """The stream alone, in this process: nothing passes to the server, or nothing from it, or both."""
    os.environ["SSL_CERT_FILE"] = str(world.server.ca_file)
    for name, ways in (("", tuple(Way)), (", to the server only", (Way.TO_SERVER,))):
        yield Figure(f"black hole noticed{name}", asyncio.run(_measure(world, ways)), "s", 12)


async def _measure(world: World, ways: tuple[Way, ...]) -> float:
    from tests.helpers.recorder import Recorder, connection
    from whimbrel.model.account import ConnectionState
    from whimbrel.model.envelope import OutgoingMessage
    from whimbrel.model.jid import JID

    recorder = Recorder()
    async with Proxy(world.server.host, world.server.starttls_port) as proxy:
        stream = connection(recorder, jid=OWNER, password=PASSWORD, port=proxy.port)
        stream.start()
        await recorder.wait_for_state(ConnectionState.ONLINE)
        proxy.hold(ways)
        sent = time.monotonic()
        stream.send_message(OutgoingMessage(JID.parse(FRIEND), "into the hole", "hole"))
        await recorder.wait_for(lambda: recorder.statuses[-1].state is not ConnectionState.ONLINE, 60)
        noticed = time.monotonic() - sent
        proxy.release(lose=True)
        await stream.stop()
    return noticed
