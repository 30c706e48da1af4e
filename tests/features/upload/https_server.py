"""A web server on loopback that takes files, over TLS as any other."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from multidict import CIMultiDict
from tests.helpers.certificates import Certificate


@dataclass
class FileServer:
    """What it was given. ``statuses``: of the next answers, then 201. ``gate``: none is given before it is set."""

    address: str = ""
    taken: list[tuple[str, CIMultiDict[str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    began: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        self.began.set()
        body = await request.read()
        await self.gate.wait()
        self.taken.append((request.path_qs, CIMultiDict(request.headers), body))
        status = self.statuses.pop(0) if self.statuses else 201
        return web.Response(status=status, headers={"Location": f"{self.address}/elsewhere"}, text="so it is")


@asynccontextmanager
async def file_server(certificate: Certificate) -> AsyncIterator[FileServer]:
    """A running one, under the name localhost."""
    server = FileServer()
    server.gate.set()
    application = web.Application(client_max_size=10_000_000)
    application.router.add_put("/{rest:.*}", server.take)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.chain, certificate.key)
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    port = runner.addresses[0][1]
    server.address = f"https://localhost:{port}"
    try:
        yield server
    finally:
        server.gate.set()
        await runner.cleanup()
