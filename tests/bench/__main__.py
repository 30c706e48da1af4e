"""Runs the benchmarks and prints their figures as a table."""

from __future__ import annotations

import argparse
import importlib
import sys

from tests.bench.world import world

FIGURES = (
    "start_window",
    "online_1000",
    "memory",
    "cpu_per_message",
    "loop_turns",
    "open_conversation",
    "scroll_frames",
    "append_message",
    "pictures",
    "idle_cpu",
    "outbox_submit",
    "resumption",
    "black_hole",
    "catch_up",
    "search",
    "installed",
    "peers",
)


def main() -> int:
    """Run those named on the command line, else all. Figures are printed, not judged: the status is 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("figure", nargs="*", help=", ".join(FIGURES))
    chosen = parser.parse_args().figure or FIGURES
    if unknown := set(chosen) - set(FIGURES):
        parser.error(f"no such figure: {', '.join(sorted(unknown))}")
    sys.stdout.write("| figure | measured | aim | | floors and notes |\n|---|---|---|---|---|\n")
    with world() as made:
        for name in chosen:
            for figure in importlib.import_module(f"tests.bench.{name}").run(made):
                sys.stdout.write(figure.line() + "\n")
                sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
