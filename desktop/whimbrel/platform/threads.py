"""Threads for calls that block, which never keep the program from ending."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

_T = TypeVar("_T")


class DaemonThreads:
    """Works off calls, in order of their coming; also serves as an event loop's default executor.

    A keyring's prompt that nobody answers and a name server that is silent block for as long as they like. The threads
    of the standard library's executors and of qasync's are waited for at the program's end; these are not.

    Args:
        name: of the threads.
        most: how many calls may be under way at once. Threads are started as they are needed.
    """

    def __init__(self, name: str, most: int) -> None:
        self._name = name
        self._most = most
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._open = 0  # calls that have not ended

    def submit(self, work: Callable[..., _T], *arguments: Any) -> Future[_T]:
        """Do something in a thread; the future has what it returns or raises."""
        from concurrent.futures import Future  # not needed before the first paint

        future: Future[_T] = Future()
        with self._lock:
            self._calls.put(lambda: _fulfil(future, work, arguments))
            self._open += 1
            if self._threads < min(self._open, self._most):
                self._threads += 1
                threading.Thread(target=self._work, name=self._name, daemon=True).start()
        return future

    def start(self, work: Callable[..., object], *arguments: Any) -> None:
        """Do something whose result nobody waits for; a fault is told as that of any thread (``threading``'s hook)."""
        self.submit(_do, work, arguments)

    def shutdown(self, wait: bool = False) -> None:
        """Let the threads end once their present calls have; ``wait`` is without effect."""
        with self._lock:
            for _ in range(self._threads):
                self._calls.put(None)
            self._threads = 0

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
            with self._lock:
                self._open -= 1


def _do(work: Callable[..., object], arguments: tuple[Any, ...]) -> None:
    try:
        work(*arguments)
    except Exception as error:  # noqa: BLE001 - nothing is swallowed: the hook tells it
        told = type(error), error, error.__traceback__, threading.current_thread()
        threading.excepthook(threading.ExceptHookArgs(told))


def _fulfil(future: Future[_T], work: Callable[..., _T], arguments: tuple[Any, ...]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work(*arguments))
    except Exception as error:  # noqa: BLE001 - nothing is swallowed: whoever awaits the future gets it
        future.set_exception(error)
