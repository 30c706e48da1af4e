"""Floor: bare slixmpp. Connects, fetches the roster, sends presence; counts the messages that come."""

from __future__ import annotations

import asyncio
import signal

import slixmpp

from tests.bench.process import hear, say


class Client(slixmpp.ClientXMPP):
    """Counts."""

    def __init__(self, jid: str, password: str, ca_file: str) -> None:
        super().__init__(jid, password)
        self.ca_certs = ca_file
        for plugin in ("xep_0030", "xep_0198", "xep_0199"):
            self.register_plugin(plugin)
        self.received = 0
        self.add_event_handler("session_start", self._on_start)
        self.add_event_handler("message", self._on_message)

    async def _on_start(self, _event: object) -> None:
        await self.get_roster()
        self.send_presence()
        say("online", contacts=len(self.client_roster))

    def _on_message(self, message: slixmpp.Message) -> None:
        if message["body"]:
            self.received += 1
            if message["body"].startswith("last of "):
                say("received", count=self.received)


async def main() -> None:
    """Run until terminated; then leave properly: the server would keep what comes next for a session that broke."""
    start = hear()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    client = Client(start["jid"], start["password"], start["ca_file"])
    client.connect(start["host"], start["port"])
    await ended.wait()
    await client.disconnect(wait=2.0)


if __name__ == "__main__":
    asyncio.run(main())
