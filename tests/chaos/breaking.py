"""Carries out the faults of a plan."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from tests.chaos.plan import Fault, Kind
from tests.chaos.remote import RemoteDevice
from tests.chaos.world import World
from tests.helpers.proxy import Proxy, Way

_BYTE_SECONDS = 0.002
_DELAY_SECONDS = 0.3
_IDLE_SECONDS = 1.0  # for which a server that has nothing left to do does nothing
_IDLE_SHARE = 0.05  # of a processor


class Breaker:
    """Begins faults and ends each after its time; several may hold at once. ``counts``: those begun, by kind.

    Args:
        server_keeps: whether all that the server took from its clients is on its disk once it is idle. Where it is not,
            it is never killed. Before it is killed, and where it does not keep it also before it is stopped, it gets
            time to finish what it has taken, and nothing new until it is fully up again: what it loses after that is
            not ours to save.
    """

    def __init__(self, world: World, *, server_keeps: bool) -> None:
        self.counts: Counter[Kind] = Counter()
        self._world = world
        self._server_keeps = server_keeps
        self._server_free = asyncio.Lock()
        self._running: set[asyncio.Task[None]] = set()

    def begin(self, fault: Fault) -> None:
        """Begin a fault; it ends by itself."""
        kind = fault.kind
        if kind is Kind.SERVER_KILL and not self._server_keeps:
            kind = Kind.SERVER_RESTART
        self.counts[kind] += 1
        if kind in (Kind.SERVER_KILL, Kind.SERVER_RESTART):
            self._start(self._restart_server(fault, kill=kind is Kind.SERVER_KILL))
            return
        proxy, device = self._world.proxies[fault.device], self._world.devices[fault.device]
        if undo := _AT_PROXY[kind](proxy, fault) if kind in _AT_PROXY else _AT_DEVICE[kind](device, fault):
            self._start(self._later(fault.seconds, undo))

    async def end(self) -> None:
        """Wait until all faults have ended, and take away what did not come to pass."""
        if self._running:
            await asyncio.wait(self._running)
        for proxy in self._world.proxies.values():
            proxy.heal()
        for device in self._world.devices.values():
            device.disarm()
            device.order("retry")

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _later(self, seconds: float, undo: Callable[[], object]) -> None:
        await asyncio.sleep(seconds)
        undo()

    async def _restart_server(self, fault: Fault, *, kill: bool) -> None:
        async with self._server_free:
            server = self._world.server
            before = () if self._server_keeps and not kill else tuple(self._world.proxies.values())
            for proxy in before:
                proxy.hold((Way.TO_SERVER,))
            if before:
                await self._wait_until_idle()
            await asyncio.to_thread(server.halt, kill=kill)
            await asyncio.sleep(min(fault.seconds, 3.0))
            await asyncio.to_thread(server.start_again)
            for proxy in before:
                proxy.release((Way.TO_SERVER,), lose=True)

    async def _wait_until_idle(self) -> None:
        """Let the server finish what it has taken from its clients, which are held."""
        worked = -1.0
        while (now := self._world.server.cpu_seconds()) - worked > _IDLE_SHARE * _IDLE_SECONDS:
            worked = now
            await asyncio.sleep(_IDLE_SECONDS)


_Undo = Callable[[], object] | None


def _cut(proxy: Proxy, fault: Fault) -> _Undo:
    proxy.cut()
    return None


def _reset(proxy: Proxy, fault: Fault) -> _Undo:
    proxy.reset()
    return None


def _cut_in_the_middle(proxy: Proxy, fault: Fault) -> _Undo:
    proxy.cut_after(fault.ways[0], fault.count, reset=fault.hard)
    return None


def _hold(proxy: Proxy, fault: Fault) -> _Undo:
    proxy.hold(fault.ways)
    return lambda: proxy.release(fault.ways, lose=fault.hard)


def _delay(proxy: Proxy, fault: Fault) -> _Undo:
    proxy.set_delay(_DELAY_SECONDS)
    return lambda: proxy.set_delay(0)


def _trickle(proxy: Proxy, fault: Fault) -> _Undo:
    proxy.set_trickle(_BYTE_SECONDS)
    return lambda: proxy.set_trickle(0)


def _no_network(proxy: Proxy, fault: Fault) -> _Undo:
    proxy.set_refusing(True)
    (proxy.reset if fault.hard else proxy.cut)()
    return lambda: proxy.set_refusing(False)


def _suspend(device: RemoteDevice, fault: Fault) -> _Undo:
    device.suspend()
    return device.wake


def _kill(device: RemoteDevice, fault: Fault) -> _Undo:
    device.kill(fault.seconds)
    return None


def _kill_at_point(device: RemoteDevice, fault: Fault) -> _Undo:
    device.arm(fault.point, fault.passing, fault.seconds)
    return None


def _kill_while_starting(device: RemoteDevice, fault: Fault) -> _Undo:
    device.kill(fault.seconds, fault.point, fault.passing)
    return None


def _quit(device: RemoteDevice, fault: Fault) -> _Undo:
    device.quit(fault.seconds)
    return None


def _fill(device: RemoteDevice, fault: Fault) -> _Undo:
    device.order("fill")
    return lambda: device.order("empty")


_AT_PROXY: dict[Kind, Callable[[Proxy, Fault], _Undo]] = {
    Kind.CUT: _cut,
    Kind.RESET: _reset,
    Kind.CUT_IN_THE_MIDDLE: _cut_in_the_middle,
    Kind.BLACK_HOLE: _hold,
    Kind.DELAY: _delay,
    Kind.TRICKLE: _trickle,
    Kind.NO_NETWORK: _no_network,
}
_AT_DEVICE: dict[Kind, Callable[[RemoteDevice, Fault], _Undo]] = {
    Kind.SUSPEND: _suspend,
    Kind.KILL: _kill,
    Kind.KILL_AT_POINT: _kill_at_point,
    Kind.KILL_WHILE_STARTING: _kill_while_starting,
    Kind.QUIT: _quit,
    Kind.DISK_FULL: _fill,
}
