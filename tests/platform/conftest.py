"""Buses of a test's own, which the program takes for the desktop's and the system's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.helpers.bus import bus_address, is_missing, start_bus


@contextmanager
def _running(folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> Iterator[str]:
    if is_missing():
        pytest.skip("NOT TESTED: dbus-daemon is not installed")
    bus = start_bus(folder, kind=kind)
    monkeypatch.setenv(f"DBUS_{kind.upper()}_BUS_ADDRESS", bus_address(folder))
    yield bus_address(folder)
    bus.terminate()
    bus.wait(10)


@pytest.fixture
def session_bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The address of a session bus."""
    with _running(tmp_path, monkeypatch, "session") as address:
        yield address


@pytest.fixture
def system_bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The address of a system bus."""
    with _running(tmp_path, monkeypatch, "system") as address:
        yield address
