"""Floor: bare slixmpp. Connects and fetches the same pages of the archive, newest first; keeps nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import slixmpp

from tests.bench.process import hear, say

_PAGE = 100  # the server gives less


async def main() -> None:
    """Tell how long it took."""
    start = hear()
    client = slixmpp.ClientXMPP(start["jid"], start["password"])
    client.ca_certs = start["ca_file"]
    for plugin in ("xep_0030", "xep_0059", "xep_0313"):
        client.register_plugin(plugin)
    started = asyncio.Event()
    client.add_event_handler("session_start", lambda _: started.set())
    client.connect(start["host"], start["port"])
    await started.wait()
    say("online")
    archive: Any = client.plugin["xep_0313"]
    count = 0
    async for page in archive.retrieve(iterator=True, reverse=True, rsm={"max": _PAGE}):
        for result in page["mam_fin"]["results"]:
            count += bool(result["mam_result"]["forwarded"]["stanza"]["body"])
    say("caught up", count=count)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
