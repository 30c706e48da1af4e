"""Cleans up after a demonstration however it ended, also where it was killed: waits until its pipe closes."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_PATIENCE_SECONDS = 8.0


def main() -> None:
    """The folder is the argument; what works in it is the demonstration's, and nothing else is."""
    folder = Path(sys.argv[1])
    for name in ("SIGINT", "SIGHUP", "SIGTERM"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    sys.stdin.read()
    for process in _working_in(folder):
        _signal(process, signal.SIGTERM)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while any(_working_in(folder)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for process in _working_in(folder):
        _signal(process, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def _working_in(folder: Path) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if Path(os.readlink(entry / "cwd")).is_relative_to(folder):
                yield int(entry.name)


def _signal(process: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, number)


if __name__ == "__main__":
    main()
