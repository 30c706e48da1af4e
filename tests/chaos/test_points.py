"""``kill -9`` at each named point, and a full disk, on a real server: all is there at the end, once, in order."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.world import DOMAIN, World
from tests.helpers.crash import Point
from whimbrel.storage.database import Database

_GOLDEN = Path(__file__).parent.parent / "golden" / "schema-1.db"
_SECONDS = 60.0
_PATIENCE = 40.0
_MIGRATE = """
import sys
from pathlib import Path
from tests.helpers import crash
from whimbrel.storage.database import Database
crash.install_in_storage()
crash.arm(crash.Point.IN_MIGRATION, int(sys.argv[2]))
Database.open(Path(sys.argv[1]), None)
"""
_RUNNING = (
    Point.BEFORE_COMMIT,
    Point.AFTER_COMMIT,
    Point.BEFORE_SEND,
    Point.AFTER_SEND,
    Point.BEFORE_ACKNOWLEDGE,
    Point.BEFORE_STORE,
    Point.AFTER_STORE,
)
_CATCHING_UP = (Point.AFTER_PAGE, Point.IN_PAGE, Point.AFTER_PAGE_COMMIT)


async def until(condition: Callable[[], object]) -> None:
    """Wait for what another process does."""
    async with asyncio.timeout(_SECONDS):
        while not condition():  # noqa: ASYNC110 - it has no event here
            await asyncio.sleep(0.05)


def talk(world: World, turn: int, *devices: str, messages: int = 12) -> None:
    """Let devices say something to each other's account."""
    to = {"ann-1": "bob", "bob": "ann"}
    for number in range(messages):
        for device in devices:
            other = to[device]
            world.devices[device].send(f"{other}@{DOMAIN}", f"{device} to {other}: {turn * messages + number}")


async def check(world: World, deaths: int) -> None:
    """Everything gets where it belongs, once."""
    settled = await world.settle(_PATIENCE)
    states = await world.states()
    verdict = await world.end()
    assert [fault for device in world.devices.values() for fault in device.faults] == []
    assert verdict.findings == []
    assert settled, states
    assert sum(device.deaths for device in world.devices.values()) == deaths


@pytest.mark.server
@pytest.mark.parametrize("point", _RUNNING, ids=lambda point: point.value)
async def test_killed_while_it_talks(tmp_path: Path, point: Point) -> None:
    async with World(tmp_path, devices=("ann-1", "bob"), debug=True) as world:
        await world.start()
        ann = world.devices["ann-1"]
        ann.arm(point, 3, 0.2)
        talk(world, 0, "ann-1", "bob")
        await until(lambda: ann.deaths)
        talk(world, 1, "ann-1", "bob")
        await check(world, 1)


@pytest.mark.server
@pytest.mark.parametrize("point", _CATCHING_UP, ids=lambda point: point.value)
async def test_killed_while_it_catches_up(tmp_path: Path, point: Point) -> None:
    async with World(tmp_path, devices=("ann-1", "bob"), debug=True) as world:
        await world.start()
        ann = world.devices["ann-1"]
        talk(world, 0, "ann-1", "bob")
        assert await world.settle(_PATIENCE)
        await ann.stop()
        talk(world, 1, "bob", messages=70)  # more than a page
        await until(lambda: world.ledger.count_accepted("ann", "bob") == 24 + 70)
        ann.start(point)
        await until(lambda: ann.deaths)
        await check(world, 1)


@pytest.mark.server
async def test_disk_full_for_a_while(tmp_path: Path) -> None:
    async with World(tmp_path, devices=("ann-1", "bob"), debug=True) as world:
        await world.start()
        ann = world.devices["ann-1"]
        ann.order("fill")
        talk(world, 0, "ann-1", "bob", messages=100)
        await until(lambda: world.ledger.refused > 2)
        ann.order("empty")
        talk(world, 1, "ann-1", "bob", messages=100)
        await check(world, 0)


def test_killed_in_every_statement_of_a_migration(tmp_path: Path) -> None:
    path, statement, status = tmp_path / "history.db", 0, -1
    while status != 0:
        statement += 1
        shutil.copy(_GOLDEN, path)
        command = [sys.executable, "-c", _MIGRATE, str(path), str(statement)]
        status = subprocess.run(command, check=False, timeout=60).returncode
        database = Database.open(path, None)
        assert database.rows("SELECT body FROM message ORDER BY id") == [("Wherefore?",), ("I take thee\nat thy word",)]
        assert database.rows("PRAGMA integrity_check") == [("ok",)]
        database.close()
        for rest in tmp_path.glob("history.db*"):
            rest.unlink()
    assert statement > 5
