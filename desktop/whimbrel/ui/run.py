"""The only way in which a widget starts asynchronous work: with an owner, a cancel and a place for its error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QObject

from whimbrel.model.errors import KnownError

T = TypeVar("T")


def run(
    owner: QObject,
    coroutine: Coroutine[Any, Any, T],
    *,
    on_done: Callable[[T], None] | None = None,
    on_error: Callable[[KnownError], None],
    must_end: bool = False,
) -> asyncio.Task[T]:
    """Run a coroutine for a widget.

    It is cancelled when ``owner`` is destroyed, and then nothing is called any more. What it raises besides
    KnownError is a bug and goes to the event loop's exception handler, which is loud.

    Args:
        must_end: a person waits for it: its window is not made anew meanwhile (:func:`under_way`).
    """
    loop = asyncio.get_running_loop()
    task = loop.create_task(coroutine)
    running.add(task)
    if must_end:
        _owners[task] = owner

    def cancel() -> None:
        if not task.done() and not loop.is_closed():
            task.cancel()

    connection = owner.destroyed.connect(cancel)

    def finish(done: asyncio.Task[T]) -> None:
        running.discard(done)
        alive = shiboken6.isValid(owner)
        if alive:
            owner.destroyed.disconnect(connection)
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            if alive and on_done is not None:
                on_done(done.result())
        elif isinstance(error, KnownError):
            if alive:
                on_error(error)
        else:
            loop.call_exception_handler(
                {"message": f"unexpected error in {done.get_name()}", "exception": error, "task": done}
            )

    task.add_done_callback(finish)
    return task


running: set[asyncio.Task[Any]] = set()
"""What runs now: the event loop itself keeps only weak references to tasks."""

_owners: WeakKeyDictionary[asyncio.Task[Any], QObject] = WeakKeyDictionary()


def under_way() -> list[tuple[asyncio.Task[Any], QObject]]:
    """What a person waits for, and whose it is."""
    return [(task, owner) for task, owner in _owners.items() if task in running and shiboken6.isValid(owner)]
