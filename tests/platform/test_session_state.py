"""What was open is on disk while the program runs, and read whatever became of the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from whimbrel.platform import session_state
from whimbrel.platform.session_state import MAIN, OpenState, SessionState


def test_what_is_open_is_kept_without_an_end(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_state, "_DELAY", 1)
    path = tmp_path / "session.json"
    first = SessionState(path)
    assert first.ended_well
    assert not first.before
    first.begin()
    first.note_open(OpenState(7, (8, 9)))
    first.note_place(MAIN, b"\x01place")
    qtbot.waitUntil(lambda: "[8, 9]" in path.read_text() and "places" in path.read_text())
    assert path.stat().st_mode & 0o077 == 0

    after_a_kill = SessionState(path)
    assert not after_a_kill.ended_well
    assert after_a_kill.before == OpenState(7, (8, 9))
    assert after_a_kill.place(MAIN) == b"\x01place"
    after_a_kill.begin()
    after_a_kill.end()
    after_a_kill.note_open(OpenState())  # what closes with the program
    after_a_kill.save()
    third = SessionState(path)
    assert (third.ended_well, third.before) == (True, OpenState(7, (8, 9)))


def test_a_window_has_a_place_on_each_arrangement_of_screens(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    state = SessionState()
    monkeypatch.setattr(session_state, "arrangement", lambda: "desk")
    state.note_place(MAIN, b"wide")
    monkeypatch.setattr(session_state, "arrangement", lambda: "train")
    assert state.place(MAIN) == b"wide", "for Qt to fit in"
    state.note_place(MAIN, b"small")
    monkeypatch.setattr(session_state, "arrangement", lambda: "desk")
    assert state.place(MAIN) == b"wide"
    for number in range(100):
        state.note_place(f"conversation-{number}", b"x")
    assert state.place(MAIN) == b"wide"
    assert state.place("conversation-1") == b""


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\x00\xff" * 50,
        b"[]",
        b"[" * 100_000,
        b" " * 300_000,
        b'{"conversation": true, "windows": [-1, "x", null, {}, 1e400], "places": {"main": {"s": "!!"}, "x": 3}}',
        b'{"conversation": "1", "windows": {}, "places": [1], "running": "maybe"}',
    ],
)
def test_damage_reads_as_nothing(qapp: object, tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "session.json"
    path.write_bytes(damage)
    state = SessionState(path)
    assert not state.before
    assert state.place(MAIN) == b""
    state.end()
    assert SessionState(path).ended_well


def test_a_disk_that_refuses_is_no_fault(qapp: object, tmp_path: Path) -> None:
    state = SessionState(tmp_path / "missing" / "session.json")
    state.begin()
    state.end()
