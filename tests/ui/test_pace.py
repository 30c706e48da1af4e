"""How often models show what has come in."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from whimbrel.ui.models.pace import Pace


def test_a_single_request_is_met_in_the_next_turn_and_a_burst_at_intervals(qtbot: QtBot) -> None:
    parent = QObject()
    updates: list[int] = []
    requests = 0

    def update() -> None:
        pace.note()
        updates.append(requests)

    pace = Pace(update, parent)
    pace.request()
    began = time.monotonic()
    qtbot.waitUntil(lambda: updates == [0])
    while time.monotonic() - began < 0.3:
        requests += 1
        pace.request()
        qtbot.wait(1)
    qtbot.waitUntil(lambda: updates[-1] == requests)
    assert len(updates) <= (time.monotonic() - began) / 0.035 + 2
