"""Two devices of one account and three contacts exchange numbered messages while everything is broken on the way.

    python -m tests.chaos.run --seed 1 --messages 10000 --faults 200 --server prosody --server ejabberd

Prints what was sent, stored, lost, duplicated and reordered, and the faults by kind; the exit status is 0 where every
store holds every message exactly once and in order. The same seed draws the same messages and faults again.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.breaking import Breaker
from tests.chaos.ledger import Verdict
from tests.chaos.plan import Kind, Step, draw_plan
from tests.chaos.world import DOMAIN, World

_SHOWN = 40  # findings in the report
_PROGRESS_SECONDS = 30.0
_KEEP_WRITES = ("prosody",)
"""Servers that have on disk what they are done with.

A server that is killed between its two archives, the sender's and the recipient's, has a message in one of them only.
ejabberd writes some of it later; and when it is stopped, it drops what one of its processes has handed to another.
"""


@dataclass(frozen=True, slots=True)
class Result:
    """How a run went."""

    seed: int
    server: str
    verdict: Verdict
    settled: bool
    device_faults: tuple[str, ...]
    deaths: int
    faults: Counter[Kind]
    seconds: float
    settling: float  # seconds of these after the last fault had ended

    @property
    def is_good(self) -> bool:
        """Whether everything is where it belongs, and nothing else happened."""
        return self.settled and not self.verdict.findings and not self.device_faults

    def report(self) -> str:
        """For persons."""
        verdict = self.verdict
        lines = [
            f"chaos on {self.server}, seed {self.seed}: {'good' if self.is_good else 'FAILED'}",
            f"  sent {verdict.sent}, stored {verdict.stored}, lost {len(verdict.lost)},"
            f" duplicated {len(verdict.duplicated)}, reordered {len(verdict.reordered)},"
            f" unsent {len(verdict.unsent)}, invented {len(verdict.invented)}, seconds {self.seconds:.0f}",
            f"  {self.faults.total()} faults: " + ", ".join(f"{k.value} {n}" for k, n in self.faults.most_common()),
            f"  deaths at a named point {self.deaths}, settled {self.settling:.0f} seconds after the last fault",
        ]
        if not self.settled:
            lines.append("  it did not settle")
        findings = [*self.device_faults, *verdict.findings]
        lines += [f"  {finding}" for finding in findings[:_SHOWN]]
        if len(findings) > _SHOWN:
            lines.append(f"  … and {len(findings) - _SHOWN} more")
        return "\n".join(lines)


async def run_chaos(
    seed: int, messages: int, faults: int, server: str, folder: Path, *, rate: float, patience: float, debug: bool
) -> Result:
    """Do one run in a folder."""
    plan = draw_plan(seed, messages, faults, rate=rate)
    began = time.monotonic()
    async with World(folder, server, debug=debug) as world:
        breaker = Breaker(world, server_keeps=server in _KEEP_WRITES)
        await world.start()
        await _follow(plan, world, breaker)
        await breaker.end()
        healed = time.monotonic()
        settled = await world.settle(patience)
        settling = time.monotonic() - healed
        verdict = await world.end()
        return Result(
            seed=seed,
            server=server,
            verdict=verdict,
            settled=settled,
            device_faults=tuple(fault for device in world.devices.values() for fault in device.faults),
            deaths=sum(device.deaths for device in world.devices.values()),
            faults=breaker.counts,
            seconds=time.monotonic() - began,
            settling=settling,
        )


async def _follow(plan: Sequence[Step], world: World, breaker: Breaker) -> None:
    told = time.monotonic()
    for number, step in enumerate(plan, 1):
        if step.gap:
            await asyncio.sleep(step.gap)
        for fault in step.faults:
            breaker.begin(fault)
        world.devices[step.device].send(f"{step.to}@{DOMAIN}", step.body)
        if time.monotonic() - told > _PROGRESS_SECONDS:
            told = time.monotonic()
            sys.stderr.write(f"{number} of {len(plan)} messages, {breaker.counts.total()} faults\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.run", description="Break everything; lose nothing.")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--faults", type=int, default=30)
    parser.add_argument("--server", choices=("prosody", "ejabberd"), action="append", help="both where none is given")
    parser.add_argument("--rate", type=float, default=20.0, help="messages a second, about")
    parser.add_argument("--patience", type=float, default=90.0, help="seconds without any change that end it as failed")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep profiles and logs, with every stanza, here")
    options = parser.parse_args(arguments)
    results = []
    for server in options.server or ("prosody", "ejabberd"):
        folder = Path(tempfile.mkdtemp(prefix="whimbrel-chaos-"))
        try:
            work = run_chaos(
                options.seed,
                options.messages,
                options.faults,
                server,
                folder,
                rate=options.rate,
                patience=options.patience,
                debug=options.keep is not None,
            )
            results.append(asyncio.run(work))
        finally:
            if options.keep is not None:
                shutil.copytree(folder, options.keep / f"{server}-{options.seed}", dirs_exist_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
        sys.stdout.write(results[-1].report() + "\n")
        sys.stdout.flush()
    return 0 if all(result.is_good for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
