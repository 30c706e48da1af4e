"""The sound of a message: by a player that is there, in a thread of its own; without one, silence."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from whimbrel.platform import resources, sound


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that has all programs there are."""
    monkeypatch.setenv("PATH", str(tmp_path))
    sound._find_player.cache_clear()
    yield tmp_path
    sound._find_player.cache_clear()


def played() -> None:
    """Wait until whatever plays has ended."""
    for thread in threading.enumerate():
        if thread.name == "sound":
            thread.join(10)


def test_a_player_plays_it_and_its_complaints_are_not_ours(programs: Path, capfd: pytest.CaptureFixture[str]) -> None:
    heard = programs / "heard"
    player = programs / "paplay"
    player.write_text(f'#!/bin/sh\necho "no sound card" >&2\necho "$@" > {heard}\nexit 1\n')
    player.chmod(0o700)
    sound.play()
    played()
    assert heard.read_text() == f"{resources.path(sound.MESSAGE)}\n"
    assert capfd.readouterr() == ("", "")


def test_without_a_player_all_is_quiet(programs: Path) -> None:
    sound.play()
    played()
    assert list(programs.iterdir()) == []
