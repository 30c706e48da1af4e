"""Start and memory beside Gajim, Dino and Psi+, where they are installed: each as its package has it, in turns."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Figure, middle
from tests.bench.window_start import Program, bare_window, started, whimbrel
from tests.bench.world import World
from tests.helpers.keyring_session import KeyringSession

_PEERS = (("Gajim", "gajim"), ("Dino", "dino-im"), ("Psi+", "psi-plus"))  # name; package and command
_AS_SOMEBODY = ("runuser", "-u", "nobody", "--", "dbus-run-session", "--")  # Gajim refuses to run as root
_ROUNDS = 6  # the first warms up
_SETTLE = 6.0  # seconds until the memory is read


def run(world: World) -> Iterator[Figure]:
    """Each on a first start, without an account: what everybody has to do before anything else."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, KeyringSession(Path(folder)) as session:
        environment = {**world.environment, "DBUS_SESSION_BUS_ADDRESS": session.address}
        floor = bare_window(environment)
        ours = whimbrel(Path(folder) / "profile", environment)
        others = [
            Program(f"{name} {_version(package)}", _command(package), environment)
            for name, package in _PEERS
            if shutil.which(package)
        ]
        seconds: dict[str, list[float]] = {}
        megabytes: dict[str, float] = {}
        for round_number in range(_ROUNDS):
            for program in (floor, ours, *others):
                with started(program) as running:
                    seconds.setdefault(program.name, []).append(running.seconds)
                    if round_number == 0:
                        time.sleep(_SETTLE)
                        megabytes[program.name] = running.proportional_megabytes()
    ours_seconds = middle(seconds[ours.name][1:])
    yield Figure(f"start → window, {ours.name}", ours_seconds, "s", 1.5, middle(seconds[floor.name][1:]))
    yield Figure(f"memory after a first start, {ours.name}", megabytes[ours.name], "MB", 110)
    for other in others:
        yield Figure(f"start → window ÷ {other.name}", ours_seconds, "s", 1, middle(seconds[other.name][1:]))
        yield Figure(f"memory ÷ {other.name}", megabytes[ours.name], "MB", 1, megabytes[other.name])


def _command(package: str) -> tuple[str, ...]:
    return (*(_AS_SOMEBODY if package == "gajim" and os.geteuid() == 0 else ()), package)


def _version(package: str) -> str:
    asked = ("dpkg-query", "--show", "--showformat=${Version}", package)
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.partition("-")[0]
