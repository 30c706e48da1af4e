"""Away after the set time, and back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from whimbrel.platform.idle import IdleWatch, OwnWindowsSource


class Clock:
    """A source that says what the test wants."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def query(self, answer: Callable[[float], None]) -> None:
        answer(self.seconds)


def test_away_and_back(qapp: QObject) -> None:
    clock, seen = Clock(), []
    watch = IdleWatch(clock)
    watch.idle_changed.connect(seen.append)
    watch.start(5)
    clock.seconds = 299
    watch.check()
    assert seen == []
    clock.seconds = 300
    watch.check()
    watch.check()
    assert seen == [True]
    clock.seconds = 0
    watch.check()
    assert seen == [True, False]
    clock.seconds = 4000
    watch.check()
    watch.start(0)
    watch.check()
    assert seen == [True, False, True, False], "switched off: the person counts as back"


def test_input_to_our_own_windows_counts(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, qapp: QObject) -> None:
    now = [100.0]
    monkeypatch.setattr("whimbrel.platform.idle.time.monotonic", lambda: now[0])
    parent = QObject()
    source = OwnWindowsSource(parent)
    answers: list[float] = []
    now[0] = 160.0
    source.query(answers.append)
    assert not source.eventFilter(parent, QEvent(QEvent.Type.KeyPress)), "the event goes on"
    now[0] = 165.0
    source.query(answers.append)
    assert answers == [60.0, 5.0]


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="needs Xvfb")
def test_the_x_server_knows() -> None:
    code = (
        "from whimbrel.platform.idle import X11Source\n"
        "source = X11Source.connect()\n"
        "answers = []\n"
        "source and source.query(answers.append)\n"
        "print('no extension' if source is None else 0 <= answers[0] < 3600)\n"
    )
    result = subprocess.run(
        ["xvfb-run", "-a", sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "desktop")},
    )
    if result.stdout == "no extension\n":
        pytest.skip("libXss is not installed")
    assert result.stdout == "True\n", result.stderr
