"""Throws mutated stanzas at the real receive path and prints what came of it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.run import Report, Run, describe
from tests.helpers.certificates import Authority


def main() -> int:
    """Run; the status is 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="mutated stanzas")
    parser.add_argument("--seed", default=str(time.time_ns()), help="the same seed makes the same stanzas")
    arguments = parser.parse_args()
    began = time.monotonic()
    sys.stdout.write(f"seed: {arguments.seed}\n")

    def progress(done: int, report: Report) -> None:
        if done % 100 == 0:
            sys.stdout.write(f"{report.counts['stanzas']} stanzas, {len(report.findings)} findings\n")
            sys.stdout.flush()

    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(Path(folder) / "authority")
        os.environ["SSL_CERT_FILE"] = str(authority.ca_file)
        run = Run(arguments.seed, arguments.count, authority, Path(folder))
        report = asyncio.run(run.run(progress))
    seconds = time.monotonic() - began
    sys.stdout.write(f"{describe(report)}seconds: {seconds:.0f}\n")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
