"""A web server on loopback that says what a test wants, word for word; also what no honest server says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from tests.helpers.certificates import Certificate

Say = Callable[[asyncio.StreamWriter], Awaitable[None]]


def answer(body: bytes = b"", *, status: str = "200 OK", length: int | None = None, **headers: str) -> bytes:
    """A whole answer; ``length`` what it says of its body's, where that is a lie."""
    lines = {"Content-Length": str(len(body) if length is None else length), "Connection": "close"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


@dataclass
class FileHost:
    """``answers`` by path: bytes, or what says them piece by piece. ``asked``: the requests' heads."""

    port: int = 0
    answers: dict[str, bytes | Say] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def url(self, path: str, host: str = "files.example", scheme: str = "https") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(head)
            say = self.answers.get(head.split()[1], answer(status="404 Not Found"))
            if isinstance(say, bytes):
                writer.write(say)
                await writer.drain()
            else:
                await say(writer)
        writer.close()


@asynccontextmanager
async def file_host(certificate: Certificate | None) -> AsyncIterator[FileHost]:
    """A running one; without a certificate it speaks plain http."""
    host = FileHost()
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate.chain, certificate.key)
    serving: set[asyncio.Task[None]] = set()

    def on_client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(host.serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    server = await asyncio.start_server(on_client, "127.0.0.1", 0, ssl=context)
    host.port = server.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
