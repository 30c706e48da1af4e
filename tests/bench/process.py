"""Starting what is measured, hearing from it, and reading what the kernel knows about it."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE = 90.0  # seconds


class Measured:
    """A process that writes JSON lines ``{"event": …, "at": CLOCK_MONOTONIC in seconds}`` to its output.

    Args:
        module: run with ``python -m``.
        start: its first line of input, as JSON.
        environment: of the process.
    """

    def __init__(self, module: str, start: Mapping[str, object], environment: Mapping[str, str]) -> None:
        self._events: queue.Queue[dict[str, Any]] = queue.Queue()
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **environment},
            text=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(start) + "\n")
        self._process.stdin.flush()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def wait_for(self, name: str) -> dict[str, Any]:
        """The next event of this name.

        Raises:
            TimeoutError: where it does not come within 90 seconds, or the process ended before.
        """
        deadline = time.monotonic() + _PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            try:
                event = self._events.get(timeout=left)
            except queue.Empty:
                break
            if event["event"] == name:
                return event
            if event["event"] == "end":
                break
        raise TimeoutError(f"no {name}")

    def tell(self, **values: object) -> None:
        """Give the process a line of input."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(values) + "\n")
        self._process.stdin.flush()

    def cpu_seconds(self) -> float:
        """User and system time so far, of all threads."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def wakeups(self) -> int:
        """How often its main thread went on after waiting, so far; the others wait for work from it."""
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches:"):
                return int(line.split()[1])
        raise ValueError("no voluntary_ctxt_switches")

    def disk_bytes(self) -> int:
        """What it gave to the disk, so far."""
        for line in Path(f"/proc/{self._process.pid}/io").read_text().splitlines():
            if line.startswith("write_bytes:"):
                return int(line.split()[1])
        raise ValueError("no write_bytes")

    def proportional_megabytes(self) -> float:
        """Proportional set size."""
        for line in Path(f"/proc/{self._process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
        raise ValueError("no Pss")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                self._events.put(json.loads(line))
        self._events.put({"event": "end"})


def say(event: str, **values: object) -> None:
    """In the measured process: tell of an event."""
    sys.stdout.write(json.dumps({"event": event, "at": time.monotonic(), **values}) + "\n")
    sys.stdout.flush()


def hear() -> dict[str, Any]:
    """In the measured process: the next line of input; {} at its end."""
    line = sys.stdin.readline()
    return dict(json.loads(line)) if line else {}
