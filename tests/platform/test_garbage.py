"""Widgets in reference cycles are destroyed on the GUI's thread, whoever allocates meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from whimbrel.platform.garbage import GarbageCollector


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[GarbageCollector]:
    """The collector, for one test."""
    collector = GarbageCollector()
    yield collector
    collector.stop()


class Cycle(QObject):
    """An object that only the collector can find."""

    def __init__(self, destroyed_in: list[int]) -> None:
        super().__init__()
        self.itself = self
        self.ended = Ended(destroyed_in)


class Ended:
    """Says in which thread it went."""

    def __init__(self, destroyed_in: list[int]) -> None:
        self._destroyed_in = destroyed_in

    def __del__(self) -> None:
        self._destroyed_in.append(threading.get_ident())


def test_cycles_end_on_the_gui_thread(collector: GarbageCollector, qtbot: QtBot) -> None:
    destroyed_in: list[int] = []
    for _ in range(10):
        Cycle(destroyed_in)
    kept: list[object] = []
    worker = threading.Thread(target=lambda: kept.extend([n] for n in range(50_000)))
    worker.start()
    worker.join()
    assert destroyed_in == [], "nothing is collected in the worker's thread"
    qtbot.waitUntil(lambda: len(destroyed_in) == 10, timeout=10_000)
    assert set(destroyed_in) == {threading.get_ident()}
