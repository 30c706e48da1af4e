"""Threads that block for ever keep nobody waiting."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from whimbrel.platform.threads import DaemonThreads


def test_results_and_errors_arrive_and_calls_share_threads() -> None:
    threads = DaemonThreads("worker", 2)
    assert [threads.submit(divmod, 7, n).result(10) for n in (2, 3)] == [(3, 1), (2, 1)]
    with pytest.raises(ZeroDivisionError):
        threads.submit(divmod, 1, 0).result(10)
    both = threading.Barrier(2)
    waiting = [threads.submit(both.wait, 10) for _ in range(2)]
    assert sorted(future.result(10) for future in waiting) == [0, 1]
    assert len({threads.submit(threading.get_ident).result(10) for _ in range(20)}) <= 2
    threads.shutdown()


def test_a_call_that_was_cancelled_is_not_made() -> None:
    threads = DaemonThreads("worker", 1)
    go = threading.Event()
    first = threads.submit(go.wait, 10)
    made: list[int] = []
    second = threads.submit(made.append, 1)
    assert second.cancel()
    go.set()
    assert first.result(10)
    threads.submit(int).result(10)
    assert made == []
    threads.shutdown()


def test_a_fault_in_what_nobody_waits_for_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    threads = DaemonThreads("worker", 1)
    threads.start(divmod, 1, 0)
    threads.start(divmod, 1, 1)
    threads.submit(int).result(10)
    assert [(each.exc_type, each.thread.name if each.thread else "") for each in told] == [
        (ZeroDivisionError, "worker")
    ]
    threads.shutdown()


def test_a_call_that_never_returns_does_not_keep_the_program_from_ending() -> None:
    code = (
        "import time\nfrom whimbrel.platform.threads import DaemonThreads\n"
        "threads = DaemonThreads('worker', 1)\nthreads.submit(time.sleep, 1000)\nthreads.shutdown()"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=20, check=False, cwd="desktop").returncode == 0
