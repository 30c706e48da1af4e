"""Programs as a person starts them: a command, and the moment when its first window is on the screen."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PATIENCE = 60.0  # seconds
_POLL = 0.005


@dataclass(frozen=True, slots=True)
class Program:
    """What is started."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Started:
    """A program whose first window shows."""

    seconds: float
    pid: int

    def proportional_megabytes(self) -> float:
        """Proportional set size of the program and all that it started."""
        return sum(_proportional_kilobytes(pid) for pid in _family(self.pid)) / 1024


def whimbrel(profile: Path, environment: Mapping[str, str]) -> Program:
    """The installed program; where none is, the one of this source tree, named so."""
    installed = shutil.which("whimbrel", path="/usr/bin")
    command = (installed,) if installed else (sys.executable, "-m", "whimbrel.cli")
    name = "Whimbrel, installed" if installed else "Whimbrel, from source"
    return Program(name, (*command, "--profile", str(profile)), environment)


def bare_window(environment: Mapping[str, str]) -> Program:
    """The floor: a PySide6 main window with a label."""
    return Program("bare PySide6 window", (sys.executable, "-m", "tests.bench.bare_window"), environment)


@contextmanager
def started(program: Program) -> Iterator[Started]:
    """Start a program in a home of its own, wait until the window manager has a window of it, end it afterwards.

    Raises:
        TimeoutError: no window within a minute, or the program ended.
    """
    display = program.environment["DISPLAY"]
    with tempfile.TemporaryDirectory(prefix="bench-home-", ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o777)  # some run as somebody else
        before = _windows(display)
        begun = time.monotonic()
        process = subprocess.Popen(
            program.command,
            env={**os.environ, "HOME": home, "XDG_RUNTIME_DIR": home, **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            while _windows(display) <= before:
                if time.monotonic() - begun > _PATIENCE or process.poll() is not None:
                    raise TimeoutError(f"{program.name}: no window")
                time.sleep(_POLL)
            yield Started(time.monotonic() - begun, process.pid)
        finally:
            _end(process)
            while _windows(display) - before:
                time.sleep(_POLL)


def _windows(display: str) -> set[str]:
    asked: Sequence[str] = ("xprop", "-display", display, "-root", "_NET_CLIENT_LIST")
    answer = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return {word.strip(",\n") for word in answer.split() if word.startswith("0x")}


def _family(pid: int) -> set[int]:
    """A process and those that it started, and they."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # ended meanwhile
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _proportional_kilobytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # ended meanwhile
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _end(process: subprocess.Popen[bytes]) -> None:
    family = _family(process.pid)
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
