"""What listens to a bus where there is none."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QCoreApplication

from whimbrel.platform.bus_watch import BusWatch
from whimbrel.platform.suspend import SuspendWatch
from whimbrel.platform.wishes import WishesWatch


@pytest.mark.parametrize("address", ["unix:path=/nowhere/at/all", "nonsense", ""])
@pytest.mark.parametrize("kind", [SuspendWatch, WishesWatch])
async def test_without_a_bus_nothing_is_told_and_nothing_breaks(
    qapp: QCoreApplication, monkeypatch: pytest.MonkeyPatch, kind: type[SuspendWatch | WishesWatch], address: str
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    before = asyncio.all_tasks()
    watch: BusWatch = kind()
    watch.start()
    (task,) = asyncio.all_tasks() - before
    async with asyncio.timeout(20):
        await asyncio.wait({task})
    assert not task.cancelled()
    assert task.exception() is None
    watch.stop()
