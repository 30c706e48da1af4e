"""The proxy breaks connections as it says, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.helpers.proxy import BOTH, Proxy, Way

_TEXT = bytes(range(256)) * 40


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    """A proxy before a server that says everything back."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(1000):
                writer.write(data)
        except ConnectionResetError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with Proxy("127.0.0.1", server.sockets[0].getsockname()[1]) as made:
        yield made
    server.close()


async def connect(proxy: Proxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A client that knows that its connection is up."""
    reader, writer = await asyncio.open_connection(proxy.host, proxy.port)
    writer.write(b"?")
    assert await reader.readexactly(1) == b"?"
    return reader, writer


async def test_cut_is_an_orderly_end(proxy: Proxy) -> None:
    reader, writer = await connect(proxy)
    proxy.cut()
    assert await reader.read() == b""
    writer.close()


async def test_reset_is_none(proxy: Proxy) -> None:
    reader, _ = await connect(proxy)
    proxy.reset()
    with pytest.raises(ConnectionResetError):
        await reader.read()


async def test_cut_in_the_middle(proxy: Proxy) -> None:
    reader, writer = await connect(proxy)
    proxy.cut_after(Way.TO_CLIENT, 777)
    writer.write(_TEXT)
    assert await reader.read() == _TEXT[:777]
    writer.close()


@pytest.mark.parametrize("ways", [(Way.TO_SERVER,), (Way.TO_CLIENT,), BOTH])
async def test_black_hole_is_silent_until_it_ends(proxy: Proxy, ways: tuple[Way, ...]) -> None:
    reader, writer = await connect(proxy)
    proxy.hold(ways)
    writer.write(_TEXT)
    answer = asyncio.ensure_future(reader.readexactly(len(_TEXT)))
    assert (await asyncio.wait({answer}, timeout=0.2))[0] == set()  # that nothing comes shows only in time
    proxy.release(lose=False)
    assert await answer == _TEXT
    writer.close()


async def test_black_hole_that_loses(proxy: Proxy) -> None:
    reader, writer = await connect(proxy)
    proxy.hold()
    writer.write(_TEXT)
    proxy.release(lose=True)
    with pytest.raises(ConnectionResetError):
        await reader.read()
    reader, writer = await connect(proxy)
    writer.close()


async def test_slow_lines_alter_nothing(proxy: Proxy) -> None:
    reader, writer = await connect(proxy)
    proxy.set_delay(0.01)
    proxy.set_trickle(0.0001)
    writer.write(_TEXT[:500])
    assert await reader.readexactly(500) == _TEXT[:500]
    proxy.heal()
    writer.write(_TEXT)
    assert await reader.readexactly(len(_TEXT)) == _TEXT
    writer.close()


async def test_no_network(proxy: Proxy) -> None:
    proxy.set_refusing(True)
    with pytest.raises(ConnectionResetError):
        await connect(proxy)
    proxy.heal()
    _, writer = await connect(proxy)
    writer.close()
