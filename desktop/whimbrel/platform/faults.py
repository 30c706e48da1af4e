"""What went wrong inside the program since it started: each distinct fault once, with how often it came."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from whimbrel.platform.traces import describe, kind_of, signature

_MOST_KEPT = 30  # distinct faults; what comes beyond is only counted


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: nothing in it says what the program had in hands (``platform/traces.py``)."""

    signature: str
    kind: str  # of the exception
    text: str  # its traceback
    where: str  # in which thread or task
    first: datetime
    count: int = 1

    def shown(self) -> str:
        """All of it, as text."""
        times = f", {self.count} times" if self.count > 1 else ""
        return f"{self.first:%Y-%m-%d %H:%M:%S}{times}, in {self.where}:\n{self.text}"


class Faults:
    """Keeps faults, from whatever thread. ``on_new`` is called, in that thread, with each that is unlike all before."""

    def __init__(self) -> None:
        self.on_new: Callable[[Fault], None] | None = None
        self._lock = threading.Lock()
        self._known: dict[str, Fault] = {}
        self.beyond = 0  # how many came that are not kept

    def note(self, error: BaseException, where: str) -> Fault | None:
        """Count a fault; returns it, or None where there is no room for another one."""
        key = signature(error)
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                found = self._known[key] = replace(known, count=known.count + 1)
                return found
            if len(self._known) >= _MOST_KEPT:
                self.beyond += 1
                return None
            found = self._known[key] = Fault(key, kind_of(error), describe(error), _plain(where), datetime.now())
        if self.on_new is not None:
            self.on_new(found)
        return found

    def list(self) -> tuple[Fault, ...]:
        """All that are kept, in the order in which they came first."""
        with self._lock:
            return tuple(self._known.values())


def _plain(where: str) -> str:
    """Threads and tasks have fixed names, but for what somebody puts behind them. Modules have theirs."""
    fixed = where in ("the main thread", "the core", "the start", "a destructor") or where.startswith("whimbrel.")
    return where if fixed else "a task or thread"
