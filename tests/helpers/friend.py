"""A friend who uses another XMPP library (@xmpp/client on Node.js), driven over pipes."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_SCRIPT = Path(__file__).parent.parent / "e2e" / "friend.mjs"
_MODULES = Path(__file__).parent.parent / "e2e" / "node_modules"
_START = 60.0  # seconds: on a busy machine Node.js alone may take 20


class FriendUnavailableError(RuntimeError):
    """Node.js or @xmpp/client is missing; packaging/test installs both."""


class Friend:
    """A signed-in friend. Use as ``async with Friend(...) as friend``."""

    def __init__(self, host: str, port: int, domain: str, user: str, password: str, ca_file: Path) -> None:
        self._arguments = [host, str(port), domain, user, password, str(_MODULES.parent)]
        self._ca_file = ca_file
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._arrived = asyncio.Event()
        self.jid = f"{user}@{domain}"
        self.events: list[Mapping[str, Any]] = []

    async def __aenter__(self) -> Friend:
        node = shutil.which("node")
        if node is None or not (_MODULES / "@xmpp" / "client").is_dir():
            raise FriendUnavailableError("node or @xmpp/client is missing: run packaging/test, which installs them")
        self._process = await asyncio.create_subprocess_exec(
            node,
            str(_SCRIPT),
            *self._arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "NODE_EXTRA_CA_CERTS": str(self._ca_file)},
        )
        self._reader = asyncio.create_task(self._read())
        await self.wait_for(lambda event: event["event"] == "online", _START)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        if self._reader is not None:
            await self._reader

    async def send(self, command: str, **values: Any) -> None:
        """Give a command: message, state, presence, raw (``text``: a stanza as it stands), stop."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"command": command, **values}).encode() + b"\n")
        await self._process.stdin.drain()

    async def wait_for(self, matches: Callable[[Mapping[str, Any]], bool], timeout: float = 20.0) -> Mapping[str, Any]:
        """The first event that matches, already arrived or to come; raises TimeoutError."""
        try:
            async with asyncio.timeout(timeout):
                while True:
                    for event in self.events:
                        if matches(event):
                            return event
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError as error:
            raise TimeoutError(f"only these came: {self.events}") from error

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.events.append(json.loads(line))
            self._arrived.set()
