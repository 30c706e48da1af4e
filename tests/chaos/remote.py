"""The driver's end of a device: starts its process, tells it what to do, starts it again when it has died."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.chaos.device import Setup
from tests.chaos.ledger import Ledger
from tests.helpers.crash import Point

_ROOT = Path(__file__).parent.parent.parent
_LINE_BYTES = 2**20
_ANSWER_SECONDS = 60.0


class RemoteDevice:
    """One device over as many processes as it takes. What it is told to send while it is down waits, in order.

    Args:
        environment: what its processes have in theirs beside our own.
    """

    def __init__(self, name: str, setup: Setup, ledger: Ledger, environment: dict[str, str]) -> None:
        self.name = name
        self.folder = Path(setup.folder)
        self.faults: list[str] = []
        self.deaths = 0  # at a named point
        self.running = asyncio.Event()
        self._setup = setup
        self._ledger = ledger
        self._environment = {**os.environ, **environment, "PYTHONPATH": os.pathsep.join(map(str, _paths()))}
        self._process: asyncio.subprocess.Process | None = None
        self._waiting: deque[tuple[str, str]] = deque()
        self._asked: deque[tuple[str, str]] = deque()  # handed over, and not a word about it yet
        self._states: deque[asyncio.Future[dict[str, Any] | None]] = deque()
        self._down_seconds = 0.0
        self._next_point: tuple[Point, int] | None = None
        self._armed = False
        self._expected = False  # its end is what we wanted
        self._closing = False
        self._living: asyncio.Task[None] | None = None

    def start(self, point: Point | None = None, passing: int = 1) -> None:
        """Start it, armed where a point is given."""
        self._closing = False
        self._next_point = (point, passing) if point is not None else None
        self._living = asyncio.ensure_future(self._live())

    def send(self, to: str, body: str) -> None:
        """Tell it to send a message, as soon as it runs."""
        self._waiting.append((to, body))
        self._hand_over()

    def order(self, do: str, **more: object) -> None:
        """Tell it something else; lost where it does not run."""
        if self.running.is_set():
            self._write({"do": do, **more})

    def arm(self, point: Point, passing: int, down_seconds: float) -> None:
        """Let it die at a point; then it is down for so long."""
        self._armed = True
        self._down_seconds = down_seconds
        self.order("arm", point=point.value, passing=passing)

    def disarm(self) -> None:
        """Let it live."""
        self._armed = False
        self._next_point = None
        self.order("arm", point="", passing=0)

    def kill(self, down_seconds: float, point: Point | None = None, passing: int = 1) -> None:
        """``kill -9``; then it is down for so long, and starts armed where a point is given."""
        self._down_seconds = down_seconds
        self._next_point = (point, passing) if point is not None else None
        self._signal(signal.SIGKILL)

    def quit(self, down_seconds: float) -> None:
        """The proper end; then it is down for so long."""
        self._down_seconds = down_seconds
        self._expected = True
        self.order("stop")

    def suspend(self) -> None:
        """The lid is closed."""
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        """The lid is opened, and the system says so."""
        self._signal(signal.SIGCONT)
        self.order("wake")

    async def state(self) -> dict[str, Any] | None:
        """How far it is; None where it does not run."""
        if not self.running.is_set():
            return None
        future: asyncio.Future[dict[str, Any] | None] = asyncio.get_running_loop().create_future()
        self._states.append(future)
        self._write({"do": "state"})
        async with asyncio.timeout(_ANSWER_SECONDS):
            return await future

    @property
    def is_idle(self) -> bool:
        """Whether it runs and has been told everything."""
        return self.running.is_set() and not self._waiting and not self._asked

    async def stop(self) -> None:
        """The proper end, for good."""
        self._closing = True
        if self.running.is_set():
            self._expected = True
            self.order("stop")
        if self._living is not None:
            await self._living

    def destroy(self) -> None:
        """Kill what is left of it, for good."""
        self._closing = True
        self._signal(signal.SIGKILL)
        if self._living is not None:
            self._living.cancel()

    # its processes

    async def _live(self) -> None:
        while True:
            await self._run_once()
            if self._closing:
                return
            await asyncio.sleep(self._down_seconds)
            self._down_seconds = 0.0
            if self._closing:
                return

    async def _run_once(self) -> None:
        armed, self._next_point = self._next_point, None
        setup = self._setup
        if armed is not None:
            setup = replace(setup, point=armed[0].value, passing=armed[1])
        self._armed = armed is not None
        self._expected = False
        process = self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.chaos.device"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE_BYTES,
            env=self._environment,
            cwd=_ROOT,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(setup.to_json().encode() + b"\n")
        while line := await process.stdout.readline():
            if line.endswith(b"\n"):
                self._take(json.loads(line))
        self.running.clear()
        status = await process.wait()
        self._process = None
        while self._states:
            self._states.popleft().set_result(None)
        self._look_at_end(status)

    def _look_at_end(self, status: int) -> None:
        """Count it; one that ended by itself, which must not be, stays down."""
        if status == -signal.SIGKILL:
            self.deaths += self._armed
        elif status != 0 or not self._expected:
            self.faults.append(f"{self.name} ended by itself with status {status}")
            self._closing = True

    def _take(self, line: dict[str, Any]) -> None:
        ((kind, value),) = line.items()
        if kind == "started":
            self._write({"do": "find", "bodies": [body for _, body in self._asked]})
        elif kind == "found":
            self._begin(value)
        elif kind == "submitted":
            self._asked.popleft()
            self._ledger.accepted.add(value)
        elif kind == "refused":
            self._ledger.refused += 1
        elif kind == "state":
            self._states.popleft().set_result(value)
        elif kind == "fault":
            self.faults.append(f"{self.name}: {value}")

    def _begin(self, found: list[str]) -> None:
        """It runs, and these of what it was asked before are there: the others again, then what waits."""
        self._ledger.accepted.update(found)
        self._waiting.extendleft(ask for ask in reversed(self._asked) if ask[1] not in found)
        self._asked.clear()
        self.running.set()
        self._hand_over()

    def _hand_over(self) -> None:
        while self._waiting and self.running.is_set():
            to, body = self._waiting.popleft()
            self._ledger.ask(self.name, to.partition("@")[0], body)
            self._asked.append((to, body))
            self._write({"do": "send", "to": to, "body": body})

    def _write(self, order: dict[str, Any]) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")

    def _signal(self, number: signal.Signals) -> None:
        process = self._process
        if process is not None and process.returncode is None:
            process.send_signal(number)


def _paths() -> tuple[Path, Path]:
    return _ROOT, _ROOT / "desktop"
