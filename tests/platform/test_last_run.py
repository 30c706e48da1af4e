"""How the last run ended is known, and a lost power is no crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from whimbrel.platform.last_run import LastRun


@pytest.fixture
def boot(tmp_path: Path) -> Path:
    path = tmp_path / "boot_id"
    path.write_text("first\n")
    return path


def test_an_end_and_a_crash_are_told_apart(tmp_path: Path, boot: Path) -> None:
    path = tmp_path / "running.json"
    first = LastRun(path, boot)
    assert not first.crashed
    first.begin()
    assert LastRun(path, boot).crashed
    first.end()
    assert not path.exists()
    assert not LastRun(path, boot).crashed


def test_a_lost_power_is_no_crash(tmp_path: Path, boot: Path) -> None:
    path = tmp_path / "running.json"
    LastRun(path, boot).begin()
    boot.write_text("second\n")
    again = LastRun(path, boot)
    assert not again.crashed
    again.begin()
    assert LastRun(path, boot).crashed


def test_three_short_runs_in_a_row_are_a_reason_to_start_safely(tmp_path: Path, boot: Path) -> None:
    path = tmp_path / "running.json"
    for expected in (False, False, False, True, True):
        run = LastRun(path, boot)
        assert run.offers_safe_start is expected
        run.begin()
    run.last()
    assert not LastRun(path, boot).offers_safe_start
    assert LastRun(path, boot).crashed


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[]", b'{"boot": "first\xff', b'{"boot": "first", "short": "many"}'])
def test_nonsense_does_not_matter(tmp_path: Path, boot: Path, content: bytes) -> None:
    path = tmp_path / "running.json"
    path.write_bytes(content)
    run = LastRun(path, boot)
    assert run.short_runs <= 1
    run.begin()
    run.end()
