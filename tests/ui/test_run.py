"""Asynchronous work of widgets: its end, its error, its owner's end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.ui.run import run, running


async def _give(value: int) -> int:
    await asyncio.sleep(0)
    return value


async def _fail(error: Exception) -> None:
    await asyncio.sleep(0)
    raise error


async def test_the_result_comes_back(qapp: QApplication) -> None:
    owner, results = QObject(), []
    await run(owner, _give(7), on_done=results.append, on_error=pytest.fail)
    await asyncio.sleep(0)
    assert results == [7]
    assert not running


async def test_a_known_error_goes_to_its_place(qapp: QApplication) -> None:
    owner, errors = QObject(), []
    known = KnownError(ErrorKind.DISK_FULL)
    task = run(owner, _fail(known), on_error=errors.append)
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert errors == [known]


async def test_a_bug_is_loud(qapp: QApplication) -> None:
    loud: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: loud.append(context))
    owner = QObject()
    bug = ZeroDivisionError()
    task = run(owner, _fail(bug), on_error=pytest.fail)
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert [context["exception"] for context in loud] == [bug]


async def test_work_ends_with_its_owner(qapp: QApplication) -> None:
    owner = QObject()
    never = asyncio.Event()
    task = run(owner, never.wait(), on_done=pytest.fail, on_error=pytest.fail)
    await asyncio.sleep(0)
    shiboken6.delete(owner)
    await asyncio.wait([task])
    assert task.cancelled()


async def test_nothing_is_called_for_an_owner_that_is_gone(qapp: QApplication) -> None:
    owner = QObject()

    async def refuse_to_stop() -> int:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return 7
        return 0

    task = run(owner, refuse_to_stop(), on_done=pytest.fail, on_error=pytest.fail)
    await asyncio.sleep(0)
    shiboken6.delete(owner)
    assert await task == 7
