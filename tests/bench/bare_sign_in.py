"""Floor: bare slixmpp. Connects, secures and signs in, once for each line of input; tells how long that took."""

from __future__ import annotations

import asyncio
import time

import slixmpp

from tests.bench.process import hear, say


async def sign_in(start: dict[str, object]) -> float:
    """Seconds from the first packet until the server has accepted the password."""
    client = slixmpp.ClientXMPP(str(start["jid"]), str(start["password"]))
    client.ca_certs = str(start["ca_file"])
    accepted = asyncio.Event()
    client.add_event_handler("auth_success", lambda _: accepted.set())
    began = time.monotonic()
    client.connect(str(start["host"]), int(str(start["port"])))
    await asyncio.wait_for(accepted.wait(), 20)
    took = time.monotonic() - began
    client.abort()
    await asyncio.sleep(0.1)  # until its tasks have ended
    return took


async def main() -> None:
    """Run until the input ends."""
    start = hear()
    while True:
        say("signed in", seconds=await sign_in(start))
        if not await asyncio.to_thread(hear):
            break


if __name__ == "__main__":
    asyncio.run(main())
