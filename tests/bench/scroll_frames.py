"""Scrolling up: how long a frame takes over 10,000 messages, and how much memory 50,000 take that were seen."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figure import Figure, middle, percentile
from tests.bench.stage import Stage, stage
from tests.bench.world import World

if TYPE_CHECKING:
    from whimbrel.ui.conversation.pane import ConversationPane

_FRAMES_OVER = 10_000
_MEMORY_OVER = 50_000
_WHEEL = 120  # pixels a frame: a wheel that is turned quickly


def run(world: World) -> Iterator[Figure]:
    """A frame: moving the scroll bar, reading, laying out and painting what came into view."""
    with stage(world) as made:
        conversation = made.conversation("long@example.org", _FRAMES_OVER + _MEMORY_OVER + 1_000)
        pane = made.pane(conversation)
        frames, cpu = _scroll(made, pane, _FRAMES_OVER)
        gc.collect()
        before = _megabytes()
        _scroll(made, pane, _MEMORY_OVER)
        gc.collect()
        after = _megabytes()
        made.close(pane)
    note = f"longest {max(frames):.0f} ms of {len(frames)}"
    yield Figure(
        "frame while scrolling 10,000 messages, median", middle(frames), "ms", 8, note=f"CPU {middle(cpu):.2g}"
    )
    yield Figure("frame while scrolling 10,000 messages, p99", percentile(frames, 0.99), "ms", 16, note=note)
    yield Figure("growth of memory over 50,000 messages scrolled", after - before, "MB", 30, note=f"from {before:.0f}")


def _scroll(made: Stage, pane: ConversationPane, count: int) -> tuple[list[float], list[float]]:
    """Scroll up past so many messages; returns what each frame took, on the clock and of the processor, in ms."""
    bar, model = pane.view.verticalScrollBar(), pane.model
    last = model.message(pane.view.row_at(0)).id - count
    frames, cpu = [], []
    while model.message(pane.view.row_at(0)).id > last:
        began, used = time.perf_counter(), time.process_time()
        bar.setValue(bar.value() - _WHEEL)
        made.application.processEvents()
        frames.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    return frames, cpu


def _megabytes() -> float:
    rollup = Path("/proc/self/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
