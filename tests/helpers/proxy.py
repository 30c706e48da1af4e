"""A TCP proxy on loopback that breaks what passes through it, as networks do. Nothing is ever duplicated or altered.

Faults hold for the connections that are open and for those that come, until they are taken away.
"""

from __future__ import annotations

import asyncio
import enum
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress

_PIECE_BYTES = 65536
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST
_FAREWELL_SECONDS = 2.0


class Way(enum.Enum):
    """Which half of a connection."""

    TO_SERVER = "to-server"
    TO_CLIENT = "to-client"


BOTH = (Way.TO_SERVER, Way.TO_CLIENT)


class Link:
    """One connection through the proxy."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.writers = {Way.TO_CLIENT: client, Way.TO_SERVER: server}
        self.ended = False

    def cut(self) -> None:
        """End both halves with a FIN, each after what was written to it."""
        self.ended = True
        for writer in self.writers.values():
            with suppress(OSError):
                if not writer.is_closing():
                    writer.write_eof()

    def reset(self) -> None:
        """End both halves with a RST; what is under way is lost."""
        self.ended = True
        for writer in self.writers.values():
            connection = writer.get_extra_info("socket")
            with suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            writer.transport.abort()


class Proxy:
    """Stands between clients and one server. Use as an asynchronous context manager; all methods on its loop's thread.

    Args:
        host, port: the server, which need not be up.
    """

    def __init__(self, host: str, port: int) -> None:
        self.host = "127.0.0.1"
        self.port = 0
        self.accepted = 0  # connections so far
        self._target = (host, port)
        self._listener: asyncio.Server | None = None
        self._links: set[Link] = set()
        self._running: set[asyncio.Task[None]] = set()
        self._open = {way: asyncio.Event() for way in Way}
        self._holds = dict.fromkeys(Way, 0)
        self._left: dict[Way, int | None] = dict.fromkeys(Way)  # bytes until the cut in the middle
        self._middle_by_reset = False
        self._delay = 0.0
        self._trickle = 0.0
        self._refusing = False
        for opened in self._open.values():
            opened.set()

    async def __aenter__(self) -> Proxy:
        self._listener = await asyncio.start_server(self._accept, self.host, 0)
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_error: object) -> None:
        assert self._listener is not None
        self._listener.close()
        self.reset()
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    # faults

    def cut(self) -> None:
        """End every connection properly (FIN)."""
        for link in tuple(self._links):
            link.cut()

    def reset(self) -> None:
        """End every connection at once (RST)."""
        for link in tuple(self._links):
            link.reset()

    def cut_after(self, way: Way, count: int, *, reset: bool = False) -> None:
        """Cut the connection on which ``count`` more bytes have passed in a way: in the middle of whatever it is."""
        self._left[way] = count
        self._middle_by_reset = reset

    def hold(self, ways: Iterable[Way] = BOTH) -> None:
        """A black hole: nothing gets through and nobody is told, neither of data nor of an end. Several add up."""
        for way in ways:
            self._holds[way] += 1
            self._open[way].clear()

    def release(self, ways: Iterable[Way] = BOTH, *, lose: bool) -> None:
        """End a black hole. What was held gets through, late; or (``lose``) is lost with its connection (RST)."""
        if lose:
            self.reset()
        for way in ways:
            self._holds[way] = max(0, self._holds[way] - 1)
            if not self._holds[way]:
                self._open[way].set()

    def set_delay(self, seconds: float) -> None:
        """Let each piece of data wait; 0 ends that."""
        self._delay = seconds

    def set_trickle(self, seconds: float) -> None:
        """Let data through byte by byte, so many seconds apart; 0 ends that."""
        self._trickle = seconds

    def set_refusing(self, refusing: bool) -> None:
        """Reset whoever connects: there is no network."""
        self._refusing = refusing

    def heal(self) -> None:
        """Take every fault away."""
        self._left = dict.fromkeys(Way)
        self.set_delay(0)
        self.set_trickle(0)
        self.set_refusing(False)
        self._holds = dict.fromkeys(Way, 0)
        self.release(lose=False)

    # what passes

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._open[Way.TO_SERVER].wait()
        try:
            if self._refusing:
                raise ConnectionRefusedError
            server_reader, server_writer = await asyncio.open_connection(*self._target)
        except OSError:
            Link(writer, writer).reset()
            return
        link = Link(writer, server_writer)
        self._links.add(link)
        try:
            pumps = (
                self._pump(link, Way.TO_SERVER, reader, server_writer),
                self._pump(link, Way.TO_CLIENT, server_reader, writer),
            )
            await asyncio.gather(*pumps)
        finally:
            self._links.discard(link)
            for end in (writer, server_writer):
                end.close()

    async def _pump(self, link: Link, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not link.ended and (data := await reader.read(_PIECE_BYTES)):
                await self._open[way].wait()
                if self._delay:
                    await asyncio.sleep(self._delay)
                await self._pass_on(link, way, writer, data)
            await self._open[way].wait()
            if not link.ended:
                writer.write_eof()
            else:
                async with asyncio.timeout(_FAREWELL_SECONDS):  # the other end has been told, and goes by itself
                    while await reader.read(_PIECE_BYTES):
                        pass
        except (OSError, TimeoutError):
            if not link.ended:
                link.reset()

    async def _pass_on(self, link: Link, way: Way, writer: asyncio.StreamWriter, data: bytes) -> None:
        left = self._left[way]
        if left is not None and left <= len(data):
            self._left[way] = None
            writer.write(data[:left])
            await writer.drain()
            if self._middle_by_reset:
                link.reset()
            else:
                link.cut()
            return
        if left is not None:
            self._left[way] = left - len(data)
        while self._trickle and data and not link.ended:
            writer.write(data[:1])
            await writer.drain()
            data = data[1:]
            await asyncio.sleep(self._trickle)
        if data and not link.ended:
            writer.write(data)
            await writer.drain()
