"""Where it happens: a server, an account with two devices, three contacts, a proxy before each device."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from tests.chaos.device import PASSWORD, Setup
from tests.chaos.ledger import Ledger, Verdict, read_store
from tests.chaos.plan import CONTACTS, DEVICES, OWNER
from tests.chaos.remote import RemoteDevice
from tests.helpers.proxy import Proxy
from tests.helpers.servers import Ejabberd, Prosody, Server

DOMAIN = "chaos.test"
_POLL_SECONDS = 0.5
_TELL_SECONDS = 15.0
_START_SECONDS = 90.0
_PROSODY = """
  storage = { archive = "sql" }
  sql = { driver = "SQLite3", database = "prosody.sqlite" }
"""
"""Prosody's own files of an archive are read as a whole for each query, which takes seconds in a long run."""


def _start_prosody(folder: Path) -> Server:
    there = any(Path("/usr/lib").glob("*/lua/*/dbd/sqlite3.so"))  # Debian's lua-dbi-sqlite3
    return Prosody(folder, DOMAIN, extra=_PROSODY if there else "")


def _start_ejabberd(folder: Path) -> Server:
    there = any(Path("/usr/lib/erlang/lib").glob("p1_sqlite3-*"))  # Debian's erlang-p1-sqlite3
    return Ejabberd(folder, DOMAIN, sqlite=there)


_SERVERS: Mapping[str, Callable[[Path], Server]] = {"prosody": _start_prosody, "ejabberd": _start_ejabberd}


class World:
    """All parts, up. Use as an asynchronous context manager.

    Args:
        folder: for everything that is written.
        devices: their names; all where none are given.
        debug: the devices' logs hold every stanza.
    """

    def __init__(
        self, folder: Path, server: str = "prosody", *, devices: Iterable[str] = tuple(DEVICES), debug: bool = False
    ) -> None:
        self.ledger = Ledger()
        self.devices: dict[str, RemoteDevice] = {}
        self.proxies: dict[str, Proxy] = {}
        self._folder = folder
        self._kind = server
        self._names = tuple(devices)
        self._debug = debug
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> World:
        try:
            await self._build()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._stack.aclose()

    async def _build(self) -> None:
        self.server = await asyncio.to_thread(_SERVERS[self._kind], self._folder / "server")
        self._stack.push_async_callback(asyncio.to_thread, self.server.stop)
        await asyncio.to_thread(self._make_accounts)
        for number, name in enumerate(self._names):
            direct = number % 2 == 1
            port = self.server.direct_tls_port if direct else self.server.starttls_port
            proxy = await self._stack.enter_async_context(Proxy(self.server.host, port))
            setup = Setup(
                folder=str(self._folder / name),
                jid=f"{DEVICES[name]}@{DOMAIN}",
                host=proxy.host,
                port=proxy.port,
                direct_tls=direct,
                debug=self._debug,
            )
            device = RemoteDevice(name, setup, self.ledger, {"SSL_CERT_FILE": str(self.server.ca_file)})
            self._stack.callback(device.destroy)
            self.proxies[name] = proxy
            self.devices[name] = device

    def _make_accounts(self) -> None:
        for local in (OWNER, *CONTACTS):
            self.server.add_user(local, PASSWORD)
        self.server.make_contacts(OWNER, CONTACTS)

    async def start(self) -> None:
        """Start all devices and wait until they are online."""
        for device in self.devices.values():
            device.start()
        async with asyncio.timeout(_START_SECONDS):
            while not all(state["connection"] == "online" for state in await self.states()):
                if faults := [fault for device in self.devices.values() for fault in device.faults]:
                    raise RuntimeError("\n".join(faults))
                await asyncio.sleep(_POLL_SECONDS)

    async def states(self) -> list[dict[str, Any]]:
        """How far the devices are; of one that does not run, that it does not."""
        states = [await device.state() for device in self.devices.values()]
        return [
            state or {"connection": "down", "messages": {}, "waiting": 0, "outbox": 0, "missing": 0} for state in states
        ]

    async def settle(self, patience: float) -> bool:
        """Wait until everything is where it belongs; False once nothing has moved for ``patience`` seconds."""
        clock = asyncio.get_running_loop().time
        told = moved = clock()
        last = None
        while True:
            states = await self.states()
            if all(device.is_idle for device in self.devices.values()) and self._is_settled(states):
                return True
            now = (states, len(self.ledger.accepted))
            if now != last:
                moved, last = clock(), now
            if clock() - moved > patience:
                return False
            if clock() - told > _TELL_SECONDS:
                told = clock()
                sys.stderr.write(f"waiting for {dict(zip(self.devices, states, strict=True))}\n")
            await asyncio.sleep(_POLL_SECONDS)

    def _is_settled(self, states: list[dict[str, Any]]) -> bool:
        """Whether all are online with nothing left to send or to fetch, and the ends of conversations hold as much."""
        if any(s["connection"] != "online" or s["waiting"] or s["outbox"] or s["missing"] for s in states):
            return False
        by_name = dict(zip(self.devices, states, strict=True))
        for contact in (contact for contact in CONTACTS if contact in by_name):
            least = self.ledger.count_accepted(OWNER, contact)
            held = {
                by_name[name]["messages"].get(f"{contact if account == OWNER else OWNER}@{DOMAIN}", 0)
                for name, account in DEVICES.items()
                if name in by_name and account in (OWNER, contact)
            }
            if len(held) != 1 or min(held) < least:
                return False
        return True

    async def end(self) -> Verdict:
        """Stop all devices properly and look at what they have on disk."""
        await asyncio.gather(*(device.stop() for device in self.devices.values()))
        return self.ledger.judge({name: read_store(device.folder) for name, device in self.devices.items()})
