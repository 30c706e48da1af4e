"""Cut → online again in the same session ÷ bare slixmpp's TCP, TLS and SASL."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Self

from tests.bench.figure import Figure, middle
from tests.bench.process import Measured
from tests.bench.world import World
from tests.helpers.proxy import Proxy

_ROUNDS = 9
_REST = 6.0  # seconds online before the next cut: more often than every 5 s nobody returns at once


class Wire:
    """A proxy to the world's server, in a thread of its own."""

    def __init__(self, world: World) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._proxy = Proxy(world.server.host, world.server.starttls_port)
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._proxy.__aenter__(), self._loop).result(10)
        self.port = self._proxy.port
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._proxy.__aexit__(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def cut(self) -> float:
        """Reset every connection; when that was."""
        return self._do(self._proxy.reset)

    def _do(self, fault: Callable[[], None]) -> float:
        done = threading.Event()

        def act() -> None:
            fault()
            done.set()

        self._loop.call_soon_threadsafe(act)
        done.wait(10)
        return time.monotonic()


def run(world: World) -> Iterator[Figure]:
    """The real application; it and the floor go through the same proxy, in turns."""
    resumed, floor = [], []
    with Wire(world) as wire:
        bare = world.bare_sign_in(wire.port)
        with bare, world.program(world.profile(contacts=True, port=wire.port)) as program:
            bare.wait_for("signed in")
            program.wait_for("online")
            for _ in range(_ROUNDS):
                time.sleep(_REST)
                floor.append(_sign_in(bare))
                cut = wire.cut()
                resumed.append(float(program.wait_for("online")["at"]) - cut)
    yield Figure("cut → online again", middle(resumed), "s", 1.3, middle(floor))


def _sign_in(bare: Measured) -> float:
    bare.tell(again=True)
    return float(bare.wait_for("signed in")["seconds"])
